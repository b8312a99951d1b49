"""The twenty rules, as far as they can be seen in a page that has been written."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pandas as pd

from roxham.geo.bounds import within_bounds
from roxham.geo.errors import DataError, Fault
from roxham.geo.network.metadata import OSM_NAME
from roxham.geo.region import active_region
from roxham.geo.region.study_area import OWN_BORDER
from roxham.geo.sheets.html_table import sound_references
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.publication.check import check_tables
from roxham.layers.publication.gate import is_reason
from roxham.layers.publication.places import OWN
from roxham.layers.publication.rules import RULES, Finding, finding, join_findings, some
from roxham.layers.publication.words import advice, unfit
from roxham.maps.content.plain import safe_json
from roxham.maps.content.wording import messages
from roxham.maps.elements.packed_words import unpacked
from roxham.maps.elements.tables import page_tables, payload_table, payloads_of, read_block
from roxham.maps.resources import shipped_kinds, shipped_scripts

from .ask import ASKED
from .script_words import INLINE, attributes_told, not_read, script_tables, styled

__all__ = ["check_page", "page_payloads", "payload_table", "plain_tables"]

Answer = tuple[bool | None, str]
LOADING = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "form": ("action",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
"""Elements and attributes by which a page loads something, or sends it."""
STYLE_LOADS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""", re.IGNORECASE)
CLOSED = ("default-src 'none'", "base-uri 'none'", "form-action 'none'")
UNREAD = re.compile(r"(?:script src|iframe src|object data) (?!data:|(?:https?:)?//)")
"""Files beside a page that hold what it shows."""
LIVE = re.compile(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\s*\(")
RUN = ("module", "text/javascript", "application/javascript", "text/ecmascript")
"""Types of scripts that run; others are data."""
SKIPPED = ("script", "style", "template")


class Page(HTMLParser):
    """What a page says, links to and loads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden: list[str] = []
        self._line: list[str] = []
        self.own: list[str] = []
        self.links: dict[str, str] = {}
        self.loads: list[str] = []
        self.meta: dict[str, str] = {}
        self.blocks: list[str] = []
        self.messages: list[dict[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.attributes: list[str] = []
        self.given: list[str] = []
        self.classes: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(sound_references(html))
        self.close()
        if self.rawdata:  # of an element that never ends
            self.handle_data(self.rawdata)
        self._end_line()
        for told in self.messages:  # the script writes them where it will
            self.own += [text for words in told.values() for text in words.values()]
        self.text = " ".join(" ".join(self.said).split())

    @cached_property
    def data(self) -> list[Any]:
        """What its blocks of data hold."""
        return [read_block(block) for block in self.blocks]

    @property
    def others(self) -> list[str]:
        """The scripts that are none of those that every page of ours runs."""
        return [script for script in self.scripts if script.strip() not in shipped_scripts()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self._end_line()
        self.hidden += attributes_told(attrs)
        self.given += given.values()
        self.classes += given.get("class", "").split()
        self.attributes += [value for name, value in given.items() if name.startswith("data-")]
        for name in LOADING.get(tag, ()):
            if given.get(name):
                self.loads.append(f"{tag} {name} {given[name]}")
        if "style" in given and STYLE_LOADS.search(given["style"]):
            self.loads.append(f"{tag} style {given['style']}")
        if tag == "meta":
            name = given.get("name") or given.get("http-equiv", "")
            self.meta[name.lower()] = given.get("content", "")
        if tag in (*SKIPPED, "a", "q", "blockquote", "cite"):
            self._open.append((tag, given))
            if tag == "a":
                self.links.setdefault(given.get("href", ""), "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._end_line()
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        tag, given = self._open[-1] if self._open else ("", {})
        if tag == "script":
            kind = given.get("type", "").lower()
            block = kind == "application/json"
            if kind and not block and kind not in RUN:
                self.hidden += [data, *unpacked("".join(data.split()))]
            (self.blocks if block else self.scripts).append(data)
            if block and given.get("id", "").endswith("_messages"):
                self.messages.append(_messages(data))
        elif tag == "style":
            self.styles.append(data)
            self.hidden += styled(data)
        elif tag == "template":
            self.hidden.append(data)
        else:
            self.said.append(data)
            self._line.append(data)
            if tag == "a":
                self.links[given.get("href", "")] += data
            elif not tag:
                self.own.append(data)

    def handle_comment(self, data: str) -> None:
        self.hidden.append(data)

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.hidden.append(decl)

    def _end_line(self) -> None:
        """Take what elements within a line part for one text, as a reader does."""
        if len(self._line) > 1:
            self.hidden.append(" ".join("".join(self._line).split()))
        self._line = []


def _messages(block: str) -> dict[str, dict[str, str]]:
    """Return the messages of a page by language; of a damaged block none."""
    try:
        given = json.loads(block)
        return {lang: {k: str(text) for k, text in words.items()} for lang, words in given.items()}
    except (ValueError, AttributeError):
        return {}


def page_payloads(html: str) -> list[dict[str, Any]]:
    """Return the payload of every layer in a page.

    Examples
    --------
    >>> block = '<script type="application/json">{"kind":"water","n":0,"columns":{}}</script>'
    >>> [payload["kind"] for payload in page_payloads(block)]
    ['water']
    """
    return payloads_of(Page(html).data)


def check_page(html: str, *, as_of: dt.date | None = None) -> list[Finding]:
    """Hold a page to the twenty rules.

    Parameters
    ----------
    html
        The whole page.
    as_of
        The day from which the embargo is counted; today by default.

    Returns
    -------
    list of Finding
        One for each rule, in order: what the page itself says and does, and what the
        rows drawn in it hold.

    Raises
    ------
    DataError
        If the page is of another region than the one at work, or nested too deeply.

    Examples
    --------
    >>> found = check_page("<p>The safest place to cross</p>")
    >>> found[0].rule, found[0].status, found[0].evidence
    ('retrospective', 'fail', 'advice: safest place to cross')
    """
    with within_bounds("page"):
        return _checked(html, as_of)


def _checked(html: str, as_of: dt.date | None) -> list[Finding]:
    page = Page(html)
    payloads = payloads_of(page.data)
    _require_region(payloads)
    words = (f"{OWN}words", pd.DataFrame({"text": [*page.said, *page.hidden]}, dtype=object))
    tables = [*page_tables(page.data), words, *script_tables(page.others)]
    kinds = {str(payload["kind"]) for payload in payloads}
    beside = ["encounters.sub"] if "encounters" in kinds else []
    shown = "incidents" in kinds or not payloads
    masked = any("mask_max_m" in t and t["mask_max_m"].notna().any() for _, t in tables)
    checks: dict[str, Callable[[], Answer]] = {
        "retrospective": lambda: _retrospective(page),
        "places": lambda: _kinds(payloads),
        "sensitivity": lambda: _says(page, "disclaimer.purpose"),
        "masking": lambda: _says(page, "mask.note") if masked else (None, "no masked places"),
        "units": lambda: _says(page, "sources.measured", *beside),
        "minimum": lambda: _says(page, "incidents.sub") if shown else (None, "no incidents"),
        "terms": lambda: _terms(page),
        "provenance": lambda: _hashes(page),
        "licence": lambda: _licence(page, payloads),
        "boundary": lambda: _says(page, "disclaimer.boundary"),
        "figures": lambda: _figures(page),
        "privacy": lambda: _privacy(page),
        "overrides": lambda: _overrides(page),
        "corrections": lambda: _corrections(page),
    }
    mine = [finding(rule.name, checks[rule.name]()) for rule in RULES if rule.name in checks]
    unread = not_read(page.others, [*page.given, *page.styles])
    told = [Finding("sensitivity", "pass", f"not read: {unread}")] if unread else []
    return join_findings(mine, check_tables(tables, as_of=as_of), told)


def _require_region(payloads: list[dict[str, Any]]) -> None:
    """Refuse to hold a page to the words and areas of another region."""
    region, told = active_region(), []
    for payload in payloads:
        sides = payload.get("sides")
        given = sides if isinstance(sides, list) else []
        codes = [str(side["code"]) for side in given if isinstance(side, dict) and "code" in side]
        name = str(payload.get("region", region.name))  # pages of before do not say it
        if set(codes) == set(region.sides) and name == region.name:
            return  # what somebody drew on it may have been made elsewhere
        told += [(name, " and ".join(codes))] if codes else []
    if told:
        name, between = told[0]
        if name == OWN_BORDER:
            found, remedy = "a border of one's own", "Give it, too: --border FILE."
        else:
            found = f"region {name}, the border of {between}"
            remedy = "Say of which region, as in --region FOLDER."
        raise DataError(Fault("page", f"is of {found}, not of region {region.name}.", remedy))


def plain_tables(
    html: str, layers: Iterable[Mapping[str, Any]] = ()
) -> list[tuple[str, pd.DataFrame]]:
    """Return what a plain map says, in its elements and its scripts, as tables.

    Of its layers, by their payloads, what does not stand in it as it is comes beside it.
    """
    page = Page(html)
    drawn = payloads_of(page.data)
    unseen = page_tables(layer for layer in layers if _as_drawn(layer) not in drawn)
    said = [text for text in (*page.said, *page.hidden) if text.strip()]
    words = [("features", pd.DataFrame({"words": said}, dtype=object))] if said else []
    return [*unseen, *page_tables(page.data), *words, *script_tables(page.others)]


def _as_drawn(layer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payload as it is read from a page: lists for tuples; its packed data are a text."""
    rest = {key: value for key, value in layer.items() if key != "data"}
    return {**json.loads(safe_json(rest)), "data": layer["data"]}


def _message(key: str) -> list[str]:
    """Return what a message may read: in each language of the region at work."""
    said = [" ".join(unescape(words[key]).split()) for words in messages().values() if key in words]
    return said or [key]


def _says(page: Page, *keys: str) -> Answer:
    missing = [text for key in keys for text in _message(key) if text not in page.text]
    if missing:
        return False, f"the page does not say: {some(missing)}"
    return True, "; ".join(f"says “{_message(key)[0][:60]}”" for key in keys)


def _words(page: Page, look: Callable[[str], list[str]]) -> list[str]:
    return [word for text in (" ".join(page.own), *page.attributes) for word in look(text)]


def _retrospective(page: Page) -> Answer:
    live = [found[1] for script in page.scripts for found in LIVE.finditer(script)]
    words = _words(page, advice)
    if live or words:
        told = [f"advice: {some(words)}"] if words else []
        return False, "; ".join([*told, *([f"scripts that ask: {some(live)}"] if live else [])])
    return (
        True,
        f"{len(page.scripts)} scripts, none that asks; no advice in {len(page.own)} texts",
    )


def _kinds(payloads: list[dict[str, Any]]) -> Answer:
    kinds = [str(payload["kind"]) for payload in payloads]
    odd = [kind for kind in kinds if kind not in shipped_kinds() | DATASETS.keys() | {*ASKED}]
    if odd:
        return False, f"layers of a kind that is none of ours: {some(odd)}"
    return (True, f"layers: {', '.join(kinds)}") if kinds else (None, "no layers")


def _terms(page: Page) -> Answer:
    words = _words(page, unfit)
    if words:
        return False, f"the page says {some(words)}"
    return True, f"{len(page.own)} texts of the page, links and quotations apart"


def _hashes(page: Page) -> Answer:
    hashes = re.findall(r"\b[0-9a-f]{64}\b", page.text)
    if not hashes:
        return False, "no SHA-256 of a file that the page was made from"
    return True, f"{len(hashes)} files with their SHA-256"


def _licence(page: Page, payloads: list[dict[str, Any]]) -> Answer:
    under = list(filter(_is_odbl, payloads))
    others = {str(each["credit"]).rstrip(".") for each in under if each.get("credit")}
    text = " ".join(page.text.split())
    lost = [credit for credit in others if " ".join(credit.split()) not in text]
    if lost:
        return False, f"the credit of roads under the ODbL is missing: {some(sorted(lost))}"
    told = "; ".join(sorted(others))
    credited = OSM_NAME in page.text and "ODbL" in page.text
    linked = [url for url in page.links if "openstreetmap.org/copyright" in url]
    if not credited and payloads and all(each.get("credit") for each in under):
        return (True, told) if told else (None, "nothing on the page is known to be under the ODbL")
    if not credited or not linked:
        return (
            False,
            "OpenStreetMap’s credit, licence or the link to its copyright is missing",
        )
    return True, "; ".join(filter(None, [f"© OpenStreetMap contributors, ODbL; {linked[0]}", told]))


def _is_odbl(payload: dict[str, Any]) -> bool:
    """Whether a layer is under the ODbL: OpenStreetMap's, unless it has a credit."""
    return any("ODbL" in str(each.get("name")) for each in payload.get("licences", []))


def _figures(page: Page) -> Answer:
    statements, verdicts = page.classes.count("rx-claim"), page.classes.count("rx-verdict")
    if not statements:
        return None, "no statement of the press"
    if verdicts < statements:
        return False, f"{statements - verdicts} of {statements} statements stand without a verdict"
    return True, f"{statements} statements of the press, each with what the tables say of it"


def _privacy(page: Page) -> Answer:
    remote = [load for load in page.loads if re.search(r"(?:^|\s)(?:https?:)?//", load)]
    remote += ["a style sheet" for style in page.styles if STYLE_LOADS.search(style)]
    unread = [load for load in page.loads if UNREAD.match(load)]
    if unread:
        return False, f"not read, as it is no part of the page: {some(unread)}"
    policy = page.meta.get("content-security-policy", "")
    parts = [part.strip() for part in policy.split(";")]
    missing = [part for part in CLOSED if part not in parts]
    for part in parts:
        name, *sources = part.split() or [""]
        if name in ("script-src", "style-src", "font-src", "connect-src", "frame-src"):
            remote += [f"{name} {s}" for s in sources if "." in s or s in ("*", "https:")]
    if remote or missing:
        told = [f"loads {some(remote)}"] if remote else []
        return False, "; ".join([*told, *([f"policy lacks {some(missing)}"] if missing else [])])
    return True, f"policy: {CLOSED[0]}; {len(page.loads)} loads, none from another host"


def _told(override: Mapping[str, object], page: Page) -> bool:
    """Whether the page says why a rule was overridden, and who did it."""
    reason, by = (str(override.get(name, "")).strip() for name in ("reason", "by"))
    sound = is_reason(reason) and any(map(str.isalpha, by))
    return sound and reason in page.text and by in page.text


def _overrides(page: Page) -> Answer:
    for value in page.data:
        if isinstance(value, dict) and "overrides" in value:
            given = value["overrides"]
            bare = [one["rule"] for one in given if not _told(one, page)]
            if bare:
                return False, f"without a reason and a name that a reader can see: {some(bare)}"
            named = some(f"{one['rule']}: {one['reason']}, {one['by']}" for one in given)
            return True, f"{len(given)} overridden" + (f" ({named})" if given else "")
    return False, "the page does not say which rules were overridden"


def _corrections(page: Page) -> Answer:
    made = page.meta.get("generator", "")
    bare, evidence = _says(page, "sources.corrections")
    if not re.match(r"roxham \d", made):
        return False, "the page does not name the version it was made with"
    return bare, f"{made}; {evidence}"

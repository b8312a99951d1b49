"""The page's own files made into one: scripts joined, fonts inside, hashes for the policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from posixpath import dirname, join, normpath
from typing import Any

from roxham.geo.errors import DataError, Fault

__all__ = [
    "asset",
    "asset_json",
    "content_policy",
    "font_faces",
    "leaflet",
    "own_kind",
    "runtime_script",
    "scripts_of",
    "shipped_kinds",
    "shipped_scripts",
    "style_sheet",
    "translations",
    "widths",
]

LEAFLET = "vendor/leaflet-1.9.4"
FONTS = ("vendor/source-serif-4-5.3.1", "vendor/source-sans-3-5.3.1")
SCRIPTS = {
    "latin-ext": (
        "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,"
        "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C4,U+2113,"
        "U+2C60-2C7F,U+A720-A7FF"
    ),
    "greek": "U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
}
"""Scripts that a page has fonts for where its texts need them, with their characters."""
FACES = (
    ("Source Serif 4", "source-serif-4", 400, "normal"),
    ("Source Serif 4", "source-serif-4", 600, "normal"),
    ("Source Sans 3", "source-sans-3", 400, "normal"),
    ("Source Sans 3", "source-sans-3", 400, "italic"),
    ("Source Sans 3", "source-sans-3", 600, "normal"),
)
IMPORT = re.compile(r'^import \{ ([^}]*) \} from "((?:\.\.?/)+[a-z0-9_/]+\.js)";\n', re.MULTILINE)
KIND = re.compile(r"^export const (\w+Kind)\b", re.MULTILINE)
KINDS = "js/kinds"
MARKUP = re.compile("</script|<!--", re.IGNORECASE)
MARGIN = re.compile(r"^[ \t]*(?://.*\n)?", re.MULTILINE)
"""Indents and whole lines of comment, which a reader of the page does not need."""
PLAIN = re.compile(r"^[^\"'`/\n]+$", re.MULTILINE)
"""Lines of a script without texts, comments and patterns: space in them separates and no more."""
SPACED = re.compile(r" ?([=<>&|?:,;{}()!*]) ?")
REMARK = re.compile(r"(?<=[;{},]) // [^\"'`/\n]*$", re.MULTILINE)
"""A comment at the end of a line."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
URL = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)["']?\)""")
POLICY_SLOT = "roxham-content-policy"
"""Stands in the template where the policy goes, which is known only once all else is written."""


@cache
def asset(name: str) -> str:
    """Return a text file of ``maps/assets``."""
    return files("roxham.maps").joinpath("assets", name).read_text(encoding="utf-8")


def asset_json(name: str) -> Any:
    """Return a JSON file of ``maps/assets``."""
    return json.loads(asset(name))


@cache
def translations() -> tuple[str, ...]:
    """Return the languages that the page's own words stand in."""
    folder = files("roxham.maps").joinpath("assets", "messages")
    return tuple(sorted(file.name.removesuffix(".json") for file in folder.iterdir()))


def data_url(name: str) -> str:
    """Return a binary file of ``maps/assets`` as a ``data:`` address."""
    kind = {"woff2": "font/woff2", "png": "image/png"}[name.rpartition(".")[2]]
    content = files("roxham.maps").joinpath("assets", name).read_bytes()
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


@cache
def runtime_script(own: tuple[tuple[str, str], ...] = ()) -> str:
    """Join the modules of the page's runtime into one script, each after those it imports.

    Parameters
    ----------
    own
        Kinds of layers of a caller's own, each with the text of its module: see
        :func:`own_kind`.
    """
    parts = [*_modules().values(), *(own_kind(kind, source) for kind, source in own)]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@cache
def shipped_scripts() -> frozenset[str]:
    """Return the scripts that a page without kinds of a caller's own runs, as they stand in it."""
    return frozenset(script.strip() for script in (runtime_script(), leaflet()[0]))


@cache
def _modules() -> dict[str, str]:
    """Return the runtime's modules by their paths, each after those it imports, ready to join.

    The order is that of the imports alone, so that no module's name or room changes a byte.
    The modules keep to two rules, which a test checks: imports of one line, and
    no name twice at the top level. So joining them needs no parser and no build.
    Indents, comments and, in lines without texts, needless spaces stay behind: no text goes over
    lines, as the test checks too.
    """
    done: dict[str, str] = {}

    def add(name: str) -> None:
        if name in done:
            return
        source = asset(name)
        for _, imported in IMPORT.findall(source):
            add(normpath(join(dirname(name), imported)))
        bare = REMARK.sub("", IMPORT.sub("", MARGIN.sub("", source)))
        bare = PLAIN.sub(lambda line: SPACED.sub(r"\1", line[0]), bare)
        done[name] = re.sub(r"^export ", "", bare, flags=re.MULTILINE)

    add("js/page/main.js")
    return done


@cache
def shipped_kinds() -> frozenset[str]:
    """Return the kinds of layers that the runtime has, as ``js/kinds/index.js`` lists them.

    Examples
    --------
    >>> sorted(shipped_kinds())[:3]
    ['border', 'catchments', 'entries']
    """
    return frozenset(re.findall(r"^  (\w+): \w+Kind,$", asset(f"{KINDS}/index.js"), re.MULTILINE))


def own_kind(kind: str, source: str) -> str:
    r"""Return a kind of layer as a block of the runtime: its names are its own.

    Parameters
    ----------
    kind
        As the payload gives it; none of those that ship.
    source
        A module as those of ``js/kinds`` are: it imports from the runtime's modules by their
        places beside it (``../core/geometry.js``), a line each, and exports one ``…Kind``.

    Raises
    ------
    DataError
        If it is no such module.

    Examples
    --------
    >>> print(own_kind("dots", "export const dotKind = {};\n"))
    {
    const dotKind = {};
    KINDS["dots"] = dotKind;
    }
    <BLANKLINE>
    """
    faults = []
    if kind in shipped_kinds():
        faults.append(Fault(kind, "is a kind that ships.", "Give yours another name."))
    for names, place in IMPORT.findall(source):
        path = normpath(join(KINDS, place))
        known = asset(path) if path in _modules() else ""
        for name in (name.strip() for name in names.split(",")):
            if not re.search(rf"^export (?:async )?\w+ {re.escape(name)}\b", known, re.MULTILINE):
                found = f"imports {name} from {place}, which has no such name."
                faults.append(Fault(kind, found, "Look into maps/assets/js."))
    body = IMPORT.sub("", source.replace("\r\n", "\n"))
    if re.search(r"^\s*import\b", body, re.MULTILINE):
        way = 'Write import { one, two } from "../core/geometry.js"; on a line of its own.'
        faults.append(Fault(kind, "imports in another way than the runtime's modules.", way))
    exported = KIND.findall(body)
    if len(exported) != 1:
        found = f"exports {len(exported)} kinds."
        faults.append(Fault(kind, found, f"Write export const {kind}Kind = {{…}};"))
    if MARKUP.search(body):
        faults.append(Fault(kind, "holds </script or <!--, which ends a script in a page."))
    if faults:
        raise DataError(faults)
    body = re.sub(r"^export ", "", body, flags=re.MULTILINE).strip()
    return f"{{\n{body}\nKINDS[{json.dumps(kind)}] = {exported[0]};\n}}\n"


@cache
def leaflet() -> tuple[str, str]:
    """Return Leaflet's script and its style sheet, images inside."""
    script = asset(f"{LEAFLET}/leaflet.js").replace("\r\n", "\n")
    script = re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", script)
    style = asset(f"{LEAFLET}/leaflet.css").replace("\r\n", "\n")
    # A rule for Internet Explorer 6 to 8, the only other address.
    style = style.replace("behavior: url(#default#VML);", "")
    style = squeezed(style)
    return script, URL.sub(lambda found: f'url("{data_url(f"{LEAFLET}/{found[1]}")}")', style)


def squeezed(style: str) -> str:
    r"""Return a style sheet without comments and needless space; its texts have neither.

    Examples
    --------
    >>> squeezed("/* Ink. */\na, b:hover {\n  margin: 0 auto;\n}\n")
    'a,b:hover{margin:0 auto}'
    """
    bare = re.sub(r"\s+", " ", COMMENT.sub(" ", style))
    return re.sub(r" ?([{};,]) ?", r"\1", bare).replace(";}", "}").replace(": ", ":").strip()


@cache
def style_sheet(name: str) -> str:
    """Return one of our style sheets with its fonts inside."""
    folder = {"4": FONTS[0], "3": FONTS[1]}

    def inside(found: re.Match[str]) -> str:
        family = found[1].split("-latin-")[0]
        return f'url("{data_url(f"{folder[family[-1]]}/{found[1]}")}")'

    return URL.sub(inside, squeezed(asset(name)))


@cache
def widths() -> dict[str, dict[str, int]]:
    """Return how wide each character of each vendored font is, in thousandths of its size."""
    found: dict[str, dict[str, int]] = asset_json("widths.json")
    return found


def scripts_of(text: Iterable[str]) -> tuple[str, ...]:
    """Return the further scripts that the letters of a text need.

    Examples
    --------
    >>> scripts_of("Île Perrot"), scripts_of("Свищов – Turnu Măgurele")
    ((), ('latin-ext', 'cyrillic'))
    """
    latin = widths()["source-sans-3-latin-400-normal"]
    letters = {ord(letter) for letter in text if letter.isalpha() and letter not in latin}
    return tuple(script for script in SCRIPTS if not letters.isdisjoint(_characters(script)))


@cache
def _characters(script: str) -> frozenset[int]:
    """Return the characters of a script, from ``U+0100-02BA,U+0304``."""
    spans = (part.strip().removeprefix("U+").partition("-") for part in SCRIPTS[script].split(","))
    return frozenset(
        code
        for first, _, last in spans
        for code in range(int(first, 16), int(last or first, 16) + 1)
    )


def font_faces(scripts: Iterable[str]) -> str:
    """Return the style that brings the fonts of further scripts."""
    rules = []
    for script in scripts:
        for family, file, weight, style in FACES:
            address = data_url(f"vendor/{file}-5.3.1/{file}-{script}-{weight}-{style}.woff2")
            rules.append(
                f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
                f'font-style: {style}; src: url("{address}") format("woff2"); '
                f"unicode-range: {SCRIPTS[script]}; }}"
            )
    return "\n".join(rules)


class _Inline(HTMLParser):
    """Collects the text of inline scripts and styles, exactly as a browser hashes it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, list[str]] = {"script": [], "style": []}
        self.within: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            # A data block is not run, so needs no hash.
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.within = tag
            self.found[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.within:
            self.found[self.within][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = None


def content_policy(html: str, *, images: Iterable[str] = (), remote: Iterable[str] = ()) -> str:
    """Return the Content-Security-Policy that just this page satisfies.

    Parameters
    ----------
    html
        The whole page; its inline scripts and styles are allowed by their hash.
    images
        Hosts of base tiles that the reader may turn on.
    remote
        Origins that elements added by the caller load scripts and styles from.

    Examples
    --------
    >>> content_policy("<style></style>").split("; ")[2]
    "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    parser = _Inline()
    parser.feed(html)
    parser.close()

    def sources(tag: str) -> str:
        digests = (hashlib.sha256(text.encode()).digest() for text in parser.found[tag])
        hashes = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
        return " ".join(dict.fromkeys([*hashes, *remote])) or "'none'"

    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {sources('script')}",
            f"style-src {sources('style')}",
            f"img-src {' '.join(['data:', *images, *remote])}",
            f"font-src {' '.join(['data:', *remote])}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )

"""The twenty rules that a page or a folder of data is held to before it is published.

Here are the rules and what of them can be seen in the data; ``roxham.maps`` looks at the
page. Every answer comes with its evidence: what was counted, which column, which row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from roxham.geo.dates import date_span, is_date

from .bundle import EMBARGO_DAYS, Layers, by_government, embargoed, spans
from .encounters import ENCOUNTERS
from .incidents import INCIDENTS
from .interceptions import INTERCEPTIONS
from .mask import MASKED, is_masked
from .personal import NAMED, personal_columns, said_of_a_person, unnamed
from .policy import POLICY_EVENTS
from .ports import PORTS
from .transfers import TRANSFERS

__all__ = ["RULES", "Finding", "Rule", "check_data", "failed", "frames_of", "join_findings"]

Status = Literal["pass", "fail", "not applicable"]
Frames = Mapping[str, pd.DataFrame]
Answer = tuple[bool | None, str]
"""Whether a rule holds, None where it says nothing of this, and the evidence."""


@dataclass(frozen=True)
class Rule:
    """One of the twenty rules."""

    number: int
    name: str
    says: str


@dataclass(frozen=True)
class Finding:
    """What was found of a rule, and where."""

    rule: str
    status: Status
    evidence: str


RULES = tuple(
    Rule(number, name, says)
    for number, (name, says) in enumerate(
        {
            "retrospective": "Nothing younger than the embargo, nothing live, no advice.",
            "places": "Only ports of entry, public places and documented sites.",
            "sensitivity": "No field that must not be published; the purpose is stated.",
            "personal": "No names, ages, homes or numbers of cases.",
            "precision": "Every place has a radius and its basis, every date its precision.",
            "masking": "Masked places say by how much.",
            "measured": "Nothing is measured from masked places.",
            "time": "Where the place is exact or masked, the day is not given.",
            "small-cells": "No count below 5 but a government's, or one long public.",
            "microdata": "No rows about single persons.",
            "units": "Interceptions, claims and encounters are kept apart.",
            "minimum": "Deaths are recorded deaths, a minimum; unknown is not 0.",
            "terms": "Neutral terms in English and in French.",
            "provenance": "Every row names its source, every file its hash and licence.",
            "licence": "OpenStreetMap is credited, with a link; its data stand apart.",
            "boundary": "Lines and names imply no endorsement.",
            "figures": "Figures of the press are cited and checked.",
            "privacy": "The page asks nothing of any other host.",
            "overrides": "Whoever overrode a rule is named, and said why.",
            "corrections": "Version, contact, and an id for every row that may be wrong.",
        }.items(),
        1,
    )
)

CONTRACTS = {
    contract.name: contract
    for contract in (ENCOUNTERS, INCIDENTS, INTERCEPTIONS, POLICY_EVENTS, PORTS, TRANSFERS)
}
NEVER = re.compile(
    r".*(patrol|camera|sensor|drone|surveil|undocumented|gps_?track|live|risk_score|patrouille"
    r"|capteur|caméra).*",
    re.IGNORECASE,
)
"""Columns and tables that must not be published, whoever made them."""
MEASURED = re.compile(r"(road|port|town|hospital|border|distance).*_(m|km|s)$|distance_m")
PERSON = {"person_id", "claimant_id", "individual_id", "case_id", "migrant_id"}
SITES = set(PORTS.column("kind").choices)
TERMS = re.compile(
    r"\billegal(ly)? (cross|enter|entr|migra|immigra|alien|border)\w*|\billegals?\b|\baliens\b"
    r"|\bbogus\b|\bfloods? of (migrants|refugees)|\bclandestins\b|\bsans-papiers\b"
    r"|\b(migrant|immigrant|passage|traversée|entrée)e?s? (illéga|clandestin)\w*"
    r"|\bfaux réfugiés\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(best|safest|easiest|quietest) (place|spot|time|way|route)s? (to|for) (cross|enter)\w*"
    r"|\bhow to (cross|evade|avoid)\b|\b(evade|avoid|dodge) (the )?(patrols?|police|detection)\b"
    r"|\bundetected\b|\b(meilleur|plus sûr|plus facile)e?s? (endroit|lieu|moment|passage)s? "
    r"(pour|où) \w+|\b(éviter|contourner) (les |la )?(patrouilles?|police)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
OWN_WORDS = re.compile(r"(summary|cause|place_name|title|effect|hours_note|note)(_fr)?")
OSM_TABLES = ("roads", "edges", "nodes", "corridor")
SOURCE = ("source_title", "source_publisher", "source_url")
LONG_DAYS = 365
COUNTS = {"interceptions": "count", "transfers": "count", "encounters": "encounters"}
NOTHING: Answer = (None, "no such data here")


def frames_of(layers: Layers) -> dict[str, pd.DataFrame]:
    """Return the rows that are shown, by the names of their tables."""
    return {name: getattr(layers, name) for name in CONTRACTS}


def check_data(frames: Frames, *, as_of: dt.date | None = None) -> list[Finding]:
    """Hold tables to the twenty rules.

    Parameters
    ----------
    frames
        Tables by name. ``incidents``, ``interceptions``, ``ports``, ``policy_events``,
        ``transfers`` and ``encounters`` are looked at as what they are, others by their columns.
    as_of
        The day from which the embargo is counted; today by default.

    Returns
    -------
    list of Finding
        One for each rule, in order.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> found = check_data(frames_of(load_layers()))
    >>> len(found), [one.rule for one in found if one.status == "fail"]
    (20, [])
    """
    day = as_of or dt.date.today()
    checks: dict[str, Callable[[Frames], Answer]] = {
        "retrospective": lambda tables: _retrospective(tables, day),
        "places": _places,
        "sensitivity": _sensitivity,
        "personal": _personal,
        "precision": _precision,
        "masking": _masking,
        "measured": _measured,
        "time": _time,
        "small-cells": lambda tables: _small_cells(tables, day),
        "microdata": _microdata,
        "units": _units,
        "minimum": _minimum,
        "terms": _terms,
        "provenance": _provenance,
        "licence": _licence,
        "figures": _figures,
        "corrections": _corrections,
    }
    return [
        finding(rule.name, _answer(checks[rule.name], frames))
        if rule.name in checks
        else Finding(rule.name, "not applicable", "a matter of the page")
        for rule in RULES
    ]


def _answer(check: Callable[[Frames], Answer], frames: Frames) -> Answer:
    """Return what a check says; a table that it cannot read does not hold."""
    try:
        return check(frames)
    except KeyError as error:
        return False, f"a table lacks the column {error}"
    except ValueError as error:
        return False, f"a table cannot be read: {error}"


def finding(rule: str, answer: Answer) -> Finding:
    """Return an answer as a finding."""
    holds, evidence = answer
    return Finding(
        rule, "not applicable" if holds is None else "pass" if holds else "fail", evidence
    )


def join_findings(*parts: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each rule: it fails where any part fails."""
    found = [one for part in parts for one in part]
    joined = []
    for rule in RULES:
        mine = [one for one in found if one.rule == rule.name]
        said = [one for one in mine if one.status != "not applicable"] or mine[:1]
        status: Status = "not applicable"
        for possible in ("fail", "pass"):
            if any(one.status == possible for one in said):
                status = "fail" if possible == "fail" else "pass"
                break
        worst = [one for one in said if one.status == status]
        joined.append(
            Finding(rule.name, status, "; ".join(dict.fromkeys(w.evidence for w in worst)))
        )
    return joined


def failed(findings: Iterable[Finding]) -> list[Finding]:
    """Return those that fail."""
    return [one for one in findings if one.status == "fail"]


def some(items: Iterable[object], most: int = 5) -> str:
    """Name the first few of many."""
    named = [str(item) for item in items]
    return ", ".join(named[:most]) + (f" and {len(named) - most} more" if len(named) > most else "")


def _retrospective(frames: Frames, as_of: dt.date) -> Answer:
    late, last = [], []
    for name, rows in frames.items():
        if name not in COUNTS and name != "incidents":
            continue
        young = embargoed(rows, name, as_of)
        late += [f"{name} row {i}" for i in rows.index[young]]
        if len(rows):
            last.append(f"{name} end {max(end for _, end in spans(rows, name)).date()}")
    if late:
        return False, f"{len(late)} rows within {EMBARGO_DAYS} days of {as_of}: {some(late)}"
    if not last:
        return NOTHING
    return True, f"{', '.join(last)}; the embargo of {EMBARGO_DAYS} days is counted from {as_of}"


def _places(frames: Frames) -> Answer:
    if "ports" not in frames:
        return NOTHING
    ports = frames["ports"]
    bad = ports.index[~ports["kind"].isin(SITES)]
    sites = ports[ports["kind"].eq("irregular_site")]
    bare = sites.index[~sites["source_url"].astype("string").str.startswith("http").fillna(False)]
    if len(bad) or len(bare):
        return False, f"ports of another kind: {some(bad)}; sites without source: {some(bare)}"
    return (
        True,
        f"{len(ports)} ports, {len(sites)} of them an irregular site with its source",
    )


def _sensitivity(frames: Frames) -> Answer:
    bad = [name for name in frames if NEVER.fullmatch(name)]
    bad += [f"{n}.{c}" for n, rows in frames.items() for c in rows if NEVER.fullmatch(str(c))]
    if bad:
        return False, f"must not be published: {some(bad)}"
    held = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held} columns of {len(frames)} tables; none restricted") if held else NOTHING


def _personal(frames: Frames) -> Answer:
    bad, texts = [], 0
    for name, rows in frames.items():
        known = {c.name for c in CONTRACTS[name].columns} if name in CONTRACTS else set()
        known |= {c.name for c in NAMED}
        if name not in CONTRACTS:
            known |= {"name", "name_fr"}  # of a place, a road, a lake
        held = personal_columns(rows.columns, known=known)
        bad += [f"{name}.{column} holds {kind}" for column, kind in held.items()]
        bad += [f"{name} row {i}: {why}" for i, _, why in unnamed(rows)]
        for column in filter(lambda c: OWN_WORDS.fullmatch(str(c)), rows):
            told = said_of_a_person(rows[column])
            bad += [f"{name}.{column} row {i} says “{told[i]}”" for i in rows.index[told.notna()]]
            texts += int(rows[column].notna().sum())
    if bad:
        return False, some(bad)
    held_in = sum(len(rows.columns) for rows in frames.values())
    return (True, f"{held_in} columns and {texts} texts looked at") if held_in else NOTHING


def _ids(rows: pd.DataFrame, at: pd.Index) -> list[str]:
    """Name rows by their ids, which a reader finds in the file; else by their index."""
    return [str(i) for i in (rows.loc[at, "id"] if "id" in rows else at)]


def _precision(frames: Frames) -> Answer:
    if "incidents" not in frames:
        return NOTHING
    rows = frames["incidents"]
    radius = pd.to_numeric(rows["radius_m"], errors="coerce") if "radius_m" in rows else None
    bad = [] if radius is not None else ["incidents have no radius_m"]
    if radius is not None:
        none = rows.index[~radius.gt(0).fillna(False)]
        bad += [f"incident {i} has no radius" for i in _ids(rows, none)]
    if "location_basis" in rows:
        bad += [
            f"incident {i} has no location_basis"
            for i in _ids(rows, rows.index[rows["location_basis"].isna()])
        ]
    else:
        bad.append("incidents have no location_basis")
    bad += [
        f"incident {i} has the date {day}"
        for i, day in zip(_ids(rows, rows.index), rows["date"], strict=True)
        if not is_date(str(day))
    ]
    if bad or radius is None:
        return False, some(bad)
    if rows.empty:
        return NOTHING
    return True, f"{len(rows)} incidents, radius {radius.min():,.0f} to {radius.max():,.0f} m"


def _masking(frames: Frames) -> Answer:
    masked = {name: rows for name, rows in frames.items() if MASKED[0] in rows and len(rows)}
    bad = []
    for name, rows in masked.items():
        whole = all(column in rows and rows[column].notna().all() for column in MASKED)
        if not whole:
            bad.append(f"{name}: some rows are masked and some not, or do not say by how much")
            continue
        least, most, radius = (
            pd.to_numeric(rows[c]) for c in ("mask_min_m", "mask_max_m", "radius_m")
        )
        if (radius < most).any() or (least > most).any():
            bad.append(f"{name}: an area is smaller than what its place was moved by")
    if bad:
        return False, some(bad)
    if not masked:
        return None, "no masked places"
    return True, "; ".join(
        f"{len(rows)} {name} moved by up to {pd.to_numeric(rows['mask_max_m']).max():,.0f} m"
        for name, rows in masked.items()
    )


def _measured(frames: Frames) -> Answer:
    masked = {name: rows for name, rows in frames.items() if is_masked(rows)}
    bad = [f"{n}.{c}" for n, rows in masked.items() for c in rows if MEASURED.fullmatch(str(c))]
    if bad:
        return False, f"distances beside masked places: {some(bad)}"
    return (True, f"no distance in {some(masked)}") if masked else (None, "no masked places")


def _time(frames: Frames) -> Answer:
    if "incidents" not in frames or frames["incidents"].empty:
        return NOTHING
    rows = frames["incidents"]
    day = rows["date"].astype(str).str.contains(r"\d{4}-\d{2}-\d{2}")
    radius = pd.to_numeric(rows["radius_m"], errors="coerce")
    masked = rows[MASKED[0]].notna() if MASKED[0] in rows else pd.Series(False, index=rows.index)
    bad = rows.index[day & (masked | ~radius.ge(1000).fillna(False))]
    if len(bad):
        return False, f"a day beside a masked or exact place: incidents {some(_ids(rows, bad))}"
    if not day.any():
        return True, f"{len(rows)} incidents, none to the day"
    return True, f"{int(day.sum())} days, the smallest of their areas {radius[day].min():,.0f} m"


def _small_cells(frames: Frames, as_of: dt.date) -> Answer:
    bad, seen = [], 0
    for name, column in COUNTS.items():
        if name not in frames or column not in frames[name]:
            continue
        rows = frames[name]
        count = pd.to_numeric(rows[column], errors="coerce")
        small = (
            count.between(1, 4).fillna(False) & ~by_government(rows) & ~_long_public(rows, as_of)
        )
        bad += [f"{name} row {i}: {count[i]:g}" for i in rows.index[small]]
        seen += int(count.notna().sum())
    if bad:
        return False, f"below 5, and neither a government's nor long public: {some(bad)}"
    told = f"{seen} counts, none below 5 but a government's, or public for {LONG_DAYS} days"
    return (True, told) if seen else NOTHING


def _long_public(rows: pd.DataFrame, as_of: dt.date) -> pd.Series[bool]:
    """Whether the source of each row has been public for a year."""
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=LONG_DAYS)
    dates = rows.get("source_date", pd.Series(None, rows.index, dtype=object)).fillna("")
    told = [is_date(day) and date_span(day)[1] < cut for day in map(str, dates)]
    return pd.Series(told, index=rows.index, dtype=bool)


def _microdata(frames: Frames) -> Answer:
    bad = []
    for name, rows in frames.items():
        plain = {str(c).lower() for c in rows}
        traits = [c for c, k in personal_columns(rows.columns).items() if k == "what a person is"]
        if plain & PERSON or len(traits) > 1:
            bad.append(f"{name}: {some([*sorted(plain & PERSON), *traits])}")
    if bad:
        return False, f"rows about persons: {some(bad)}"
    return (True, f"{len(frames)} tables, no row about a person") if frames else NOTHING


def _units(frames: Frames) -> Answer:
    measures = {"count", "interceptions", "claims", "encounters", "detections", "claimants"}
    bad = [
        f"{n}: {some(sorted(measures & set(rows)))}"
        for n, rows in frames.items()
        if len(measures & set(rows)) > 1
    ]
    if bad:
        return False, f"more than one measure in a table: {some(bad)}"
    found = [f"{n} ({len(frames[n])} rows)" for n in COUNTS if n in frames]
    return (True, f"one measure in each of {', '.join(found)}") if found else NOTHING


def _minimum(frames: Frames) -> Answer:
    if "incidents" not in frames or "deaths" not in frames["incidents"]:
        return NOTHING
    rows = frames["incidents"]
    deaths = pd.to_numeric(rows["deaths"], errors="coerce")
    bad = rows.index[rows["kind"].eq("death") & deaths.eq(0).fillna(False)]
    if len(bad):
        return False, f"a death counted as 0: incidents {some(_ids(rows, bad))}"
    return True, f"{int(deaths.sum())} recorded deaths, {int(deaths.isna().sum())} rows unknown"


def _terms(frames: Frames) -> Answer:
    bad, seen = [], 0
    for name, rows in frames.items():
        for column in filter(lambda c: OWN_WORDS.fullmatch(str(c)), rows):
            texts = rows[column].dropna().astype(str)
            seen += len(texts)
            for i, text in texts.items():
                words = [*unfit(text), *advice(text)]
                bad += [f"{name}.{column} row {i} says “{word}”" for word in words]
    if bad:
        return False, some(bad)
    return (True, f"{seen} texts looked at") if seen else NOTHING


def unfit(text: str) -> list[str]:
    """Return the words of a text that are not neutral; what it quotes is not looked at."""
    return [found[0] for found in TERMS.finditer(QUOTED.sub(" ", text))]


def advice(text: str) -> list[str]:
    """Return the words of a text that advise on a crossing; what it quotes is not looked at."""
    return [found[0] for found in ADVICE.finditer(QUOTED.sub(" ", text))]


def _provenance(frames: Frames) -> Answer:
    bad, seen = [], 0
    for name, rows in frames.items():
        if name not in CONTRACTS and "source_url" not in rows:
            continue
        # A table worked out from others may name its sources by their addresses alone.
        wanted = SOURCE if name in CONTRACTS else [c for c in SOURCE if c in rows]
        for column in wanted:
            given = rows[column] if column in rows else pd.Series(None, rows.index, dtype=object)
            empty = given.fillna("").astype(str).str.strip().eq("")
            bad += [f"{name} row {i} has no {column}" for i in rows.index[empty]]
        if "confidence" in rows:
            odd = ~rows["confidence"].isin(["confirmed", "single", "computed"])
            bad += [f"{name} row {i}: confidence {rows['confidence'][i]}" for i in rows.index[odd]]
        seen += len(rows)
    if bad:
        return False, some(bad)
    told = f"{seen} rows, each with title, publisher and address of its source"
    return (True, told) if seen else NOTHING


def _licence(frames: Frames) -> Answer:
    roads = [name for name in frames if name.startswith(OSM_TABLES)]
    mixed = [name for name in frames if name in CONTRACTS and "osmid" in frames[name]]
    if mixed:
        return False, f"OpenStreetMap's data among others: {some(mixed)}"
    return (True, f"roads stand apart: {some(roads)}") if roads else (None, "no roads here")


def _figures(frames: Frames) -> Answer:
    if "interceptions" not in frames:
        return NOTHING
    rows = frames["interceptions"]
    count = pd.to_numeric(rows["count"], errors="coerce")
    table = rows.assign(count=count).dropna(subset=["count"])
    bad = []
    for period, part in table.groupby("period"):
        by = part.drop_duplicates("province").set_index("province")["count"]
        others = by.drop(["CA"], errors="ignore")
        if "CA" not in by or (others > 0).sum() < 2:
            continue
        same = others.index[others.eq(by["CA"])]
        bad += [f"{p} in {period} has Canada's total, {by['CA']:g}" for p in same]
    if bad:
        return False, some(bad)
    return True, f"{len(table)} counts; no province has the total of Canada beside another's count"


def _corrections(frames: Frames) -> Answer:
    bad = []
    for name, column in (("incidents", "id"), ("ports", "port_id")):
        if name in frames:
            rows = frames[name]
            lost = (
                column not in rows or rows[column].isna().any() or rows[column].duplicated().any()
            )
            bad += [f"{name} without an id of their own"] if lost else []
    if bad:
        return False, some(bad)
    held = [f"{len(frames[n])} {n}" for n in ("incidents", "ports") if n in frames]
    return (True, f"{', '.join(held)} can be named by their id") if held else NOTHING

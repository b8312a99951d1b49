"""Rules on where and when: what may be placed, how exactly, and how long ago."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache, partial

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo import DataError, load_border
from roxham.geo.border.lines import border_line
from roxham.geo.crossings.sites import port_points
from roxham.geo.crossings.vouched import require_vouched
from roxham.geo.tables.edtf import date_span, is_date
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.ports import KINDS_OF_PORT
from roxham.layers.privacy.embargo import EMBARGO_DAYS, by_government, embargoed, spans
from roxham.layers.privacy.masking import MASKED, is_masked
from roxham.layers.privacy.personal import column_name
from roxham.layers.privacy.plain_text import plain_text
from roxham.layers.privacy.precision import EXACT_M
from roxham.layers.privacy.told_places import (
    DAY_PATTERNS,
    coordinates_told,
    days_told,
    months_told,
)

from .rules import NOTHING, Answer, Frames, row_ids, some, text_columns

__all__ = [
    "HARM",
    "OWN",
    "is_public",
    "masking",
    "measured",
    "of_people",
    "places",
    "precision",
    "retrospective",
    "time",
]

MEASURED = re.compile(r"(road|port|town|hospital|border|distance).*_(m|km|s)$|distance_m")
SOURCED = re.compile(r".*(source|retrieved|accessed|updated|url).*|named_.*|overrides")
"""Columns of when a source was made or read, and of addresses."""
DATED = re.compile(
    r"(.*_)?(dates?|days?|months?|years?|periods?|times?|timestamps?|when|on|start|end|jours?|mois"
    r"|annees?|quand|debut|fin|fechas?|dia|mes|ano|datum|monat|jahr)(_.*)?"
)
SERIAL = re.compile(r"([45]\d{4})(?:\.0)?")
"""A day as spreadsheets number it."""
MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
"""A cell that is a month, whatever its column is called."""
ROUTED = ("routes", "reach", "catchments", "access")
"""Layers worked out here; their day says which official gates were open."""
OWN = "page "
"""Begins the names of what a page says beside its layers and series: rules, and days of sources."""
PUBLIC = ("claims", "figures")
"""Tables of what is public and does not wait; what they count is asked of the tables it is from."""
COUNTED = " counts"
"""Ends the names of tables of a measure as commands print them: a government's do not wait."""
SMALLEST_M = 100.0
"""No area of an incident is smaller: it would be a bare point, whatever its date."""
SITES = set(KINDS_OF_PORT)

PEOPLE = re.compile(
    r"incident|victim|person|people|death|dead|casualt|fatalit|migrant|claimant|detain|arrest"
    r"|survivor|rescue|drown|missing|deces|\bmorts?\b|noye|disparu|bless|dossier|demandeur"
)
"""Names of tables of people, and of what happened to them."""
HARM = re.compile(
    r"(.*_)?(deaths?|dead|died|injured|injur(y|ies)|victims?|killed|drowned|fatalit(y|ies)|cause"
    r"|cause_of_death|age|sex|gender|nationality|deces|morts?|blesses?|noyes?|sexe|nationalite"
    r"|arrested|charged|convicted|sentence|charges?)(_.*)?"
)
"""Columns that such tables have, whatever they are called."""
RADIUS = re.compile(r"(.*_)?(radius|rayon|radio|precision|uncertainty|incertitude|accuracy)(_.*)?")
"""A column of how exact a place is."""
LATITUDE = ("lat", "latitude", "latitud", "y", "breite", "breitengrad")
LONGITUDE = ("lon", "lng", "long", "longitude", "longitud", "x", "lange", "langengrad")
FINE = 2
"""Decimals of degrees from which on a place is no area: a third is some hundred metres."""


def of_people(name: str, rows: pd.DataFrame) -> bool:
    """Whether a table is of incidents or of people, by its name or by a column of it."""
    if name in DATASETS and not DATASETS[name].personal:
        return False
    plain = [plain_text(str(column)).plain for column in rows]
    return bool(PEOPLE.search(plain_text(name).plain)) or any(map(HARM.fullmatch, plain))


def is_public(name: str) -> bool:
    """Return whether a table says what is public already: statements, figures, or of the page."""
    return name in PUBLIC or name.startswith(OWN)


def retrospective(frames: Frames, as_of: dt.date) -> Answer:
    """No row is younger than the embargo, and no text tells a day that is."""
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=EMBARGO_DAYS)
    late, last = [], []
    for name, rows in frames.items():
        data = DATASETS.get(name)
        if data is None:
            waits = rows[~by_government(rows)] if name.endswith(COUNTED) else rows
            late += [] if is_public(name) else _late_cells(name, waits, cut)
            continue
        if data.embargo is None:
            continue
        young = embargoed(rows, data, as_of)
        late += [f"{name} row {i}" for i in rows.index[young]]
        if data.embargo == "always":
            late += _late_cells(name, rows[~young], cut)
        if len(rows):
            last.append(f"{name} end {max(end for _, end in spans(rows, data)).date()}")
    if late:
        return False, f"{len(late)} rows within {EMBARGO_DAYS} days of {as_of}: {some(late)}"
    if not last:
        return NOTHING
    return True, f"{', '.join(last)}; the embargo of {EMBARGO_DAYS} days is counted from {as_of}"


def _late_cells(name: str, rows: pd.DataFrame, cut: pd.Timestamp) -> list[str]:
    """Return the cells that tell a day younger than the embargo, but for days of sources."""

    def passed(column: str) -> bool:
        return bool(SOURCED.fullmatch(column)) or (name in ROUTED and column == "on")

    late = []
    for texts in text_columns(rows):
        if not passed(texts.column) and not _is_dated(texts.column):
            found = texts.where(partial(_is_late, cut=cut, dated=False), DAY_PATTERNS)
            late += [f"{name} row {i} ({texts.column})" for i, _ in found]
    for place, (column, dtype) in enumerate(zip(map(str, rows.columns), rows.dtypes, strict=True)):
        told = not passed(column) and _is_late(column, cut, dated=True)
        if told and rows.iloc[:, place].notna().any():
            late.append(f"{name} column {column}")
        is_time = pd.api.types.is_datetime64_any_dtype(dtype) or isinstance(dtype, pd.PeriodDtype)
        if passed(column) or not (is_time or _is_dated(column)):
            continue
        cells = rows.iloc[:, [place]]
        if is_time:
            cells = cells.apply(lambda days: days.dt.strftime("%Y-%m-%d").astype(object))
        else:
            if pd.api.types.is_float_dtype(dtype):
                cells = cells[cells.iloc[:, 0] % 1 == 0]  # no part of one is a day
            cells = cells.astype(object).map(str, na_action="ignore")
        for texts in text_columns(cells):
            found = texts.where(partial(_is_late, cut=cut, dated=_is_dated(column)))
            late += [f"{name} row {i} ({column})" for i, _ in found]
    return late


def _is_dated(column: str) -> bool:
    return bool(DATED.fullmatch(column_name(column)))


def _is_late(text: str, cut: pd.Timestamp, dated: bool) -> bool:
    """Whether a text tells a day, or in a column of dates a month or a year, after a day."""
    last = _last_told(text, dated)
    if last is None and dated and (serial := SERIAL.fullmatch(text)):
        day = pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(serial[1]))
        return cut < day < cut + pd.Timedelta(days=366)  # other numbers are no days
    return last is not None and last > cut


@lru_cache(maxsize=50_000)
def _last_told(text: str, dated: bool) -> pd.Timestamp | None:
    """Return the last day that a text tells, in a column of dates that of a month or a year too."""
    if (dated or MONTH.fullmatch(text)) and is_date(text):
        return date_span(text)[1]
    told = [*(months_told(text) if dated else ()), *days_told(text)]
    return max(told, default=None)


def places(frames: Frames) -> Answer:
    """Ports are of known kinds, and every site has a source."""
    if "ports" not in frames:
        return NOTHING
    ports = frames["ports"]
    bad = ports.index[~ports["kind"].isin(SITES)]
    sites = ports[ports["kind"].eq("irregular_site")]
    bare = sites.index[~sites["source_url"].astype("string").str.startswith("http").fillna(False)]
    if len(bad) or len(bare):
        return False, f"ports of another kind: {some(bad)}; sites without source: {some(bare)}"
    if told := _unvouched(ports):
        return False, told
    return (
        True,
        f"{len(ports)} ports, {len(sites)} of them an irregular site with its source",
    )


def _unvouched(ports: pd.DataFrame) -> str:
    """Return what is wrong with ports made up along a controlled line, roads or none."""
    if not {"lon", "lat"} <= {*ports}:
        return ""
    every = ports.assign(kind="port_of_entry")  # where nothing may drive, too
    try:
        require_vouched(port_points(every), border_line(load_border(), None), "whoever allows it")
    except DataError as error:
        return "; ".join(f"{fault.problem} {fault.remedy}" for fault in error.faults[:5])
    return ""


def precision(frames: Frames) -> Answer:
    """Every incident has a radius and a date; where its place comes from is told if it is known."""
    bare = [
        f"{name}: places of people are bare points; give radius_m, how far each may lie from there"
        for name, rows in frames.items()
        if name not in DATASETS and of_people(name, rows) and _are_points(rows)
    ]
    bare += [
        f"{name} gives coordinates in {texts.column}"
        for name, rows in frames.items()
        if name not in DATASETS and of_people(name, rows)
        for texts in text_columns(rows)
        if any(True for _ in texts.where(coordinates_told))
    ]
    holds, told = _precise(frames)
    return (False, "; ".join([*bare, *([told] if holds is False else [])])) if bare else (
        holds, told
    )  # fmt: skip


def _are_points(rows: pd.DataFrame) -> bool:
    """Whether a table places rows to some hundred metres, and does not say how exactly."""
    said = {column_name(c): c for c in map(str, rows.columns)}
    if any(RADIUS.fullmatch(name) for name in said):
        return False
    if isinstance(rows, gpd.GeoDataFrame) and rows.active_geometry_name is not None:
        points = rows.geometry.to_numpy()[rows.geom_type.eq("Point").to_numpy()]
        at = [pd.Series(axis) for axis in shapely.get_coordinates(points).T]
    else:
        at = [pd.to_numeric(rows[said[c]].astype("string").str.replace(",", "."), errors="coerce")
              for names in (LATITUDE, LONGITUDE) for c in said if c in names]  # fmt: skip
    return len(at) >= 2 and all(
        bool((one.dropna().round(FINE) != one.dropna()).any()) for one in at
    )


def _precise(frames: Frames) -> Answer:
    if "incidents" not in frames:
        return NOTHING
    rows = frames["incidents"]
    radius = pd.to_numeric(rows["radius_m"], errors="coerce") if "radius_m" in rows else None
    bad = [] if radius is not None else ["incidents have no radius_m"]
    if radius is not None:
        none = rows.index[~radius.gt(0).fillna(False)]
        bad += [f"incident {i} has no radius" for i in row_ids(rows, none)]
    bad += [
        f"incident {i} has the date {day}"
        for i, day in zip(row_ids(rows, rows.index), rows["date"], strict=True)
        if not is_date(str(day))
    ]
    if radius is not None:
        fine = rows.index[(radius.gt(0) & radius.lt(SMALLEST_M)).fillna(False)]
        bad += [
            f"incident {i} is placed to {radius[k]:g} m"
            for i, k in zip(row_ids(rows, fine), fine, strict=True)
        ]
    for texts in text_columns(rows):
        at = rows.index.isin([i for i, _ in texts.where(coordinates_told)])
        ids = row_ids(rows, rows.index[at])
        bad += [f"incident {i} gives coordinates in {texts.column}" for i in ids]
    if bad or radius is None:
        return False, some(bad)
    if rows.empty:
        return NOTHING
    told = int(rows["location_basis"].notna().sum()) if "location_basis" in rows else 0
    based = "each with its basis" if told == len(rows) else f"{told} with their basis"
    reach = f"{radius.min():,.0f} to {radius.max():,.0f} m"
    return True, f"{len(rows)} incidents, radius {reach}, {based}"


def masking(frames: Frames) -> Answer:
    """Masked rows say by how much, and their areas are no smaller."""
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


def measured(frames: Frames) -> Answer:
    """No distance stands beside masked places."""
    masked = {name: rows for name, rows in frames.items() if is_masked(rows)}
    bad = [f"{n}.{c}" for n, rows in masked.items() for c in rows if MEASURED.fullmatch(str(c))]
    if bad:
        return False, f"distances beside masked places: {some(bad)}"
    return (True, f"no distance in {some(masked)}") if masked else (None, "no masked places")


def time(frames: Frames) -> Answer:
    """No day stands beside a masked or exact place, in a column or in a text."""
    if "incidents" not in frames or frames["incidents"].empty:
        return NOTHING
    rows = frames["incidents"]
    day = rows["date"].astype(str).str.contains(r"\d{4}-\d{2}-\d{2}")
    said = {
        i
        for texts in text_columns(rows)
        if not SOURCED.fullmatch(texts.column) and not texts.column.startswith(("date", "note"))
        for i, _ in texts.where(lambda text: any(True for _ in days_told(text)))
    }
    day_told = day | rows.index.isin(list(said))
    radius = pd.to_numeric(rows["radius_m"], errors="coerce")
    masked = rows[MASKED[0]].notna() if MASKED[0] in rows else pd.Series(False, index=rows.index)
    bad = rows.index[day_told & (masked | ~radius.ge(EXACT_M).fillna(False))]
    if len(bad):
        told = f"a day beside a masked or exact place: incidents {some(row_ids(rows, bad))}"
        return False, f"{told}; write the month alone, or a radius_m of {EXACT_M:,} m or more"
    if not day.any():
        return True, f"{len(rows)} incidents, none to the day"
    return True, f"{int(day.sum())} days, the smallest of their areas {radius[day].min():,.0f} m"

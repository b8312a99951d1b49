"""Which column of a table is which, as far as names and values tell it.

Nothing is guessed in silence: what is proposed is written down for a person to read, what has
two readings is a question, and what is left over is listed once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.region import active_region
from roxham.geo.sheets.reading import PLAIN, Reading
from roxham.geo.tables.contract import Column, Contract
from roxham.geo.tables.conventions import Wanted, plain_cells
from roxham.geo.tables.edtf import is_date
from roxham.geo.written.headers import WORDS, meant, plain_header, side_told
from roxham.geo.written.point_text import tells_places
from roxham.layers.areas import listed_areas
from roxham.layers.privacy.personal import personal_columns

from .areas import ALPHA_3, is_area
from .asked import as_wide, no_year, questions_of
from .model import Period, Read, Rows, TableMapping
from .periods import (
    are_fiscal,
    grouped_period,
    is_fiscal,
    is_month,
    month_in,
    period_in,
    year_in,
)
from .recognise.column_words import CHOICE_WORDS, COLUMN_WORDS, other_unit
from .recognise.ranges import is_range, ranges_in
from .recognise.sides import sides_of
from .recognise.signs import Signs, marks_in, signs_in, status_of, without_marks
from .recognise.totals import Totals, is_total, section_sums, sums_of_others, totals_in

__all__ = ["Proposal", "propose"]

CALLED = (
    Column(
        "name",
        meaning="what it is called, where it has one name",
        required=False,
        also=(
            *("port_name", "port", "port_of_entry", "crossing", "crossing_name", "border_crossing"),
            *("checkpoint", "bcp", "nom", "nombre", "nome", "poste", "puesto", "grenzubergang"),
            *("име", "название", "naziv", "الاسم"),
        ),
    ),
)
"""Of ports, whose sides have a name each."""
SAMPLE = 200
"""So many rows are looked at."""
FEW_WORDS = 0.02
"""A column of numbers may have a sign for one that is withheld, and then is no label."""
MOST_AREAS = 500
COUNTED = ("count", "deaths", "missing", "injured")
LABELS = ("area", "province", "place", "measure", "unit", "place_name", "admin_area")
"""Columns of ours that say what a count is of."""
YEARS = (
    *("year", "fiscal_year", "annee", "ano", "jahr", "anno", "calendar_year", "fy", "jaar"),
    *("السنة", "سنة", "العام", "година", "год"),
)
MONTHS = (
    *("quarter", "trimestre", "quartal", "fiscal_quarter"),
    *("month", "mois", "mes", "monat", "mese", "month_abbv", "reporting_month", "maand"),
    *("الشهر", "شهر", "месец", "месяц"),
)
POINTS = (
    *("coordinates", "coordonnees", "coordenadas", "location", "geo_point_2d", "latlon", "lat_lon"),
    *("latlong", "wkt", "geom", "geometry", "the_geom", "point", "gps", "geo_point"),
)


def area_names() -> dict[str, str]:
    """Return the codes of areas in the region at work by their names, small, and last parts."""
    details = active_region().details
    areas = details.areas if details else ()
    found = {a.code.rpartition("-")[2].casefold(): a.code for a in areas if "-" in a.code}
    return found | {name.casefold(): a.code for a in areas for name in a.name.values()}


class Proposal(NamedTuple):
    """A mapping as far as it can be told, and what is to be said of it."""

    mapping: TableMapping
    missing: list[str]
    """Columns of ours that are needed and were not found."""
    unused: list[str]
    """Columns of theirs that nothing is made of."""
    personal: dict[str, str]
    """Of these, the ones that hold something personal."""
    questions: list[str]
    """What has two readings."""


def propose(
    rows: pd.DataFrame, contract: Contract, table: str, reading: Reading = PLAIN
) -> Proposal:
    """Propose which column of a table is which of a contract's.

    Parameters
    ----------
    rows
        Their cells, as text.
    contract
        The table it is to become.
    table
        What a mapping calls it, as ``counts``.
    reading
        What is said already of how the file is read.

    Examples
    --------
    >>> places = Contract("points", (Column("name", also=("ort",)), Column("lat", "lat"),
    ...                              Column("lon", "lon")))
    >>> rows = pd.DataFrame({"Ort": ["A"], "Breite": ["45,1"], "Länge": ["-73,5"], "Höhe": ["5"]})
    >>> found = propose(rows, places, "places")
    >>> found.mapping.columns, found.unused
    ({'name': 'Ort', 'lat': 'Breite', 'lon': 'Länge'}, ['Höhe'])
    """
    header = [str(name) for name in rows.columns if str(name).strip()]
    sample = rows.head(SAMPLE).fillna("").astype(str)
    wanted = [*contract.columns, *(CALLED if table == "ports" else ())]
    personal = _personal(header, wanted, sample)
    free = [name for name in header if name not in personal]
    columns: dict[str, str] = {}
    wide = _wide(free, contract)
    free = [name for name in free if name not in wide]
    period = _parts(free, sample) if contract.when == "period" else None
    taken = _named(period)
    skipped = {*(("period",) if wide or period else ()), *(("count",) if wide else ())}
    for column in wanted:
        if column.name in skipped:
            continue
        if theirs := _meant(free, column, sample, {*taken, *columns.values()}):
            columns[column.name] = theirs
    if "period" in columns and _first_days(sample[columns["period"]], reading):
        period = Period(date=columns.pop("period"))
    if "lat" in {c.name for c in contract.columns} and not {"lat", "lon"} & columns.keys():
        theirs = _point(free, sample, set(columns.values()))
        if theirs is not None:
            columns["point"] = theirs
    if table == "counts" and "count" not in columns and not wide:
        columns |= _only_number(free, sample, {*taken, *columns.values()})
    taken = _named(period)
    codes = _areas(columns, rows) | _choices(columns, contract, rows)
    totals = _totals(rows, columns, wide, taken)
    signs = _signs(rows, columns, wide)
    status, signs = status_of(rows, columns.get("count"), signs)
    hemisphere, sided = sides_of(rows, columns)
    counted = [*wide, *(columns[name] for name in COUNTED if name in columns)]
    marks = marks_in(pd.concat([rows[name] for name in counted])) if counted else []
    ranges, ranged = ranges_in(pd.concat([rows[n] for n in counted])) if counted else (False, [])
    areas, unlisted = _unlisted(rows, columns, codes, totals) if table == "counts" else ([], [])
    mapping = TableMapping(
        table=table,
        areas=areas,
        withheld=signs.withheld,
        unknown=signs.unknown,
        marks=marks,
        ranges=ranges and table == "counts",
        status=status,
        hemisphere=hemisphere,
        columns=columns,
        codes=codes,
        period=period or (Period() if no_year(wide) or any(map(is_fiscal, wide)) else None),
        wide=as_wide(wide) if wide else None,
        rows=Rows(keep=totals.keep, leave=totals.leave),
        read=Read(),
    )
    sample = sample.assign(**{name: without_marks(sample[name], marks) for name in counted})
    asked = questions_of(sample, contract, columns, wide, period, reading)
    if table == "counts" and not wide and "count" not in columns:
        asked += _no_numbers(free, contract, sample, {*taken, *columns.values()})
    asked += _not_in_metres(free, contract, columns)
    asked += [f"{', '.join(map(shown, marks))} behind numbers: left out by marks"] if marks else []
    return Proposal(
        mapping,
        _missing(contract, mapping, table),
        [name for name in header if name not in {*columns.values(), *wide, *taken, status}],
        personal,
        [*asked, *sided, *ranged, *signs.questions, *totals.questions, *unlisted],
    )


def _personal(
    header: Sequence[str], wanted: Sequence[Column], sample: pd.DataFrame
) -> dict[str, str]:
    """Return the columns of persons, but for ours, and counts that are called as names."""
    counts = {word for column in wanted if column.kind == "integer" for word in column.also}
    counted = [name for name in header if plain_header(name) in counts and _numeric(sample[name])]
    ours = {column.name for column in wanted}
    named = [name for name in header if plain_header(name) in ours]
    return personal_columns(header, known=[*ours, *named, *counted])


def _meant(
    free: Sequence[str], column: Column, sample: pd.DataFrame, taken: set[str]
) -> str | None:
    """Return the column that is meant by its name, if its values can be."""
    words = (*column.also, *WORDS.get(column.kind, ()), *COLUMN_WORDS.get(column.name, ()))
    if column.name.endswith("_m"):
        taken = {*taken, *(name for name in free if other_unit(name))}
    theirs = meant(free, column.name, words, taken=taken)
    if theirs is None and column.name in ("lat", "lon"):
        told = [name for name in free if (side_told(name) or ("",))[0] == column.name]
        theirs = told[0] if len(told) == 1 else None
    return theirs if theirs is not None and _fits(sample[theirs], column) else None


def _no_numbers(
    free: Sequence[str], contract: Contract, sample: pd.DataFrame, taken: Collection[str]
) -> list[str]:
    """Say what stands in a column that is called a count and holds no numbers."""
    named = meant(free, "count", contract.column("count").also, taken=taken)
    if named is None:
        return []
    first = next((text for text in sample[named] if text.strip()), "")
    return [f"{named}: most of what stands there is no number, such as {shown(first)}"]


def _not_in_metres(free: Sequence[str], contract: Contract, columns: dict[str, str]) -> list[str]:
    """Say which column would be one of metres, were it in metres."""
    return [
        f"{name}: is in {unit}; {column.name} is in metres. Convert it, or give one for all"
        for column in contract.columns
        if column.name.endswith("_m") and column.name not in columns
        for name in free
        if (unit := other_unit(name)) and name not in columns.values()
        and meant([name], column.name, (*column.also, *COLUMN_WORDS.get(column.name, ())))
    ]  # fmt: skip


def _only_number(
    free: Sequence[str], sample: pd.DataFrame, taken: Collection[str]
) -> dict[str, str]:
    """Return the one column of numbers that is nothing else, as the count."""
    column = Column("count", "integer", nulls=("--",))
    none = {*WORDS["lat"], *WORDS["lon"], "lat", "lon"}
    left = [
        name
        for name in free
        if name not in taken and (plain := plain_header(name)) not in none
        and not plain.endswith(("id", "code", "_no"))
    ]  # fmt: skip
    found = [
        name
        for name in left
        if sample[name].str.contains(r"\d").any()
        and not tells_places(sample[name])
        and _fits(sample[name], column)
    ]
    return {"count": found[0]} if len(found) == 1 else {}


def _fits(cells: pd.Series, column: Column) -> bool:
    """Whether most of what stands in a column can be a value of ours."""
    filled = cells[cells.str.strip() != ""]
    if filled.empty:
        return True
    if column.kind == "text":  # an address, and a place by its degrees, are no words
        return not (filled.str.match(r"https?://").mean() > 0.5 or tells_places(filled))
    if column.kind == "url":
        return bool(filled.str.match(r"https?://").mean() > 0.5)
    if column.kind == "integer":
        filled = without_marks(filled, marks_in(filled))
    read = plain_cells(pd.DataFrame({"v": filled}), [Wanted("v", column.kind)], Reading())["v"]
    plain = read.cells
    if column.kind == "date":
        good = plain.map(lambda text: is_date(text) or text in read.problems)
    else:
        signs = signs_in(plain)
        good = plain.str.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)") | plain.isin(
            [*read.problems, *column.nulls, *signs.withheld, *signs.unknown]
        )
        good |= plain.map(is_range) & (column.name == "count")
    return bool(good.mean() > 0.5)


def _wide(free: Sequence[str], contract: Contract) -> list[str]:
    """Return the columns that are called as periods: of months alone three at least."""
    if contract.when != "period":
        return []
    months = [name for name in free if month_in(name) is not None]
    years = [name for name in free if period_in(name) is not None]
    groups = [name for name in free if name not in months and grouped_period(name) is not None]
    least = 3 if no_year(months) else 2
    found = ((months, least), (groups, 3), (years, 2))
    return next((names for names, n in found if len(names) >= n), [])


def _parts(free: Sequence[str], sample: pd.DataFrame) -> Period | None:
    """Return a year and a month in columns of their own; a fiscal year is asked about."""
    plain = {plain_header(name): name for name in reversed(free)}
    year = next((plain[word] for word in YEARS if word in plain), None)
    month = next((plain[word] for word in MONTHS if word in plain), None)
    if year is not None and not sample[year].map(year_in).notna().mean() > 0.5:
        year = None
    if month is not None and not sample[month].map(is_month).mean() > 0.5:
        month = None
    if month is None and (year is None or not (is_fiscal(year) or are_fiscal(sample[year]))):
        return None
    return Period(year=year, month=month)


def _named(period: Period | None) -> set[str]:
    """Return the columns that a period stands in."""
    parts = (period.date, period.year, period.month) if period is not None else ()
    return {name for name in parts if isinstance(name, str)}


def _first_days(cells: pd.Series, reading: Reading) -> bool:
    """Whether months are written as their first days."""
    filled = cells[cells.str.strip() != ""].to_frame("v")
    read = plain_cells(filled, [Wanted("v", "date")], reading)["v"].cells
    return len(read) > 0 and bool(read.str.fullmatch(r"[0-9]{4}-[0-9]{2}-01(T.*)?").all())


def _point(free: Sequence[str], sample: pd.DataFrame, taken: set[str]) -> str | None:
    named = [name for name in free if plain_header(name) in POINTS and name not in taken]
    for name in [*named, *(name for name in free if name not in {*named, *taken})]:
        if tells_places(sample[name]):
            return name
    return None


def _areas(columns: dict[str, str], rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return codes of areas that are known by their names."""
    ours = next((name for name in ("area", "province") if name in columns), None)
    if ours is None:
        return {}
    texts = rows[columns[ours]].fillna("").astype(str).str.strip().unique()
    known = area_names()
    codes = {text: known[text.casefold()] for text in texts if text.casefold() in known}
    return {ours: codes} if codes else {}


def _totals(
    rows: pd.DataFrame,
    columns: dict[str, str],
    wide: Sequence[str],
    taken: Collection[str],
) -> Totals:
    """Return what to make of rows that add others up; a table of places or ports has none."""
    counted = [*wide, *(columns[name] for name in COUNTED if name in columns)]
    if not counted:
        return Totals({}, {}, [])
    whens = {*taken, *(columns[name] for name in ("period", "year") if name in columns)}
    spoken = {*counted, *whens, ""}
    labels = [name for name in map(str, rows) if name not in spoken and _is_label(rows[name])]
    named = [columns[name] for name in LABELS if columns.get(name) in labels]
    found = totals_in(rows, labels, named, sorted(whens))
    for when in sorted(whens):
        different = rows[when].fillna("").astype(str).str.strip().unique()
        if sums := [text for text in different if is_total(text)]:
            found.leave[when] = sums
    left = pd.Series(False, index=rows.index)
    for label, texts in found.leave.items():
        left |= rows[label].fillna("").astype(str).str.strip().isin(texts)
    for label, texts in found.keep.items():
        left |= ~rows[label].fillna("").astype(str).str.strip().isin(texts)
    by = [*sorted(whens), *named[1:]]
    for label in named[:1]:
        for text, parts in section_sums(rows[~left], label, counted, by).items():
            found.questions.append(
                f"{label}: {shown(text)} is the sum of {shown(', '.join(parts))}; is it a total? "
                f'To leave it out, write "{label}" = ["{text}"] into [rows.leave]'
            )
        for text in sums_of_others(rows[~left], label, counted, by):
            found.questions.append(
                f"{label}: {shown(text)} is the sum of all others; is it a total? To leave it out, "
                f'write "{label}" = ["{text}"] into [rows.leave]'
            )
    return found


def _unlisted(
    rows: pd.DataFrame,
    columns: dict[str, str],
    codes: dict[str, dict[str, str]],
    totals: Totals,
) -> tuple[list[str], list[str]]:
    """Return areas that are no codes and go by their names, and the question about them."""
    theirs = columns.get("area")
    if theirs is None:
        return [], []
    known = {*codes.get("area", {}), *totals.leave.get(theirs, []), *ALPHA_3, *listed_areas()}
    texts = dict.fromkeys(rows[theirs].fillna("").astype(str).str.strip())
    areas = [t for t in texts if t and t not in known and not is_area(t) and not is_total(t)]
    if not areas or len(areas) > MOST_AREAS:
        return [], []
    told = ", ".join(map(shown, areas[:3])) + (" …" if len(areas) > 3 else "")
    asked = f"{theirs}: {told}: no codes of ISO 3166-2, and called so. Give codes in [codes.area]"
    return areas, [asked]


def _signs(rows: pd.DataFrame, columns: dict[str, str], wide: Sequence[str]) -> Signs:
    """Return what stands in place of numbers."""
    counted = [*wide, *(columns[name] for name in COUNTED if name in columns)]
    cells = [rows[theirs] for theirs in counted]
    return signs_in(pd.concat(cells)) if cells else Signs([], [], [])


def _numeric(cells: pd.Series) -> bool:
    """Whether half of what stands in a column are numbers."""
    filled = cells[cells.str.strip() != ""]
    return bool(filled.str.fullmatch(r"[\d.,'\s]+").mean() > 0.5) if len(filled) else False


def _is_label(cells: pd.Series) -> bool:
    """Whether a column holds words."""
    texts = cells.head(SAMPLE).fillna("").astype(str)
    return bool(texts.str.contains(r"[^\W\d_]", regex=True).mean() > FEW_WORDS)


def _choices(
    columns: dict[str, str], contract: Contract, rows: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """Return codes of texts that are one of a column's choices but for their letters."""
    found: dict[str, dict[str, str]] = {}
    for column in contract.columns:
        if column.choices and column.name in columns and column.name != "province":
            texts = rows[columns[column.name]].fillna("").astype(str).str.strip().unique()
            words = CHOICE_WORDS.get(column.name, {})
            plain = {**words, **{plain_header(choice): choice for choice in column.choices}}
            codes = {
                text: plain[plain_header(text)]
                for text in texts
                if text and text not in column.choices and plain_header(text) in plain
            }
            found |= {column.name: codes} if codes else {}
    return found


def _missing(contract: Contract, mapping: TableMapping, table: str) -> list[str]:
    """Return the columns of ours that are needed and stand nowhere, but for the source's."""
    given = {*mapping.columns, *mapping.values}
    given |= {"period"} if mapping.wide or mapping.period else set()
    given |= {"count"} if mapping.wide else set()
    given |= {"lat", "lon"} if "point" in mapping.columns else set()
    given |= {"id", "kind"} if table == "incidents" else set()
    named = {"name", *active_region().columns("name")} & given
    nameless = ["name"] if table == "ports" and not named else []
    return nameless + [
        column.name
        for column in contract.columns
        if column.required and column.name not in given
        and not column.name.startswith("source_") and column.name != "confidence"
    ]  # fmt: skip

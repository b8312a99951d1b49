"""A table of theirs as a table of ours, cell by cell as text: what a mapping says, and no more."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.sources import Raw
from roxham.geo.written.headers import plain_header
from roxham.geo.written.numerals import Mark, mark_of, with_point
from roxham.layers.privacy.plain_text import made_id

from .model import Named, Period, Radius, TableMapping, names_of
from .periods import grouped_period, is_fiscal, month_in, months_of, period_of, year_in
from .recognise.layouts import not_of_layout, unlike_names
from .recognise.notes import without_notes
from .recognise.ranges import between, digits, scaled
from .recognise.signs import without_marks
from .recognise.totals import is_total
from .sums import WITHHELD, summed

__all__ = ["Mapped", "mapped"]

SAMPLE = 5
NUMBERS = ("count", "deaths", "missing", "injured")
LONGEST = 500
"""Letters of a text that may say how exact a place is."""
METRES = re.compile(r"([0-9][0-9.,]*) ?(km|m)\b", re.IGNORECASE)
UNSIGNED = re.compile(r"^([0-9].*(?<![NSEWO]))$", re.IGNORECASE)
"""Degrees without a sign, and without a letter behind them."""
SOURCED = ("title", "publisher", "url", "date")


class Mapped(NamedTuple):
    """A table of ours, and the name that each of its columns has in theirs."""

    raw: Raw
    spelt: dict[str, str]
    unused: list[str]
    """Columns of theirs that nothing was made of."""


def mapped(raw: Raw, mapping: TableMapping, name: str, ours: Sequence[str]) -> Mapped:
    """Make a table of ours of one of theirs.

    Parameters
    ----------
    raw
        Their cells, as text.
    mapping
        What to make of them.
    name
        What to call the file in messages.
    ours
        Columns of ours; of these, those that a file of places already has stay.

    Raises
    ------
    DataError
        If the table lacks a column that the mapping speaks of: all that it lacks at once.
    """
    if unlike := unlike_names(raw, mapping):
        top = raw.unread[0].cells if raw.unread else list(raw.rows.iloc[0])
        raise DataError(not_of_layout(mapping, name, top, unlike))
    raw = without_notes(raw)
    rows = raw.rows.reset_index(drop=True)
    find = _Finder(list(map(str, rows.columns)), mapping, name)
    found = {
        column: find(theirs, f"columns.{column}") for column, theirs in mapping.columns.items()
    }
    wide = _wide(find, mapping)
    parts = _period_columns(find, mapping.period)
    radius = find(mapping.radius.column, "radius.column") if mapping.radius else None
    status = find(mapping.status, "status")
    filters = [
        (find(theirs, f"rows.{kind}"), texts, kind == "keep")
        for kind, said in (("keep", mapping.rows.keep), ("leave", mapping.rows.leave))
        for theirs, texts in said.items()
    ]
    kept = {theirs: find(theirs, "keep") for theirs in mapping.keep}
    find.require()

    told = list(raw.told)
    at = _taken(rows, filters, mapping, name, told)
    rows = rows.iloc[at].reset_index(drop=True)
    out = pd.DataFrame(index=rows.index)
    for column, theirs in found.items():
        if theirs is not None:
            out[column if column != "point" else theirs] = rows[theirs].fillna("").astype(str)
    for column in ours:
        if column in rows and column not in out and column not in mapping.values:
            out[column] = rows[column]
    for theirs in kept.values():
        if theirs is not None and theirs not in out:
            out[theirs] = rows[theirs]
    out = out.assign(**mapping.values)
    if status is not None and "count" in out:
        out["count"] = out["count"].mask(out["count"].str.strip().eq(""), rows[status])
    if mapping.radius is not None and radius is not None:
        out["radius_m"] = _radii(rows[radius], mapping.radius, radius, told)
    years, months = _years_and_months(rows, parts, mapping, raw.title)
    starts = mapping.period.fiscal_starts if mapping.period else None
    if wide:
        out, at = _long(out, rows, at, wide, mapping, years, starts, told)
    elif parts.get("date"):
        out["period"] = months_of(rows[parts["date"]], mapping.read.dates)
    elif mapping.period is not None and (months is not None or isinstance(years, pd.Series)):
        out["period"] = period_of(years, months, starts)
    out = scaled(between(_coded(out, mapping), mapping), mapping)
    numbers = np.asarray(raw.numbers, dtype=object)[at]
    if mapping.sum and "count" in out:
        out, first = summed(out, mapping)
        told.append(f"{len(numbers):,} rows are added up into {len(out):,}")
        numbers = numbers[first]
    out = _completed(out, mapping)
    spelt = {column: theirs for column, theirs in found.items() if theirs is not None}
    used = {*spelt.values(), *wide, *kept, *parts.values(), radius, status}
    used |= {theirs for theirs, _, _ in filters}
    unused = [str(c) for c in raw.rows.columns if c not in used and c not in ours and str(c)]
    return Mapped(
        Raw(out.reset_index(drop=True), numbers.tolist(), raw.unread, told), spelt, unused
    )


def _taken(
    rows: pd.DataFrame,
    filters: Sequence[tuple[str | None, list[str], bool]],
    mapping: TableMapping,
    name: str,
    told: list[str],
) -> np.ndarray:
    """Return the positions of the rows that are taken, and say which are left out."""
    at = np.arange(len(rows))
    for theirs, texts, keeps in filters:
        if theirs is None:
            continue
        plain = {_plain(text) for text in texts}
        same = rows[theirs].iloc[at].map(_plain).isin(plain).to_numpy()
        if keeps and len(at) and not same.any():
            there = ", ".join(dict.fromkeys(rows[theirs].iloc[at].head(SAMPLE).astype(str)))
            lacks = f"its {theirs} is nowhere {' or '.join(texts)}; found {shown(there)}"
            raise DataError(_no_row(mapping, name, list(rows.columns), lacks))
        out_of = ~same if keeps else same
        told += [_left_out(int(out_of.sum()), theirs, texts, keeps)] if out_of.any() else []
        at = at[~out_of]
    return at


class _Finder:
    """Finds columns of theirs by their names, and gathers those that are not there."""

    def __init__(self, header: list[str], mapping: TableMapping, name: str) -> None:
        self.header, self.mapping, self.name = header, mapping, name
        self.plain = {plain_header(theirs): theirs for theirs in reversed(header)}
        self.faults: list[Fault] = []

    def __call__(self, given: Named | None, where: str) -> str | None:
        names = names_of(given)
        for theirs in names:
            if theirs in self.header:
                return theirs
        for theirs in names:
            if plain_header(theirs) in self.plain:
                return self.plain[plain_header(theirs)]
        if names and where.removeprefix("columns.") not in self.mapping.optional:
            found = (
                f"has no column {shown(' or '.join(names))}; found {shown(', '.join(self.header))}."
            )
            self.faults.append(Fault(self.name, found, f"Correct {where} of the mapping."))
        return None

    def require(self) -> None:
        """Raise for every column that was not found."""
        if self.faults and self.mapping.page:
            raise DataError(not_of_layout(self.mapping, self.name, self.header))
        if self.faults:
            raise DataError(self.faults)


def _period_columns(find: _Finder, period: Period | None) -> dict[str, str]:
    if period is None:
        return {}
    parts = {
        part: find(getattr(period, part), f"period.{part}") for part in ("date", "year", "month")
    }
    return {part: theirs for part, theirs in parts.items() if theirs is not None}


def _years_and_months(
    rows: pd.DataFrame, parts: dict[str, str], mapping: TableMapping, title: str
) -> tuple[pd.Series | int | None, pd.Series | None]:
    """Return where a period stands; of fiscal years of no known beginning it is said so."""
    months = rows[parts["month"]] if "month" in parts else None
    if "year" not in parts:
        return _year(mapping.period, title), months
    years = rows[parts["year"]]
    if mapping.period and mapping.period.fiscal_starts is None and is_fiscal(parts["year"]):
        years = years.map(lambda text: f"FY{text}" if text.strip()[:1].isdigit() else text)
    return years, months


def _year(period: Period | None, title: str) -> int | None:
    """Return the year of a whole table: said by the mapping, by its caption, or by its page."""
    if period is not None and period.year_is is not None:
        return period.year_is
    return next(filter(None, map(year_in, title.split("\n"))), None)


def _wide(find: _Finder, mapping: TableMapping) -> dict[str, str]:
    """Return the columns that hold a period each."""
    if mapping.wide is None:
        return {}
    said = {find(theirs, "wide.columns"): period for theirs, period in mapping.wide.columns.items()}
    wide = {theirs: period for theirs, period in said.items() if theirs is not None}
    if mapping.wide.months:
        taken = {name for given in mapping.columns.values() for name in names_of(given)}
        free = [theirs for theirs in find.header if theirs not in taken]
        groups = {theirs: grouped_period(theirs) for theirs in free} if mapping.wide.group else {}
        wide |= {
            theirs: found[0]
            for theirs, found in groups.items()
            if found is not None and not is_total(found[1])
        }
        months = {theirs: month_in(theirs) for theirs in free}
        wide |= {theirs: month for theirs, month in months.items() if month and theirs not in wide}
        if not wide:
            found = (
                f"has no column that is called as a month; found {shown(', '.join(find.header))}."
            )
            find.faults.append(Fault(find.name, found, "Correct wide of the mapping."))
    return wide


def _long(
    out: pd.DataFrame,
    rows: pd.DataFrame,
    at: np.ndarray,
    wide: dict[str, str],
    mapping: TableMapping,
    years: pd.Series | int | None,
    starts: int | None,
    told: list[str],
) -> tuple[pd.DataFrame, np.ndarray]:
    """Make a row of each cell of the columns that hold a period each."""
    assert mapping.wide is not None
    times = len(wide)
    long = out.loc[out.index.repeat(times)].reset_index(drop=True)
    cells = rows[list(wide)].fillna("").astype(str).to_numpy().ravel()
    months = pd.Series(list(wide.values()) * len(rows), dtype=str)
    if isinstance(years, pd.Series):
        years = years.loc[years.index.repeat(times)].reset_index(drop=True)
    long = long.assign(period=period_of(years, months, starts))
    long[mapping.wide.count] = cells
    if mapping.wide.group is not None:
        above = [(grouped_period(theirs) or ("", ""))[1] for theirs in wide]
        long[mapping.wide.group] = above * len(rows)
    filled = np.array([bool(cell.strip()) for cell in cells], dtype=np.bool_)
    if not filled.all():
        told.append(
            f"{int((~filled).sum()):,} empty cells are left out: what they hold is not known"
        )
    return long[filled].reset_index(drop=True), np.repeat(at, times)[filled]


def _coded(out: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    for column, codes in mapping.codes.items():
        if column in out:
            plain = {_plain(text): code for text, code in codes.items()}
            cells = out[column].fillna("").astype(str)
            different = {text: plain.get(_plain(text), text) for text in cells.unique()}
            out = out.assign(**{column: cells.map(different)})
    for column in {*NUMBERS} & set(out) if mapping.marks else ():
        out = out.assign(**{column: without_marks(out[column], mapping.marks)})
    if mapping.unknown:
        unknown = {_plain(text) for text in mapping.unknown}
        for column in set(NUMBERS) & set(out):
            cells = out[column].fillna("").astype(str)
            out = out.assign(**{column: cells.mask(cells.map(_plain).isin(unknown), "")})
    for column, side in mapping.hemisphere.items():
        if column in out:
            cells = out[column].fillna("").astype(str).str.strip()
            out = out.assign(**{column: cells.str.replace(UNSIGNED, rf"{side} \1", regex=True)})
    count = mapping.wide.count if mapping.wide else "count"
    if mapping.withheld and count in out:
        withheld = {_plain(text) for text in mapping.withheld}
        hidden = out[count].astype(str).map(_plain).isin(withheld)
        out = out.assign(**{count: out[count].astype(str).mask(hidden, WITHHELD)})
        if "precision" in mapping.values:  # said of the others
            out = out.assign(precision=out["precision"].mask(hidden, "suppressed"))
    return out


def _completed(out: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    """Fill what follows from the rest: the source, and of incidents the id and the kind."""
    if mapping.source is not None:
        said = {f"source_{part}": getattr(mapping.source, part) for part in SOURCED}
        said["confidence"] = mapping.source.confidence
        blank = out.reindex(columns=[*said]).astype(object).fillna("").astype(str)
        # whoever names a title or a publisher is never told with another's
        silent = blank["source_title"].eq("") & blank["source_publisher"].eq("")
        for column, text in said.items():
            fills = blank[column].eq("") & (silent | (column == "confidence"))
            out = out.assign(**{column: blank[column].mask(fills, text)})
    if mapping.table == "incidents":
        if "kind" not in out:
            out = out.assign(kind=_kinds(out, mapping.read.decimal))
        if "id" not in out:
            out = out.assign(id=_ids(out))
    return out


def _kinds(out: pd.DataFrame, mark: Mark | None) -> list[str]:
    """Return what happened, by the numbers: a death before a person missing before an injury."""
    numbers = {
        column: pd.to_numeric(digits(out[column], mark), errors="coerce").fillna(0)
        for column in ("deaths", "missing", "injured")
        if column in out
    }
    kinds = pd.Series("", index=out.index)
    for column, kind in (("injured", "injury"), ("missing", "missing"), ("deaths", "death")):
        if column in numbers:
            kinds = kinds.mask(numbers[column] > 0, kind)
    return kinds.tolist()


def _ids(out: pd.DataFrame) -> list[str]:
    """Return an id of what stands in each row, the same wherever in the file it stands."""
    ids, seen = [], dict[str, int]()
    for cells in out.astype(str).itertuples(index=False):
        key = "i" + made_id(hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:10])
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return ids


def _radii(cells: pd.Series, radius: Radius, theirs: str, told: list[str]) -> pd.Series:
    """Return how far each row may lie, and say how many of them do not tell it."""

    def metres(text: str) -> int | None:
        found = METRES.findall(text) if len(text) < LONGEST else []
        if not found:
            return None
        number, unit = found[-1]
        try:
            value = float(_with_point(number.rstrip(".,"))) * (1000 if unit.lower() == "km" else 1)
        except ValueError:
            return None
        return max(radius.least_m, math.ceil(value))

    texts = cells.fillna("").astype(str)
    found = texts.map(metres)
    silent = texts[found.isna()]
    if len(silent):
        rows = "1 row gets" if len(silent) == 1 else f"{len(silent):,} rows get"
        given = f"{rows} a radius of {radius.otherwise_m:,} m"
        told.append(f"{given}: {theirs} tells none, as {shown(silent.iloc[0])}")
    return found.fillna(radius.otherwise_m).astype(int).astype(str)


def _with_point(number: str) -> str:
    """Return a number of metres with a point before decimals; of two readings the larger one."""
    mark = mark_of(number)
    return re.sub("[.,]", "", number) if mark == "?" else with_point(number, mark or ".")


def _no_row(mapping: TableMapping, name: str, header: list[str], found: str) -> Fault:
    if mapping.page:
        return not_of_layout(mapping, name, header, found)
    return Fault(name, f"has no row that is kept: {found}.", "Correct rows.keep of the mapping.")


def _plain(text: object) -> str:
    return " ".join(str(text).casefold().split())


def _left_out(count: int, theirs: str, texts: list[str], keeps: bool) -> str:
    rows = "row is" if count == 1 else "rows are"
    said = shown(" or ".join(text or "empty" for text in texts))
    return f"{count:,} {rows} left out: {theirs} is {'not ' * keeps}{said}"

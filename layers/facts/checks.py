"""What the tables of this room share: bundled files, and checks across columns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import as_file, files

import pandas as pd

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.sources import Source
from roxham.geo.region import active_region
from roxham.geo.region.study_area import SHIPPED, kept_of_files
from roxham.geo.tables.contract import (
    Checked,
    Column,
    Contract,
    RowCheck,
    across,
    check_table,
    date_span,
    read_table,
    reads,
)
from roxham.geo.tables.failures import without_options
from roxham.geo.tables.region_files import sourced, with_source
from roxham.layers.intervals import PRECISIONS, with_bounds
from roxham.layers.mapping.read import (
    MappingLike,
    as_mapping,
    columns_carried,
    mapping_of,
    read_by,
)
from roxham.layers.privacy.personal import drop_personal
from roxham.layers.provenance import licences, read_own

__all__ = [
    "MADE_UP",
    "NOTE_FR",
    "OTHER",
    "PRECISION",
    "WITHHELD",
    "french_notes",
    "in_order",
    "no_example",
    "read_counts",
    "read_layer",
    "require_once",
    "said_withheld",
    "somewhere",
    "sound_precision",
    "unique",
    "with_french",
]

TOLD = ("note", "hours_note")
"""Columns of bundled tables whose French stands in ``notes_fr.json``."""
NOTE_FR = Column("note_fr", meaning="the note in French", required=False)
WITHHELD = ("--",)
"""What stands for a number that its publisher withholds."""
ROUNDED_TO = {"rounded_5": 5, "rounded_10": 10}
OTHER = Column(
    "other",
    "integer",
    "the second of two numbers, where sources conflict or a sum has bounds",
    required=False,
    minimum=0,
)
MADE_UP: Mapping[str, str] = {
    "name": "Example, not a real place",
    "place_name": "Example, not a real place",
    "source_title": "Example, replace this row",
    "note": "This row is made up. Replace it.",
}
"""Cells by which the made-up row of a template is known again."""
PRECISION = Column(
    "precision",
    meaning="how the count is to be read; exact where empty, 0 to 5 where it is withheld",
    required=False,
    choices=PRECISIONS,
)


def read_layer(
    kind: str, path: Source | None, contract: Contract, *, mapping: MappingLike | None = None
) -> Checked[pd.DataFrame]:
    """Read the user's file if there is one, else that of the region at work.

    What ships has its licences; a region without such a file has no rows. Rows of a region's
    own file that name no source have the one that ``[sources.NAME]`` gives. A mapping says which
    columns of a user's file are which, and how they are read; of a region's own its file names it.
    Columns of personal data in a
    file of a user's, and of a region's, are left out unless the mapping keeps them, and
    ``rows.attrs["left_out"]`` has what each holds:
    :func:`~roxham.layers.privacy.personal.drop_personal`.
    """
    of_region = active_region().file(kind)
    if path is None and of_region is None:
        header = pd.DataFrame(columns=[c.name for c in contract.columns], dtype=str)
        return check_table(header, contract, name=contract.name)
    if path is not None:
        return _own(path, contract, mapping)
    if not str(of_region).startswith(SHIPPED):
        rows, rejected = _of_region(str(of_region), sourced(contract, kind, active_region()), kind)
        return Checked(with_source(rows, kind, active_region()), without_options(rejected))
    shipped = str(of_region).removeprefix(SHIPPED)
    rows, rejected = (table.copy() for table in _shipped(shipped, contract))
    told = (*TOLD, *active_region().columns("hours", prefix=True))
    for column in (c for c in told if f"{c}_fr" in rows):
        french = rows[column].map(french_notes())
        rows[f"{column}_fr"] = rows[f"{column}_fr"].fillna(french)
    rows.attrs["licences"] = licences(shipped)
    return Checked(rows, rejected)


def _of_region(file: str, contract: Contract, kind: str) -> Checked[pd.DataFrame]:
    """Read a file of the region at work by its mapping, once: copies are the caller's."""
    region = active_region()
    named = region.mapping(kind)
    beside = [named] if named is not None and named.endswith(".toml") else []
    found = kept_of_files(
        region,
        [file, *beside],
        lambda: _own(file, contract, mapping_of(named, kind)),
        *(contract, named),
    )
    return Checked(*(table.copy() for table in found))


@lru_cache(maxsize=64)
def _shipped(shipped: str, contract: Contract) -> Checked[pd.DataFrame]:
    """Read a file that ships, once: it stays as it is."""
    room, _, file = shipped.partition("/")
    with as_file(files("roxham") / room / "data" / file) as bundled:
        return read_table(bundled, contract, name=f"{room}/data/{file}")


def _own(path: Source, contract: Contract, mapping: MappingLike | None) -> Checked[pd.DataFrame]:
    """Read a file of a user's, without what may be personal in it."""
    chosen = None if mapping is None else as_mapping(mapping)

    def read(source: Source, wanted: Contract, name: str) -> Checked[pd.DataFrame]:
        return read_by(source, wanted, chosen, name=name)

    own, rejected = read_own(path, contract, read_as=read)
    known = [column.name for column in contract.columns]
    kept, left_out = drop_personal(own, known=known, keep=chosen.keep if chosen else ())
    kept.attrs["left_out"] = {**own.attrs.get("left_out", {}), **left_out}
    renamed = chosen is not None and chosen.renames
    if renamed or own.attrs.get("read_as") or set(own) - set(columns_carried(contract)):
        kept.attrs.pop("sha256", None)  # by it, what is not taken could be guessed at
    return Checked(kept, rejected)


@cache
def french_notes() -> dict[str, str]:
    """Return the French of notes: many rows share one, so that each is written once."""
    text = (files("roxham.layers") / "data" / "notes_fr.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def read_counts(
    kind: str,
    path: Source | None,
    contract: Contract,
    *,
    count: str = "count",
    mapping: MappingLike | None = None,
) -> Checked[pd.DataFrame]:
    """Read a table of counts and give each its bounds: ``precision``, ``low``, ``high``."""
    rows, rejected = read_layer(kind, path, contract, mapping=mapping)
    return Checked(with_bounds(rows, count=count), rejected)


def said_withheld(count: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what tells a withheld number (``--``) from one that is not known (an empty cell)."""

    def fill(raw: pd.DataFrame) -> pd.DataFrame:
        withheld = raw[count].fillna("").astype(str).str.strip().isin(WITHHELD)
        given = raw["precision"] if "precision" in raw else pd.Series("", index=raw.index)
        return raw.assign(precision=given.mask(withheld & given.isin([""]), "suppressed"))

    return fill


def sound_precision(count: str) -> RowCheck:
    """Return a check for counts that their precision contradicts."""

    @reads(count, "precision")
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        other = rows["other"] if "other" in rows else pd.Series(pd.NA, index=rows.index)
        cells = zip(rows.index, rows[count], rows["precision"], other.isna(), strict=True)
        for i, number, precision, alone in cells:
            if pd.isna(precision):
                continue
            if precision == "suppressed" and pd.notna(number):
                yield i, "precision", f"is suppressed, but {count} says {number}; write -- there"
            elif precision != "suppressed" and pd.isna(number):
                yield i, "precision", f"is {precision}, but there is no {count}; leave it empty"
            elif precision in ROUNDED_TO and number % ROUNDED_TO[precision]:
                to = ROUNDED_TO[precision]
                yield i, count, f"is not a multiple of {to}, though its precision is {precision}"
            elif precision in ("conflicting", "between") and alone:
                yield i, "precision", f"is {precision}, but no column other has the second number"

    return check


def unique(*columns: str) -> RowCheck:
    """Return a check for rows that share their key.

    All of them are reported: which one is right cannot be told from the table.
    """
    key = " and ".join(columns)

    @across(*columns)
    @reads(*columns)
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        known = rows[list(columns)].notna().all(axis=1)
        for i in rows.index[known & rows.duplicated(list(columns), keep=False)]:
            yield i, columns[0], f"stands in more than one row with the same {key}; keep one"

    return check


@cache
def no_example() -> RowCheck:
    """Return a check for the made-up row of a template, left in whole or in part."""

    @reads(*MADE_UP)
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        told = pd.Series(False, index=rows.index)
        for column, text in MADE_UP.items():
            made_up = rows[column].eq(text).fillna(False) if column in rows else told
            for i in rows.index[made_up & ~told]:
                yield i, column, "is of the template's made-up row; replace the whole row"
            told |= made_up

    return check


def require_once(rows: pd.DataFrame, name: str, column: str, *of: str) -> None:
    """Raise where two rows (of one place) are of one period: a sum would count it twice."""
    again = rows.duplicated([column, *of]) & rows[column].notna()
    twice = dict.fromkeys(rows.loc[again, column])
    if twice:
        found = f"{shown(', '.join(map(str, twice)))}: stands in more than one row."
        raise DataError(Fault(name, found, "Keep one.", column=column))


def somewhere() -> RowCheck:
    """Return a check for rows at 0, 0 in the sea, where a lost position ends up."""

    @reads("lat", "lon")
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        for i in rows.index[(rows["lat"].eq(0) & rows["lon"].eq(0)).fillna(False)]:
            yield i, "lat", "and lon are both 0, a place in the sea; give the position, or no row"

    return check


def in_order(start: str, end: str) -> RowCheck:
    """Return a check for rows whose period ends before it starts."""

    @reads(start, end)
    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        for i, first, last in zip(rows.index, rows[start], rows[end], strict=True):
            if pd.notna(first) and pd.notna(last) and date_span(first)[0] > date_span(last)[1]:
                yield i, end, f"is before {start} {first}"

    return check


def with_french(checked: Checked[pd.DataFrame], *columns: str) -> Checked[pd.DataFrame]:
    """Fill the French of each column with the given text where there is none."""
    if "fr" not in active_region().languages:
        return checked
    french = {f"{c}_fr": checked.rows[f"{c}_fr"].fillna(checked.rows[c]) for c in columns}
    return Checked(checked.rows.assign(**french), checked.rejected)

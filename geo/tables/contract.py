"""Tables of facts: their columns declared once, every fault found at once.

A :class:`Contract` says which columns a table has and what may stand in them.
:func:`read_table` holds a file to it and sets aside the rows that break it,
each with its reasons; nothing is dropped in silence.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats
from roxham.geo.bounds import within_bounds
from roxham.geo.errors import DataError, Fault, nearest, shown
from roxham.geo.io.geometry_columns import At
from roxham.geo.io.sources import Raw, Source, read_raw
from roxham.geo.quoting import name_of
from roxham.geo.region import active_region
from roxham.geo.sheets.reading import PLAIN, Reading
from roxham.geo.summary import Summarised, Summary, count, frame_line, shown_html, shown_text
from roxham.geo.written.headers import WORDS, is_header, meant
from roxham.geo.written.point_text import from_point_text

from .conventions import Wanted, plain_cells
from .edtf import date_span, is_date
from .failures import REJECTED, Faults, faults_of
from .fiscal import no_dates
from .periods import join_parts

__all__ = [
    "CONFIDENCE",
    "FACT_SOURCE",
    "SOURCE",
    "Checked",
    "Column",
    "Contract",
    "Split",
    "across",
    "across_of",
    "check_raw",
    "check_table",
    "date_span",
    "is_date",
    "places_of",
    "read_table",
    "reads",
    "reads_of",
    "source_name",
    "split_raw",
    "split_table",
    "swapped_axes",
]

LOGGER = logging.getLogger(__name__)

Kind = Literal["text", "integer", "number", "date", "url", "lon", "lat"]
Rows = pd.DataFrame
Table = TypeVar("Table", bound=pd.DataFrame)
RowCheck = Callable[[Rows], Iterator[tuple[int, str, str]]]
"""Yields ``(position, column, problem)`` for rows whose columns contradict each other."""

DEGREES = {"lon": (-180, 180), "lat": (-90, 90)}
RADII = ("radius_m", "coord_precision_m")
"""Columns that say how far around its point a row may lie; an area fills them."""
LARGEST = 10**15
"""No count or distance here comes near it; every integer below is exact as a float."""
THOUSANDS = r"[+-]?[1-9][0-9]{0,2}\.[0-9]{2}0"
"""12.500 is 12,500 where a point parts thousands; a program that writes numbers drops the 0."""
THOUSANDS_SAID = (
    "could mean thousands; say --decimal, or write digits only, without .000 or a last 0"
)
NUMBERS = ("integer", "number", *DEGREES)
PLAIN_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
ADDRESS = r"https?://[^\s<>\"]+\.[^\s<>\"]+"
CELL_ERROR = r"#(?:N/A|N/D|REF!|VALUE!|VALEUR!|DIV/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|SPILL!|CALC!)"
"""What a spreadsheet writes into a cell whose value it lost, in English or French."""
CONFIDENCE = ("confirmed", "single", "computed", "conflicting")
"""Two or more sources agree; one source; worked out here from sourced facts; two sources differ."""
BEGIN = "Begin with the header, commas between its names."


@dataclass(frozen=True)
class Column:
    """One column of a table and what may stand in it.

    ``date`` cells are ISO 8601 or EDTF level 1 (:mod:`roxham.geo.tables.edtf`), such as
    ``2023-03``, ``2022-08-04/2022-08-06`` or ``2022-06~``: coarse dates stay coarse.
    """

    name: str
    kind: Kind = "text"
    meaning: str = ""
    required: bool = True
    """The column must be there and no cell empty."""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    nulls: tuple[str, ...] = ()
    """What stands for a number its publisher withholds (``--``). Such a cell, or
    an empty one, becomes null, never 0, even where the column is required."""
    also: tuple[str, ...] = ()
    """What files of others call it, small and without accents, ``_`` between words."""


def reads(*columns: str) -> Callable[[RowCheck], RowCheck]:
    """Say which columns a check reads: it is asked of every row in which these are sound.

    Of a row with a fault elsewhere it is asked, too. A check that says nothing is asked of rows
    without any fault.
    """

    def mark(check: RowCheck) -> RowCheck:
        check.reads = frozenset(columns)  # type: ignore[attr-defined]
        return check

    return mark


def across(*columns: str) -> Callable[[RowCheck], RowCheck]:
    """Say that a check compares rows with each other, by what stands in some columns."""

    def mark(check: RowCheck) -> RowCheck:
        check.across = columns  # type: ignore[attr-defined]
        return check

    return mark


def across_of(check: RowCheck) -> tuple[str, ...]:
    """Return the columns by which a check compares rows; none for one that looks at each alone."""
    return getattr(check, "across", ())


def reads_of(check: RowCheck) -> frozenset[str] | None:
    """Return the columns that a check says it reads; None if it says nothing."""
    return getattr(check, "reads", None)


def swapped_axes(
    *,
    lat: str = "lat",
    lon: str = "lon",
    bounds: tuple[float, float, float, float] | None = None,
) -> RowCheck:
    """Return a check for rows whose latitude and longitude changed places.

    A longitude such as -73.5 is also a legal latitude, so the range of
    a column does not catch it. A row is reported when its point lies outside
    ``bounds`` and would lie inside them with its axes exchanged.

    Parameters
    ----------
    lat, lon
        Names of the columns, decimal degrees.
    bounds
        ``(west, south, east, north)`` in degrees, EPSG:4326; by default what the region at
        work has around it. Where the area and its mirror image overlap, nothing there can be
        told apart.

    Examples
    --------
    >>> rows = pd.DataFrame({"lat": [45.0, -73.5], "lon": [-73.5, 45.0]})
    >>> list(swapped_axes()(rows))
    [(1, 'lat', 'latitude and longitude look swapped: lat -73.5, lon 45.0')]
    """

    def inside(x: pd.Series, y: pd.Series) -> pd.Series:
        west, south, east, north = active_region().around if bounds is None else bounds
        across = x.between(west, east) if west <= east else x.ge(west) | x.le(east)
        return (across & y.between(south, north)).fillna(False)

    @reads(lat, lon)
    def check(rows: Rows) -> Iterator[tuple[int, str, str]]:
        swapped = inside(rows[lat], rows[lon]) & ~inside(rows[lon], rows[lat])
        bad = rows.loc[swapped.astype(bool), [lat, lon]]
        for i, y, x in zip(bad.index, bad[lat], bad[lon], strict=True):
            yield i, lat, f"latitude and longitude look swapped: lat {y!s}, lon {x!s}"

    return check


SOURCE = (
    Column(
        "source_title",
        meaning="title of the page or document that says so",
        also=("source", "sources", "fuente", "quelle", "fonte", "source_name", "titre_source"),
    ),
    Column(
        "source_publisher",
        meaning="who published it",
        also=("publisher", "editeur", "editor", "herausgeber", "editore", "publie_par"),
    ),
    Column(
        "source_url",
        "url",
        "where a reader can open it",
        also=(
            *("url", "link", "lien", "enlace", "source_link", "lien_source", "web_address"),
            *("source", "sources", "fuente", "quelle", "fonte", "article", "reference"),
        ),
    ),
    Column("source_date", meaning="date of the source, as it gives it", required=False),
    Column("confidence", meaning="how sure the row is", choices=CONFIDENCE),
    Column("note", meaning="what a careful reader should know", required=False),
)
"""The columns that every shipped row carries."""

READ_IN = Column(
    "read_in",
    "url",
    "where a copy of the source was read, if not at the source itself",
    required=False,
)
FACT_SOURCE = (*SOURCE[:-1], READ_IN, SOURCE[-1])
"""The columns of a source whose page may be known without having been open to whoever read it."""


@dataclass(frozen=True, repr=False)
class Contract(Summarised):
    """The declared columns of a table, and checks across them; it prints which it needs."""

    name: str
    columns: tuple[Column, ...]
    checks: tuple[RowCheck, ...] = field(default=())
    aliases: tuple[tuple[str, str], ...] = ()
    """``(other name, our name)`` of columns that users' files call differently."""
    when: str | None = None
    """The column that says when, a year of which is read together with a month beside it."""
    prepare: Callable[[Rows], Rows] | None = None
    """Fills text cells from others before anything is checked; returns a new table."""

    def _summary(self) -> Summary:
        needed = ", ".join(c.name for c in self.columns if c.required)
        others = ", ".join(c.name for c in self.columns if not c.required)
        return f"Columns of {self.name}", [("needed", needed), ("may be there", others)]

    def column(self, name: str) -> Column:
        """Return a column by its name; raise DataError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        told = f"{self.name}: has no column {shown(name)}."
        raise DataError(f"{told} {nearest(name, (c.name for c in self.columns))}")


class Checked(NamedTuple, Generic[Table]):
    """What a loader returns: the rows that hold, and those set aside with reasons.

    ``rejected`` has one row for each fault: ``file, row, column, found, problem``.
    It is a tuple of the two, and prints as how many there are.

    Attributes
    ----------
    rows
        The sound rows, as the loader describes them.
    rejected
        One row for each fault: ``file, row, column, found, problem``.

    Examples
    --------
    >>> years = Contract("years", (Column("year", "integer"),))
    >>> rows, rejected = read_table(pd.DataFrame({"year": ["2022", "soon"]}), years)
    >>> rows["year"].tolist(), rejected[["row", "found"]].values.tolist()
    ([2022], [[2, 'soon']])
    """

    rows: Table
    rejected: pd.DataFrame

    def _summary(self) -> Summary:
        known = isinstance(self.rejected, pd.DataFrame) and len(self.rejected)
        faults = count(len(self.rejected), "fault") if known else "none"
        return "Checked", [("rows", frame_line(self.rows)), ("rejected", faults)]

    def __repr__(self) -> str:
        return shown_text(self._summary())

    def _repr_html_(self) -> str:
        return shown_html(self._summary())


class Split(NamedTuple):
    """The rows of a file as they stand in it, parted into those that hold and the others.

    ``rejected`` begins with ``file, row, problems``; a row with several has them all.
    """

    accepted: pd.DataFrame
    rejected: pd.DataFrame


def read_table(
    path: Source, contract: Contract, *, name: str | None = None, reading: Reading = PLAIN
) -> Checked[pd.DataFrame]:
    """Read a file and hold it to its contract.

    Parameters
    ----------
    path
        CSV (UTF-8, with a header line), a workbook (xlsx, ods), JSON, a saved page, GeoJSON,
        GeoPackage or GeoParquet, told apart by what is in it; or an address, ``https://…`` or
        ``postgresql://user@host/database#table``; or a frame. Of several layers, the one called
        like the contract is read. Geometries fill the columns of longitude and latitude, an
        area with the radius that covers it.
    contract
        The columns to expect. Further columns are kept as they are.
    name
        What to call the file in messages; its path by default.
    reading
        What its owner says of it, where more than one reading is possible.

    Returns
    -------
    Checked
        ``rows``, typed (integers as ``Int64``, unknown as null), and ``rejected``;
        ``rows.attrs["read_as"]`` says what was read otherwise than it is written.

    Raises
    ------
    DataError
        If the file cannot be read as this table at all: missing, a directory,
        empty, no table, or without its columns.
    FetchError
        If an address cannot be reached.
    """
    name = name or source_name(path)
    with within_bounds(name):
        return check_raw(_read(path, contract, name, reading), contract, name, reading)


def source_name(source: Source) -> str:
    """Return what a file, an address or a frame is called in messages."""
    return "the frame" if isinstance(source, pd.DataFrame) else name_of(source)


def split_table(path: Source, contract: Contract, *, reading: Reading = PLAIN) -> Split:
    r"""Read a file as :func:`read_table` does, and part its rows by whether they hold.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> years = Contract("years", (Column("year", "integer"),))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.csv"
    ...     _ = file.write_text("year,what\n2022,a\nsoon,b\n")
    ...     accepted, rejected = split_table(file, years)
    >>> accepted["year"].tolist(), rejected["problems"].tolist()
    (['2022'], ['year: is not a number; write digits only, with a point for decimals'])
    """
    name = source_name(path)
    with within_bounds(name):
        return split_raw(_read(path, contract, name, reading), contract, name, reading)


def split_raw(raw: Raw, contract: Contract, name: str, reading: Reading = PLAIN) -> Split:
    """Part the rows of a table of text; see :func:`split_table`."""
    faults = check_raw(raw, contract, name, reading).rejected
    reasons = (faults["column"] + ": " + faults["problem"]).groupby(faults["row"]).agg("; ".join)
    numbers, header = pd.Index(raw.numbers), list(raw.rows.columns)
    bad = numbers.isin(reasons.index)
    torn = pd.DataFrame(
        [_fitted(u.cells, len(header)) for u in raw.unread],
        index=[u.row for u in raw.unread],
        columns=header,
        dtype=str,
    )
    rejected = pd.concat([raw.rows[bad].set_axis(numbers[bad]), torn]).sort_index()
    why = pd.DataFrame(
        {"file": name, "row": rejected.index, "problems": reasons.reindex(rejected.index)}
    )
    rejected = pd.concat([why, rejected], axis=1).reset_index(drop=True)
    return Split(raw.rows[~bad].reset_index(drop=True), rejected)


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return as many cells as the header has; what is too much stands in the last."""
    return [*cells[: width - 1], " | ".join(cells[width - 1 :]), *[""] * (width - len(cells))][
        :width
    ]


def _read(path: Source, contract: Contract, name: str, reading: Reading) -> Raw:
    return read_raw(
        path,
        name=name,
        table=contract.name,
        known={c.name for c in contract.columns} | {other for other, _ in contract.aliases},
        require=lambda header: _require(header, contract, name),
        at=places_of(contract),
        reading=reading,
    )


def places_of(contract: Contract) -> At | None:
    """Return which columns a geometry fills, None if the table has no places."""
    by_kind = {c.kind: c.name for c in reversed(contract.columns)}
    if not {"lon", "lat"} <= by_kind.keys():
        return None
    radius = next((c.name for c in contract.columns if c.name in RADII), None)
    return At(by_kind["lon"], by_kind["lat"], radius)


def check_raw(
    raw: Raw, contract: Contract, name: str, reading: Reading = PLAIN
) -> Checked[pd.DataFrame]:
    """Hold a table of text to its contract, with the rows that are no rows of it."""
    rows, rejected = check_table(raw.rows, contract, name=name, lines=raw.numbers, reading=reading)
    if raw.told:
        rows.attrs["read_as"] = [*raw.told, *rows.attrs.get("read_as", [])]
    if raw.unread:
        unread = [(name, u.row, u.column, u.found, u.problem) for u in raw.unread]
        rejected = pd.concat([rejected, pd.DataFrame(unread, columns=list(REJECTED))])
        rejected = rejected.sort_values("row", kind="stable", ignore_index=True)
    return Checked(rows, rejected)


def _require(header: Sequence[str], contract: Contract, name: str) -> None:
    """Raise, before the rows are read, for a header with none of the required columns."""
    faults = _missing(header, contract, name)
    if faults and not any(c.required and c.name in header for c in contract.columns):
        raise DataError(faults)


def _missing(
    header: Sequence[str], contract: Contract, name: str, theirs: Sequence[str] = ()
) -> list[Fault]:
    """Return every required column that the header lacks, and any that it spells otherwise.

    Messages give the header as it stands in the file, ``theirs``, where it is another.
    """
    names = {c.name for c in contract.columns}
    ours = {mine for other, mine in contract.aliases if other in header}
    alike = {re.sub(r"\W+", "_", name.casefold()).strip("_"): name for name in header}
    words = {c.name: (*c.also, *WORDS.get(c.kind, ())) for c in contract.columns}
    absent = [c for c in contract.columns if c.name not in {*header, *ours}]
    near = {c.name: meant(header, c.name, words[c.name], taken=names) for c in absent}
    # A title above the header, or another separator, is no header.
    add = "Add it." if names & {*alike, *ours} or any(near.values()) or is_header(header) else BEGIN
    found = shown(", ".join(theirs or header))
    faults = []
    for column in absent:
        if column.name in alike:  # a status or a radius would be overlooked in silence
            remedy = f"Rename {shown(alike[column.name])} so."
        elif column.required:
            spelt = near[column.name]
            remedy = f"Rename {shown(spelt)} so, if that is it." if spelt else add
        else:
            continue
        faults.append(Fault(name, f"has no such column; found {found}.", remedy, 1, column.name))
    return faults


def check_table(
    raw: pd.DataFrame,
    contract: Contract,
    *,
    name: str,
    lines: Sequence[int] | None = None,
    reading: Reading = PLAIN,
) -> Checked[pd.DataFrame]:
    """Hold a table of text cells to its contract; see :func:`read_table`.

    Parameters
    ----------
    raw
        Every cell as text, empty where unknown, one row for each line after the header.
    contract
        The columns to expect.
    name
        What to call the table in messages.
    lines
        Row number of each row for messages; by default a header on line 1 and
        one line for each row.
    reading
        As of :func:`read_table`.

    Returns
    -------
    Checked
        The typed rows and the faults.
    """
    header = [str(column) for column in raw.columns]
    other_names = {k: v for k, v in contract.aliases if k in raw and v not in raw}
    raw = raw.rename(columns=other_names).reset_index(drop=True)
    faults, said, unplaced = Faults(), list[str](), dict[str, str]()
    if (at := places_of(contract)) is not None:
        places = from_point_text(raw, at, reading)
        raw, said, unplaced = places.rows, [*places.told], dict(places.problems)
    missing = _missing([str(c) for c in raw.columns], contract, name, header)
    if contract.prepare is not None and not missing:
        raw = contract.prepare(raw)
    numbers = range(2, len(raw) + 2) if lines is None else lines
    spelt = {ours: other for other, ours in other_names.items()}
    if (when := contract.when) is not None and when in raw:
        raw, apart = join_parts(raw, when, spelt=spelt.get(when, when))
        faults.add_each(apart)
    wanted = [Wanted(c.name, c.kind, c.nulls) for c in contract.columns]
    plain = plain_cells(raw, wanted, reading)
    rows = raw.copy()
    absent = {fault.column for fault in missing}
    for column in contract.columns:
        if column.name not in raw:
            raw[column.name] = ""
            if column.name in absent:  # once is enough
                rows[column.name] = pd.NA
                continue
        if (read := plain.get(column.name)) is not None:
            if read.told:
                said.append(f"{spelt.get(column.name, column.name)}: {read.told}")
            known = {**read.problems, **(unplaced if column.kind == "lat" else {})}
            values, codes, problems = _check_column(read.cells, column, known)
        else:
            cells = raw[column.name].fillna("").astype(str).str.strip()
            values, codes, problems = _check_column(cells, column)
        rows[column.name] = values
        faults.add(column.name, codes, problems)
    for check in contract.checks if not missing else ():
        # What a check does not read may be at fault: all kinds of faults are told in one round.
        faults.add_each(check(rows[~faults.broken(len(rows), reads_of(check))]))
    if missing:
        told = faults.table(raw, list(rows.columns), name, numbers)
        raise DataError([*missing, *faults_of(told)])
    kept = rows[~faults.broken(len(rows))].reset_index(drop=True)
    if said:
        kept.attrs["read_as"] = said
    told = faults.table(raw, list(rows.columns), name, numbers)
    LOGGER.info("%s: %d rows read, %d kept, %d faults", name, len(rows), len(kept), len(told))
    return Checked(kept, told.assign(column=told["column"].replace(spelt)))


def _check_column(
    cells: pd.Series, column: Column, unread: Mapping[str, str] | None = None
) -> tuple[pd.Series, NDArray[np.intp], list[str]]:
    """Return the typed values of a column, which problem each cell has, or -1, and the problems."""
    problems: list[str] = []
    codes = np.full(len(cells), -1, dtype=np.intp)
    empty = cells.isin(["", *column.nulls]).to_numpy()
    values = cells if column.kind in NUMBERS else cells.mask(empty)

    def note(bad: Bools, problem: str) -> None:
        codes[bad & (codes < 0)] = len(problems)
        problems.append(problem)

    if column.required and not column.nulls:
        note(empty, "is empty; a value is needed")
    if cells.str.startswith("#").any():
        note(_match(cells, CELL_ERROR), "is an error of a spreadsheet; give the value")
    for problem in dict.fromkeys((unread or {}).values()):
        texts = [text for text, why in (unread or {}).items() if why == problem]
        note(cells.isin(texts).to_numpy(), problem)
    if column.kind in NUMBERS:
        # Digits first: to_numeric would also take "1e3", "inf", "0x10" and "1_000".
        plain = _match(cells, PLAIN_NUMBER) & cells.str.len().le(24).to_numpy()
        note(~empty & ~plain, "is not a number; write digits only, with a point for decimals")
        if column.kind not in DEGREES and cells.str.contains(".", regex=False).any():
            note(_match(cells, THOUSANDS), THOUSANDS_SAID)
        found = pd.to_numeric(cells.where(plain), errors="coerce").to_numpy(float, na_value=np.nan)
        low, high = DEGREES.get(column.kind, (column.minimum, column.maximum))
        hint = "; degrees are expected (EPSG:4326), not metres" if column.kind in DEGREES else ""
        if column.kind == "integer":
            note(~empty & plain & ~(np.abs(found) < LARGEST), "is too large")
            note(plain & (found % 1 != 0), "is not a whole number")
        if low is not None:
            note(found < low, f"is below {low:g}{hint}")
        if high is not None:
            note(found > high, f"is above {high:g}{hint}")
        values = _numbers(found, cells.index, whole=column.kind == "integer")
    elif column.kind == "date":
        reasons = cells.mask(empty).map(no_dates(cells[~empty].unique()))
        found, why = pd.factorize(reasons)
        codes = np.where((codes < 0) & (found >= 0), found + len(problems), codes)
        problems += why.tolist()
    elif column.kind == "url":
        note(~empty & ~_match(cells, ADDRESS), "is not a web address; it starts with https://")
    if column.choices:
        one = cells.isin(column.choices).to_numpy()
        note(~empty & ~one, f"is not one of {', '.join(column.choices)}")
    return values, codes, problems


def _match(cells: pd.Series, pattern: str) -> Bools:
    """Return which cells are wholly as a pattern has it."""
    return cells.str.fullmatch(pattern).to_numpy(dtype=bool)


def _numbers(found: Floats, index: pd.Index[Any], *, whole: bool) -> pd.Series:
    """Return numbers, NaN as null, as a column; of whole ones those that are not as null, too."""
    unknown = np.isnan(found)
    if not whole:
        return pd.Series(pd.arrays.FloatingArray(found, unknown), index=index)
    unknown |= ~(np.abs(found) < LARGEST) | (found % 1 != 0)
    exact = np.where(unknown, 0, found).astype(np.int64)
    return pd.Series(pd.arrays.IntegerArray(exact, unknown), index=index)

"""What a table of facts is, and what a bundle of them is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import pandas as pd

from roxham.geo.arguments import checked, require_fields
from roxham.geo.errors import DataError, nearest, shown
from roxham.geo.region import Region, active_region
from roxham.geo.region.kinds import TABLES
from roxham.geo.summary import Summarised, Summary, count
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract

from .provenance import Input

__all__ = ["Calendar", "Dataset", "Layers", "Measure", "Periods", "Shown", "Style", "by_length"]

Calendar: TypeAlias = Literal["month", "calendar_year", "us_fiscal_year"]
Periods: TypeAlias = "Callable[[pd.DataFrame], pd.Series[str]]"


@dataclass(frozen=True)
class Style:
    """One colour for a layer, or one for each value of a column.

    Attributes
    ----------
    kind
        What the geometries are.
    colour
        ``#rrggbb``, of all features or of those whose value has none.
    width_mm
        Width of lines and outlines, or size of points.
    opacity
        Of areas, 0 to 1.
    column, colours
        Values of a column and their colours.
    widths, shapes
        Values of the column whose width, or shape of point (``circle``, ``diamond``, …), is
        another than that of all.
    label
        The column that names a feature on a map.
    labelled
        The values of ``column`` whose features are named; all by default.
    only
        Which rows a map draws, as SQL has it; all by default.
    depth
        How far down it lies where layers lie over each other; 0 is on top.
    """

    kind: Literal["point", "line", "area"]
    colour: str
    width_mm: float = 0.4
    opacity: float = 0.35
    column: str | None = None
    colours: tuple[tuple[str, str], ...] = ()
    widths: tuple[tuple[str, float], ...] = ()
    shapes: tuple[tuple[str, str], ...] = ()
    label: str | None = None
    labelled: tuple[str, ...] = ()
    only: str | None = None
    depth: int = 2

    def width_of(self, value: str | None) -> float:
        """Return the width of a value, mm."""
        return dict(self.widths).get(value or "", self.width_mm)

    def shape_of(self, value: str | None) -> str:
        """Return the shape of a value's point."""
        return dict(self.shapes).get(value or "", "circle")

    def classes(self) -> list[tuple[str | None, str]]:
        """Return the values and colours; None stands for all others."""
        return [*self.colours, (None, self.colour)]


@dataclass(frozen=True)
class Shown:
    """A column of a table on the page.

    Attributes
    ----------
    name
        The column.
    written
        How: ``date``, ``count`` (with its interval), ``number``, ``text`` as it is,
        ``local`` in the reader's language where there is a ``_fr`` column, or ``word``,
        a code that the page's messages know.
    groups
        For ``word``: groups of messages in which the code is looked up.
    heads
        Whether it names the row.
    long
        Whether it holds sentences.
    """

    name: str
    written: Literal["date", "count", "number", "text", "local", "word"] = "local"
    groups: tuple[str, ...] = ()
    heads: bool = False
    long: bool = False


def by_length(pattern: str) -> Periods:
    """Return what picks the periods that are as long as one: ``2022-03`` months, ``2022`` years.

    Examples
    --------
    >>> by_length("2022")(pd.DataFrame({"period": ["2022", "2022-03"]})).tolist()
    ['2022', nan]
    """

    def periods(rows: pd.DataFrame) -> pd.Series[str]:
        written = rows["period"].astype("string")
        return rows["period"].where((written.str.len() == len(pattern)).fillna(False))

    return periods


@dataclass(frozen=True)
class Measure:
    """What a table counts: all that series, tables of counts, drawings and commands know of it.

    Attributes
    ----------
    name
        The word by which it is asked for. Two measures are never added up.
    unit
        What one count is, where the region's files do not say it: events, persons, …
    counts
        Its columns of counts, and what each counts. Of several, none is added to another; the
        first is told where none is asked for.
    units
        Of those, what one is where it is not ``unit``.
    at
        Columns that name a cell beside its period, the first of them the place; none if all
        counts are of one place.
    areas
        Whether that place is an area that the region's file lists.
    whole
        What a series of no named place is: the ``area`` that holds the others, or their ``sum``
        in the periods in which each is known.
    every
        A column and its value in rows that hold all that was counted there; others are a part.
    periods
        By calendar, what gives each row its period, null where it is of another calendar.
    needs
        Columns beside these that ``periods`` looks at.
    released
        Whether it is known when each figure was published.
    no_series
        Why it has no series, and what to take instead, if it has none.
    words
        What drawings call it (by its name) and its columns of counts, by language.
    """

    name: str
    unit: str
    counts: Mapping[str, str] = field(default_factory=lambda: {"count": ""})
    units: Mapping[str, str] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    areas: bool = False
    whole: Literal["area", "sum"] = "area"
    every: tuple[str, str] | None = None
    periods: Mapping[Calendar, Periods] = field(
        default_factory=lambda: {"month": by_length("2022-03"), "calendar_year": by_length("2022")}
    )
    needs: tuple[str, ...] = ()
    released: bool = False
    no_series: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def year(self) -> Calendar:
        """Its years: calendar years, unless another calendar is published."""
        return next((one for one in self.periods if one != "month"), "calendar_year")

    def word(self, name: str, language: str) -> str:
        """Return what a drawing calls it, or one of its columns."""
        words = self.words.get(language) or self.words.get("en") or {}
        return words.get(name, name)


@dataclass(frozen=True)
class Dataset:
    """A table of facts: everything that bundle, rules, export and page need to know of it.

    It stands beside the table's loader and is listed in ``DATASETS``; no other place
    knows the table by name.

    Attributes
    ----------
    made
        Its columns as a contract, whose name is that of the table; or what makes it for the
        region at work, whose sides name columns. :attr:`contract` is it.
    load
        Called with None for what ships, or a file or an address of a user's own.
    made_of
        Resources that ship of which it is made, as ``catalogue`` names them.
    when
        Columns that say when a row holds: one, or first and last; none if nothing does.
    key
        Columns by which evidence names a row.
    sourced_by
        Table that names the sources of its rows, where those of a file do not, and the column
        that both have.
    label
        Column by which a row that is set aside is called.
    count
        Column of counts, if it counts anything.
    measure
        What it counts, if series can be told of it.
    event
        Whether a row is an event, shown if it touches the span asked for; a count is
        shown only if its whole period lies in it.
    embargo
        Whether young rows wait: ``always``; ``unless official``, but for those of a
        government; or None, never.
    own
        Option, and argument of ``load_layers``, that takes a user's file in its place.
    personal
        Whether its loader takes ``allow_named``.
    drawn
        Whether it is a layer of the map; others are tables of the page alone.
    charted
        Whether the monthly chart is of it.
    printed
        Whether the printed twin draws it, where the map does.
    shown
        Columns of its table on the page; see ``columns``.
    words
        What the page calls it, by language (``en``, ``fr``): ``title``, names of columns, and
        ``column.code`` for the codes of one that has choices. The page's own messages by
        default; what has no French reads in English.
    note
        What whoever uses its export should know of its rows, a sentence or two.
    style
        How the export draws it.
    called
        Name of the table where its contract is made for a region: known before one is at work.
    """

    made: Contract | Callable[[], Contract]
    load: Callable[..., Checked[Any]]
    made_of: tuple[str, ...]
    when: tuple[str, ...]
    key: tuple[str, ...]
    label: str
    sourced_by: tuple[str, str] | None = None
    count: str | None = None
    measure: Measure | None = None
    event: bool = False
    embargo: Literal["always", "unless official"] | None = None
    own: str | None = None
    personal: bool = False
    drawn: bool = False
    charted: bool = False
    printed: bool = True
    shown: tuple[Shown, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    note: str = ""
    style: Style | None = None
    called: str | None = None

    def __post_init__(self) -> None:
        TABLES.add((self.own or self.name).replace(" ", "_"))

    @property
    def contract(self) -> Contract:
        """Its columns, in the region at work."""
        return self.made() if callable(self.made) else self.made

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.called or self.contract.name

    @property
    def columns(self) -> tuple[Shown, ...]:
        """Columns of its table on the page: ``shown``, else those of the contract.

        Dates, numbers and choices are then written as such and the count with its interval;
        the source, French and what a count's interval says have no column of their own.
        """
        if self.shown:
            return self.shown
        names = [column.name for column in self.contract.columns]
        left = {column.name for column in FACT_SOURCE} | {f"{name}_fr" for name in names}
        left |= {"precision"} if self.count else set()
        kept = [column for column in self.contract.columns if column.name not in left]
        texts = [column.name for column in kept if column.kind == "text"]
        head = self.label if self.label in names else next(iter(texts), kept[0].name)
        return tuple(replace(self._shown(c), heads=c.name == head) for c in kept)

    def _shown(self, column: Column) -> Shown:
        if column.name == self.count:
            return Shown(column.name, "count")
        if column.choices:
            return Shown(column.name, "word", groups=(f"column.{self.name}.{column.name}",))
        if column.kind in ("integer", "number", "lon", "lat"):
            # A year is not written with a mark between thousands.
            return Shown(column.name, "text" if column.name.endswith("year") else "number")
        return Shown(column.name, "date" if column.kind == "date" else "local")

    @property
    def on_sheet(self) -> bool:
        """Whether the printed twin shows it."""
        return (self.drawn and self.printed) or self.charted


@dataclass(frozen=True, repr=False)
class Layers(Summarised):
    """Every layer of the page.

    A table is an attribute by its name, ``layers.incidents``, or an item.

    Attributes
    ----------
    tables
        The rows to show by the name of their table, as the loaders describe them.
    figures
        What the numbers say, from all annual counts whatever the months asked for.
    claims
        What the founding article said against all tables, whatever the months: see
        ``check_claims``.
    rejected
        Faults of files: ``layer, file, row, column, found, problem``.
    set_aside
        Sound rows not shown: ``layer, id, date, reason``; within the embargo ``–`` and no date.
    since, until
        First and last month shown, ``YYYY-MM``; None is no limit.
    inputs
        Files and addresses of a user's own, each with its name and the SHA-256 of what was
        read, empty for a table of a database.
    region
        The region that they are of.
    read_as
        By table, what of a user's file was read otherwise than it is written.
    as_of
        The day from which the embargo was counted.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> layers = load_layers(since="2022-01", until="2022-12")
    >>> layers.incidents.crs.to_string(), layers["transfers"] is layers.tables["transfers"]
    ('EPSG:4326', True)
    """

    tables: Mapping[str, pd.DataFrame]
    figures: pd.DataFrame
    claims: pd.DataFrame
    rejected: pd.DataFrame
    set_aside: pd.DataFrame
    since: str | None = None
    until: str | None = None
    inputs: tuple[Input, ...] = ()
    region: Region = field(default_factory=active_region)
    read_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        require_fields(
            self, rejected=("layer", "file", "row"), set_aside=("layer", "id", "date", "reason")
        )

    def _summary(self) -> Summary:
        months = f"{self.since or 'the beginning'} to {self.until or 'the end'}"
        lines = [(name, count(len(rows), "row")) for name, rows in self.tables.items()]
        lines += [
            ("rejected", count(len(self.rejected), "fault")),
            ("set aside", count(len(self.set_aside), "sound row")),
        ]
        return f"Layers of {self.region.name}, {months}", lines

    def __getattr__(self, name: str) -> Any:
        """Return a table by its name."""
        if name.startswith("_") or name == "tables" or name not in self.tables:
            known = "" if name.startswith("_") or name == "tables" else nearest(name, self.tables)
            raise AttributeError(f"layers have no {name}. {known}".rstrip())
        return self.tables[name]

    def __getitem__(self, name: str) -> Any:
        """Return a table by its name; raise DataError if there is no such table."""
        self._require(name)
        return self.tables[name]

    def _require(self, *names: object) -> None:
        """Raise for what is no table of these layers."""
        for name in names:
            if not isinstance(name, str) or name not in self.tables:
                told = f"layers have no table {shown(name)}. {nearest(name, self.tables)}"
                raise DataError(told)

    @checked()
    def with_tables(self, **tables: pd.DataFrame) -> Layers:
        """Return the same layers with other rows in some tables.

        Raises
        ------
        DataError
            If there is no such table.
        """
        self._require(*tables)
        return replace(self, tables={**self.tables, **tables})

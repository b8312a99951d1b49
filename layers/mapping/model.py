"""What a mapping says: a file in TOML, checked whole before any table is read by it.

as = "counts"
[columns]
area = "Province"
[codes.area]
"Quebec" = "CA-QC"
[wide]
months = true
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from roxham.geo.bounds import require as require_bound
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.sheets.reading import Reading

__all__ = [
    "Named",
    "Period",
    "Radius",
    "Read",
    "Rows",
    "Source",
    "TableMapping",
    "Wide",
    "names_of",
    "read_mapping",
]

Named = str | list[str]
"""A column of their table; of several names the first that it has."""
Calendar = Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
LARGEST = 1_000_000
"""A mapping longer than so many bytes is none."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Read(_Part):
    """How the file is read; see :class:`~roxham.geo.sheets.reading.Reading`."""

    dates: Literal["dmy", "mdy"] | None = None
    decimal: Literal[".", ","] | None = None
    sheet: str | None = None
    header: Annotated[int | None, Field(ge=1)] = None
    order: Literal["lat lon", "lon lat"] | None = None
    merged: Literal["fill"] | None = None
    names: list[str] | None = None
    encoding: str | None = None
    header_rows: Annotated[int, Field(ge=1, le=5)] = 1


class Period(_Part):
    """Where a period stands that is in several columns, or in none."""

    date: Named | None = None
    """A column of days, whose month is the period."""
    year: Named | None = None
    month: Named | None = None
    year_is: Annotated[int | None, Field(ge=1900, le=2099)] = None
    fiscal_starts: Calendar | None = None
    """The month in which their year begins; one that begins in another year than it ends in is
    called after its end."""


class Wide(_Part):
    """Columns that hold one period each."""

    months: bool = False
    """Whether every column that is called as a month is one."""
    columns: dict[str, str] = {}
    """Further ones, with the period that they hold."""
    count: str = "count"
    """Our column for what stands in them."""
    group: Literal["area", "place", "measure", "unit"] | None = None
    """Our column for what stands above or below the period in a name of several rows."""


class Rows(_Part):
    """Rows to take, or to leave out, by what stands in a column of theirs."""

    keep: dict[str, list[str]] = {}
    leave: dict[str, list[str]] = {}


class Radius(_Part):
    """How far around its point a row may lie, as their text says: ``GPS (ca. 15 m)``."""

    column: Named
    least_m: Annotated[int, Field(ge=100)] = 1000
    otherwise_m: Annotated[int, Field(ge=100)] = 10_000


class Source(_Part):
    """Who published the file, where, when and under which licence."""

    title: Annotated[str, Field(min_length=1)]
    publisher: Annotated[str, Field(min_length=1)]
    url: Annotated[str, Field(pattern=r"^https?://\S+\.\S+$")]
    date: str = ""
    confidence: Literal["confirmed", "single", "computed"] = "single"
    licence: str = ""
    licence_url: str = ""


class TableMapping(_Part):
    """Which column of a table is which of ours, and what else is to be known of it.

    Attributes
    ----------
    table
        What it becomes, by the option that takes such a file, as ``counts``; ``as`` in the file.
    read
        How the file is read.
    columns
        Our names, each with theirs. ``point`` is a column of places in text.
    optional
        Of ours, those that a file may lack; ``rows.leave`` for columns of theirs spoken of there.
    values
        Our columns that are the same in every row.
    codes
        By our column: their texts and ours.
    period, wide, rows, radius
        See there.
    status
        Of counts, a column of theirs with the signs that stand for numbers which are absent.
    hemisphere
        Of ``lat`` and ``lon``, the side of zero on which numbers without a sign lie.
    ranges
        Whether a count such as ``5-10`` is the least and the most that it can be.
    sum
        Whether rows that differ in nothing but their count are added up.
    scale
        What one of their counts stands for: 1000 where they are in thousands.
    withheld
        Texts that stand for a number which its publisher withholds.
    marks
        Marks of notes behind a number, which are left out.
    unknown
        Texts that stand for a number which nobody gives: not known, and never 0.
    areas
        Names of areas of their own, beside ISO 3166.
    keep
        Columns of theirs that stay as they are, personal ones too.
    source
        Fills the columns of the source where the file has none.
    page
        Where the file is published: of a mapping that ships.
    """

    table: Annotated[str | None, Field(alias="as")] = None
    read: Read = Read()
    columns: Mapping[str, Named] = {}
    optional: list[str] = []
    values: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    period: Period | None = None
    wide: Wide | None = None
    rows: Rows = Rows()
    radius: Radius | None = None
    status: Named | None = None
    hemisphere: dict[Literal["lat", "lon"], Literal["N", "S", "E", "W"]] = {}
    ranges: bool = False
    sum: bool = False
    scale: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    withheld: list[str] = []
    marks: list[str] = []
    unknown: list[str] = []
    areas: list[str] = []
    keep: list[str] = []
    source: Source | None = None
    page: str = ""

    _file: str = PrivateAttr("mapping")

    def __eq__(self, other: object) -> bool:
        """Whether two say the same, in whatever files."""
        return isinstance(other, TableMapping) and dict(self) == dict(other)

    @property
    def file(self) -> str:
        """What to call it in messages: the file that it was read from, if it was."""
        return self._file

    @field_validator("table")
    @classmethod
    def _can_become(cls, table: str | None, info: ValidationInfo) -> str | None:
        """Hold it to the tables there are, which lie above this room: who knows them tells them."""
        known = (info.context or {}).get("tables", ())
        if known and table is not None and table not in known:
            raise ValueError(f"is none of {', '.join(known)}")
        return table

    @property
    def reading(self) -> Reading:
        """Return how the file is to be read."""
        said = self.read.model_dump()
        names = said.pop("names")
        return Reading(**said, names=tuple(names) if names else None)

    @property
    def renames(self) -> bool:
        """Whether it says anything but how the file is read and what of it is kept."""
        return bool(self.columns or self.values or self.period or self.wide or self.source)

    def reading_as(self, read: Mapping[str, Any], keep: Sequence[str] = ()) -> TableMapping:
        """Return the same mapping of a file that is read otherwise, and more of it kept."""
        said = self.model_dump(by_alias=True, exclude_defaults=True)
        said["read"] = {**said.get("read", {}), **read}
        said["keep"] = [*said.get("keep", []), *keep]
        read_otherwise = read_mapping(said)
        read_otherwise._file = self._file
        return read_otherwise

    def theirs(self) -> set[str]:
        """Return the columns of theirs that are spoken of."""
        spoken: list[Named | None] = [*self.columns.values(), *self.rows.keep, *self.rows.leave]
        spoken += [*self.keep, *(self.wide.columns if self.wide else ())]
        spoken += [self.period.date, self.period.year, self.period.month] if self.period else []
        spoken += [self.radius.column if self.radius else None, self.status]
        return {name for given in spoken for name in names_of(given)}


def names_of(given: Named | None) -> list[str]:
    """Return the names that a column may have."""
    return [] if given is None else [given] if isinstance(given, str) else given


def read_mapping(
    given: TableMapping | Mapping[str, Any] | str | Path, *, tables: Collection[str] = ()
) -> TableMapping:
    """Read a mapping: a file in TOML, what such a file holds, or one that was read before.

    Parameters
    ----------
    given
        The mapping.
    tables
        What a table can become, if it is for the mapping to say.

    Raises
    ------
    DataError
        If it cannot be read, or says what no mapping says: all faults at once.

    Examples
    --------
    >>> read_mapping({"as": "places", "columns": {"name": "Ort"}}).theirs()
    {'Ort'}
    """
    if isinstance(given, TableMapping):
        return given
    name, said = "mapping", given
    if isinstance(given, str | Path):
        name, said = str(given), _toml(Path(given), str(given))
    try:
        mapping = TableMapping.model_validate(said, context={"tables": tables})
    except ValidationError as error:
        faults = []
        for one in error.errors(include_url=False, include_context=False):
            where = ".".join(str(part) for part in one["loc"] if part not in ("str", "list[str]"))
            found = one["msg"].removeprefix("Value error, ")
            remedy = _remedy(one["type"])
            if one["type"] == "extra_forbidden" and one["loc"] == (where,):
                remedy = f"{remedy} Columns stand under columns: {{'columns': {{{where!r}: …}}}}."
            faults.append(Fault(name, f"{shown(found)}.", remedy, column=where))
        raise DataError(faults) from None
    mapping._file = name
    return mapping


def _remedy(kind: str) -> str:
    return {
        "extra_forbidden": "A mapping has no such entry; check how it is written.",
        "string_too_short": "Say where the table is from.",
        "string_pattern_mismatch": "Give the address of the page, https://….",
    }.get(kind, "Correct it.")


def _toml(path: Path, name: str) -> dict[str, Any]:
    try:
        require_bound("whole_bytes", path.stat().st_size, name)
        if not path.is_file():  # a pipe is waited for, a device read without end
            raise DataError(Fault(name, "is no plain file.", "Give a TOML file."))
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise DataError(Fault(name, "is too long for a mapping.", "Give a TOML file."))
        return tomllib.loads(data.decode("utf-8-sig"))
    except DataError:
        raise
    except OSError as error:
        found = f"cannot be read: {error.strerror}."
        raise DataError(Fault(name, found, "Give a file, or a publisher's name.")) from None
    except UnicodeDecodeError:
        raise DataError(Fault(name, "is not UTF-8 text.", "Give a TOML file.")) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(Fault(name, f"is not TOML: {shown(error)}.", "Correct it.")) from None
    except RecursionError:
        raise DataError(Fault(name, "is nested too deeply.", "Write it flat.")) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise DataError(Fault(name, f"is not TOML: {shown(error)}.", "Correct it.")) from None

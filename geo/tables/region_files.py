"""Read the files of a region: those that ship as they are, a user's own held to their contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from pkgutil import resolve_name
from typing import TypeVar

import geopandas as gpd
import pandas as pd

import roxham
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError, Fault
from roxham.geo.io.vector import BORDERS, open_vector
from roxham.geo.region.active import active_region, as_region, using_region
from roxham.geo.region.study_area import SHIPPED, Region, kept_of_files

from .bundled import read_shapes, read_shipped
from .contract import SOURCE, Checked, Column, Contract, read_table, reads
from .failures import faults_of, without_options

__all__ = [
    "in_languages",
    "licences_stated",
    "path_of",
    "read_by_mapping",
    "region_shapes",
    "region_table",
    "relaxed",
    "sourced",
    "with_source",
]

Frame = TypeVar("Frame", pd.DataFrame, gpd.GeoDataFrame)
ROOM = "geo/"
TOLD_BY = ("source_title", "source_publisher", "source_url")
"""A row with any of these says itself where it comes from."""


def relaxed(contract: Contract, *needed: str) -> Contract:
    """Return a contract that asks for these columns only; the others may be left out."""
    columns = tuple(replace(c, required=c.name in needed) for c in contract.columns)
    return replace(contract, columns=columns)


def in_languages(columns: Iterable[Column], region: Region) -> list[Column]:
    """Return columns, those in French once for each further language of a region.

    Examples
    --------
    >>> region = as_region("roxham")
    >>> columns = [Column("note"), Column("note_fr")]
    >>> [column.name for column in in_languages(columns, region)]
    ['note', 'note_fr']
    """
    return [one for column in columns for one in _in_languages(column, region)]


def _in_languages(column: Column, region: Region) -> list[Column]:
    if not column.name.endswith("_fr"):
        return [column]
    base = column.name.removesuffix("_fr")
    return [
        column
        if lang == "fr"
        else replace(column, name=f"{base}_{lang}", meaning=f"the same, language {lang}")
        for lang in region.languages[1:]
    ]


def region_table(
    kind: str, contract: Contract, *needed: str, region: Region | None = None
) -> pd.DataFrame:
    """Return a table of a region: no row if it has none.

    Parameters
    ----------
    kind
        Which of the region's files.
    contract
        Its columns; of a file of a user's own only ``needed`` must be there.
    region
        The region; by default the one at work.

    Raises
    ------
    DataError
        If the file is missing or holds any fault: all at once.
    """
    file = as_region(region).file(kind)
    if file is None:
        return pd.DataFrame({c.name: pd.Series(dtype=_dtype(c.kind)) for c in contract.columns})
    if file.startswith(SHIPPED):
        return read_shipped(_of_this_room(file, kind), contract)
    owner, wanted = as_region(region), relaxed(contract, *needed)
    about = (wanted, None if active_region() is owner else active_region())
    rows, rejected = kept_of_files(owner, [file], lambda: read_table(file, wanted), *about)
    if len(rejected):
        raise DataError(faults_of(without_options(rejected)))
    found: pd.DataFrame = with_source(rows.copy(), kind, owner)
    return found


def read_by_mapping(kind: str, region: Region) -> Checked[pd.DataFrame]:
    """Read a table of a region by its mapping, which a room above this one can."""
    with using_region(region):
        found: Checked[pd.DataFrame] = resolve_name(roxham.READERS[kind])()
    return found


def region_shapes(
    kind: str,
    contract: Contract,
    *,
    region: Region | None = None,
    fill: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame] = lambda frame: frame,
) -> gpd.GeoDataFrame:
    """Return shapes of a region, EPSG:4326, with the columns of their contract, or none.

    Columns that say the same in further languages of the region are kept. ``fill`` gives a
    user's own file what it lacks, before columns are looked at.
    """
    file = as_region(region).file(kind)
    names = [column.name for column in contract.columns]
    if file is None:
        empty = {name: pd.Series(dtype="str") for name in names}
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    if file.startswith(SHIPPED):
        return read_shapes(_of_this_room(file, kind), contract)
    name = Path(file).name
    frame = kept_of_files(
        as_region(region), [file], lambda: open_vector(Path(file), name, BORDERS).read(), "shapes"
    ).copy()
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        raise DataError(
            Fault(name, "holds no shapes with a reference system.", "Save it with both.")
        )
    frame = fill(frame.to_crs(WGS84))
    blank = {
        name: pd.Series([None] * len(frame), dtype="str") for name in names if name not in frame
    }
    told = [f"{name}_{lang}" for name in names for lang in as_region(region).languages]
    kept = dict.fromkeys([*names, *(name for name in told if name in frame)])
    shapes = frame.geometry.rename("geometry")
    whole = gpd.GeoDataFrame(frame.assign(**blank)[list(kept)], geometry=shapes)
    return with_source(whole, kind, as_region(region))


@contextmanager
def path_of(file: str) -> Iterator[Path]:
    """Yield the path of a region's file, be it a user's own or one that ships."""
    if not file.startswith(SHIPPED):
        yield Path(file)
        return
    room, _, name = file.removeprefix(SHIPPED).partition("/")
    with as_file(files("roxham") / room / "data" / name) as path:
        yield path


def with_source(frame: Frame, kind: str, region: Region) -> Frame:
    """Return rows that say where they come from: themselves, or as the region's file has it.

    A row that names any source is left with it: two publishers are never made one.
    """
    said: dict[str, str] = _told(kind, region) or {}
    if not said:
        return frame
    blank = frame.reindex(columns=[*dict.fromkeys([*TOLD_BY, *said])]).replace("", None)
    silent = blank[list(TOLD_BY)].isna().all(axis=1)
    filled = {
        name: blank[name].where(blank[name].notna() | ~(silent | (name == "confidence")), text)
        for name, text in said.items()
    }
    frame = frame.assign(**filled)
    if licences := licences_stated([kind], region):
        frame.attrs["licences"] = licences
    return frame


def sourced(contract: Contract, kind: str, region: Region) -> Contract:
    """Return a contract whose rows may leave their source to the region's file."""
    if _told(kind, region) is None:
        return contract
    ours = {column.name for column in SOURCE}
    columns = (replace(c, required=c.required and c.name not in ours) for c in contract.columns)
    return replace(contract, columns=tuple(columns), checks=(*contract.checks, _wholly_sourced))


@reads(*TOLD_BY)
def _wholly_sourced(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield what is missing of a source that a row names in part."""
    blank = rows[list(TOLD_BY)].isna()
    for i in rows.index[blank.any(axis=1) & ~blank.all(axis=1)]:
        for name in blank.columns[blank.loc[i]]:
            yield int(i), name, "is empty; name the whole source, or leave it to the region's file"


def _told(kind: str, region: Region) -> dict[str, str] | None:
    """Return what the region's file says of where a file comes from, by column."""
    source = None if region.details is None else region.details.sources.get(kind)
    if source is None:
        return None
    told = {
        "source_title": source.title,
        "source_publisher": source.publisher,
        "source_url": source.url,
        "source_date": source.date,
        "confidence": source.confidence,
    }
    return {name: text for name, text in told.items() if text is not None}


def licences_stated(kinds: Iterable[str], region: Region) -> list[dict[str, str]]:
    """Return the licences that a region's file states of its files."""
    sources = {} if region.details is None else region.details.sources
    told = [sources[kind] for kind in kinds if kind in sources]
    return [{"name": s.licence, "url": s.licence_url or s.url} for s in told if s.licence]


def _of_this_room(file: str, kind: str) -> str:
    named = file.removeprefix(SHIPPED)
    if not named.startswith(ROOM):
        raise DataError(
            f"files.{kind}: {named} is no file of {ROOM}. `roxham data` lists what ships."
        )
    return named.removeprefix(ROOM)


def _dtype(kind: str) -> str:
    return {"integer": "Int64", "number": "Float64", "lon": "Float64", "lat": "Float64"}.get(
        kind, "str"
    )

"""Commands on tables too large for one machine: many files, and who works through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import typer

from roxham.geo import (
    Region,
    active_region,
    cut_at_border,
    load_border,
    load_hospitals,
    load_places,
    load_roads,
    read_border,
    read_roads,
    using_region,
)
from roxham.geo.border.linework import lines_of
from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import require_writable
from roxham.geo.io.vector import open_vector
from roxham.geo.scale.connection import Alone, connected
from roxham.geo.scale.geoparquet import files_of
from roxham.geo.scale.road_files import crossings_of, near_roads
from roxham.geo.scale.table_files import Outcome, of_each
from roxham.geo.tables.failures import faults_of
from roxham.layers import incident_context, load_ports
from roxham.layers.bundle import load_some
from roxham.layers.counts.by_area import (
    UNDATED,
    added_up,
    cells_of,
    months_told,
    names_of,
    spare_of,
)
from roxham.layers.facts.incidents import INCIDENTS_DATA
from roxham.layers.facts.ports import PORTS_DATA
from roxham.layers.publication.check import check_data
from roxham.layers.publication.gate import answered

from .console import err, out, tell_faults
from .region import publisher_of

if TYPE_CHECKING:
    from roxham.geo import Border, Roads
    from roxham.layers.publication.gate import Override

__all__ = [
    "Scheduler",
    "areas_of_files",
    "context_of_files",
    "counts_of_files",
    "crossings_of_files",
    "is_many",
    "over_months",
    "tell_faulty",
    "working",
]

Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        help="Who reads many files: tcp://HOST:PORT of a Dask cluster, or local:4 for "
        "four processes here; this process by default.",
    ),
]
Ground = tuple["Border | gpd.GeoDataFrame", Region | None, pd.DataFrame]


def is_many(source: str | None, scheduler: str | None) -> bool:
    """Whether a name is of files to be read piece by piece: a pattern, or addresses of a store."""
    if source is None:
        return False
    far = source.partition("://")[0].lower() in ("s3", "gs")
    return (
        scheduler is not None or far or (any(m in source for m in "*?[") and not _is_file(source))
    )


def _is_file(source: str) -> bool:
    try:
        return Path(source).exists()
    except OSError:
        return False


@contextmanager
def working(scheduler: str | None) -> Iterator[Alone]:
    """Give who works, and say where one can watch them."""
    with connected(scheduler, shows=err.is_terminal) as workers:
        if workers.dashboard:
            err.print(f"Dashboard: {workers.dashboard}")
        yield workers


def crossings_of_files(
    roads: str,
    scheduler: str | None,
    border: Path | None,
    ground: Callable[[tuple[float, float, float, float]], Ground | None],
    **options: Any,
) -> tuple[gpd.GeoDataFrame, list[Fault]] | None:
    """Return the crossings of a network in files, and the files at fault; None if it lies apart.

    Parameters
    ----------
    roads
        A name, or a pattern of names.
    scheduler
        Who reads.
    border
        A file of lines or areas; the region's border by default.
    ground
        Gives border, region and ports for the bounds of the network.
    options
        As for :func:`~roxham.geo.scale.road_files.crossings_of`.
    """
    files = files_of(roads)
    line = load_border().line if border is None else read_border(border)
    with working(scheduler) as workers:
        near = near_roads(files, *lines_of(line), workers)
        tell_read(near.told, len(files))
        if len(near.faults) == len(files):
            raise DataError(near.faults)
        found = ground(near.bounds)
        if found is None:
            return None
        lines, region, known = found
        table = crossings_of(near, workers, lines, region=region, ports=known, **options)
    return table, near.faults


def tell_read(told: Sequence[Any], files: int) -> None:
    """Say how much was read of how much."""
    read, stored = (sum(getattr(one, name) for one in told) for name in ("read", "stored"))
    share = f"{read / stored:.1%}" if stored else "nothing"
    share += ", some of them twice" if read > stored else ""
    err.print(f"Read {read:,} of {stored:,} bytes in {files:,} files ({share}).")


def tell_faulty(faults: Sequence[Fault], files: str = "files") -> None:
    """Say which files are left out, and leave with 1: what is written is not the whole."""
    if faults:
        named = len({fault.file for fault in faults})
        err.print(f"{named} of the {files} left out; what they hold is missing here:")
        tell_faults(list(faults))
        raise typer.Exit(1)


@dataclass(frozen=True)
class Context:
    """The context of incidents, as a worker works it out: it opens the network by its name."""

    region: Region
    roads: Path | None
    by: str | None
    on: str | None
    run: str
    """Tells this call from others of the process, whose regions may have the same name."""
    allowed: Mapping[str, Override]

    def __call__(self, rows: gpd.GeoDataFrame) -> pd.DataFrame:
        """Return the context of some rows; raise if any of them is at fault."""
        with using_region(self.region):
            layers = load_some(INCIDENTS_DATA, PORTS_DATA, incidents=rows)
            if len(layers.rejected):
                raise DataError(faults_of(layers.rejected))
            table = incident_context(
                layers.incidents,
                _network(self.roads, self.by, self.run),
                ports=layers.ports,
                places=pd.concat([load_places(), load_hospitals()], ignore_index=True),
                on=self.on,
            )
            answered(check_data({"result": table}), self.allowed)
            return table


@lru_cache(maxsize=1)
def _network(path: Path | None, by: str | None, run: str) -> Roads:
    """Return the network of the region at work, opened once a run by each worker."""
    roads = load_roads() if path is None else read_roads(path)
    if "side" in roads.node_columns or active_region().file("border") is None:
        return roads
    return cut_at_border(roads, load_border(), ports=load_ports().rows, by=publisher_of(by))


def context_of_files(
    incidents: str,
    scheduler: str | None,
    output: Path | None,
    *,
    roads: Path | None,
    by: str | None,
    on: str | None,
    allowed: Mapping[str, Override],
) -> None:
    """Write the context of the incidents of each file to a file of the same name in a folder."""
    if output is None or output.suffix:
        found = "is no folder." if output is not None else "is needed where many files are read."
        raise DataError(Fault(str(output or "--output"), found, "Give the name of a folder."))
    files = files_of(incidents)
    folder = output.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if any(Path(name).parent == folder for name in files if "://" not in name):
        raise DataError(Fault(str(output), "holds the files that are read.", "Give another."))
    own = None if roads is None else roads.absolute()
    work = Context(active_region(), own, by, on, uuid4().hex, allowed)
    with working(scheduler) as workers:
        outcomes = of_each(files, work, workers, folder=folder)
    faults = _told(outcomes, len(files))
    rows = sum(one.rows for one in outcomes)
    out.print(f"{output}  {rows:,} incidents", soft_wrap=True)
    tell_faulty(faults)


def counts_of_files(
    points: str, areas: Path, scheduler: str | None, output: Path | None, *, threshold: int
) -> pd.DataFrame:
    """Return how many points of many files lie in each area in each month, small counts withheld.

    Nothing is counted if a file is at fault: counts of the others would be too low.
    """
    if output is not None:
        require_writable(output)
    shapes, names = _areas(areas, threshold)
    return added_up(_cells(points, shapes, names, scheduler), names, threshold)


def areas_of_files(
    points: str,
    areas: Path,
    scheduler: str | None,
    *,
    since: str | None,
    until: str | None,
    threshold: int,
) -> gpd.GeoDataFrame:
    """Return areas with how many points of many files lie in each in some months, all together.

    No page tells of a month what its table withholds, as :func:`counts_of_files` does: neither
    beside that table, nor beside a page of fewer months. A count of some months is
    what the table tells of them, from its least to its most; that of all is exact, unless the
    months that are withheld could be told by it.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326: ``name, count`` (Int64, null where not told exactly), ``low, high`` (Int64).
    """
    shapes, names = _areas(areas, threshold)
    cells = pd.concat(_cells(points, shapes, names, scheduler), ignore_index=True)
    table = over_months(cells, names, since, until, threshold)
    frame = {"name": pd.array(names, dtype="string"), **table}
    return gpd.GeoDataFrame(frame, geometry=shapes.geometry.to_numpy(), crs=shapes.crs)


def over_months(
    cells: pd.DataFrame, names: list[str], since: str | None, until: str | None, threshold: int
) -> dict[str, Any]:
    """Return what is told of each area in some months: ``count, low, high``."""
    found = cells.groupby(["area", "month"])["count"].sum()
    span = months_told(found, threshold)
    every, most = [*span, UNDATED], threshold - 1

    def told_of(months: list[str]) -> tuple[pd.Series[int], pd.Series[int]]:
        """Return what is published of each area in some months, and how many are withheld."""
        known = found[found.ge(threshold) & found.index.get_level_values("month").isin(months)]
        told = known.groupby("area").agg(["sum", "size"]).reindex(names, fill_value=0)
        return told["sum"], len(months) - told["size"]

    whole, hidden = told_of(every)
    small = found[found < threshold].groupby("area").sum().reindex(names, fill_value=0)
    spare = spare_of(found, span, threshold)
    exact = hidden.eq(0) | small.gt(spare)
    high = (most * hidden).clip(upper=spare).mask(exact, small) + whole
    low = whole.mask(exact, high)
    if since or until:
        months = [m for m in span if (since or "") <= m <= (until or "9999")]
        mine, open_ = told_of(months)
        _, beside = told_of([month for month in every if month not in {*months}])
        low = mine.clip(lower=low - (whole - mine) - most * beside)
        high = (mine + most * open_).clip(upper=high - (whole - mine))
        high = high.mask(low.eq(0) & open_.eq(0), most)  # nobody, or no months: 0 tells that
    count = high.where(low.eq(high))
    told = {"count": count, "low": low, "high": high}
    return {name: column.astype("Int64").to_numpy() for name, column in told.items()}


def _areas(areas: Path, threshold: int) -> tuple[gpd.GeoDataFrame, list[str]]:
    shapes = gpd.GeoDataFrame(open_vector(areas, str(areas)).read())
    return shapes, names_of(shapes, threshold=threshold)


def _cells(
    points: str, shapes: gpd.GeoDataFrame, names: list[str], scheduler: str | None
) -> list[pd.DataFrame]:
    """Return how many points of each file are in each area in each month."""
    files = files_of(points)
    known = gpd.GeoSeries(shapes.geometry.to_numpy())
    with working(scheduler) as workers:
        count = partial(cells_of, areas=known, names=names)
        outcomes = of_each(files, count, workers, columns=["date"])
    if faults := _told(outcomes, len(files)):
        raise DataError(faults)
    return [one.made for one in outcomes]


def _told(outcomes: Sequence[Outcome], files: int) -> list[Fault]:
    tell_read(outcomes, files)
    return [fault for one in outcomes for fault in one.faults]

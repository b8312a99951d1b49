"""Open road networks from files, told apart by what is in them."""

from __future__ import annotations

import bz2
import gzip
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, cast

import geopandas as gpd
import numpy as np
import shapely
import shapely.affinity

from roxham.geo.arguments import checked
from roxham.geo.bounds import Bounded, within_bounds
from roxham.geo.columns import Coded
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.vector import kind_of
from roxham.geo.network.roads import Roads, over_antimeridian, with_meta
from roxham.geo.network.speeds import with_pace, with_speeds
from roxham.geo.network.stats import largest_component
from roxham.geo.places.jurisdictions import jurisdiction_of
from roxham.geo.quoting import name_of
from roxham.geo.region import Region, as_region

from .formats import READERS, RoadFile
from .network_types import TWO_WAY, Mode
from .node_edge_tables import filter_modes, network_of, read_tables
from .osm_elements import merged
from .overpass import LARGEST_BYTES, TILE_KM, Progress, default_cache, fetch_tiles
from .simplify import build_network

__all__ = ["fetch_roads", "read_roads", "within"]

LOGGER = logging.getLogger(__name__)

HEAD = 4096
"""Bytes by which a file is told apart, unpacked."""

MOTOR = frozenset({"drive", "drive_service", "all", "all_public"})
"""Modes for which speed limits give travel times."""

UNPACKERS: dict[bytes, type[gzip.GzipFile | bz2.BZ2File]] = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZh": bz2.BZ2File,
}


@checked()
def read_roads(
    path: str | Path | gpd.GeoDataFrame,
    *,
    region: Region | str | Path | None = None,
    modes: Mode = "drive",
    directed: bool | None = None,
    rings: bool = False,
    largest: bool = False,
) -> Roads:
    """Open a road network from a file, or make one of a frame of lines.

    Parameters
    ----------
    path
        OSM XML (plain, gzip, bzip2), OSM PBF, a saved Overpass answer in JSON
        (plain, gzip, bzip2), OSMnx GraphML, GeoPackage with layers ``nodes`` and
        ``edges`` or with one layer, GeoParquet edges (with nodes in a file or folder beside
        them, see :func:`~roxham.geo.readers.node_edge_tables.read_tables`), or a saved network.
        The content decides, not the name. Or a frame of lines in EPSG:4326. Plain lines,
        without ``u`` and ``v``, meet where they share a vertex, and are cut there. A graph of
        OSMnx goes into :meth:`Roads.from_networkx`.
    region
        Keep the edges of which any part lies in its bounds, whole.
    modes
        OSMnx's network types: ``drive``, ``drive_service``, ``walk``, ``bike``,
        ``all``, ``all_public``. The filters are OSMnx's, applied here.
    directed
        Of tables whose rows have no ``oneway``: whether each is one direction only, or else
        a street open both ways. A table in which some rows are others' way back is directed.
    rings
        Of OpenStreetMap's files: whether to keep isolated rings of road, at which no road
        begins or ends. They are left out by default, as by OSMnx, and counted in
        ``meta["rings"]``.
    largest
        Keep the largest component only, as :func:`~roxham.geo.largest_component` does.

    Returns
    -------
    Roads
        In EPSG:4326, with speeds and travel times for cars, for ``walk`` and ``bike`` those of
        :func:`~roxham.geo.with_pace`; all components, large and small. Ferries that are roads
        too (``route`` ``ferry``) take the time that they state (``duration``), else none is
        known; ``meta["ferries"]`` counts those that are no road and left out.
        ``meta["set_aside"]`` lists what could not be used, with reasons.

    Raises
    ------
    DataError
        If the file is missing, damaged, of an unknown kind, or holds no road of
        this type in this region; if a table does not say whether it is directed, or a plain
        line ends on another that has no vertex there.

    Examples
    --------
    Lines as any file of roads has them:

    >>> mine = gpd.GeoSeries.from_wkt(["LINESTRING (6 45, 6.1 45, 6.2 45)",
    ...                                "LINESTRING (6.1 45, 6.1 45.1)"], crs="EPSG:4326")
    >>> read_roads(gpd.GeoDataFrame(geometry=mine), modes="all", directed=False)
    <Roads: 4 nodes, 6 edges, 54 km>

    A file of OpenStreetMap:

    >>> import tempfile
    >>> text = '''<osm version="0.6"><node id="1" lat="45.0" lon="-73.5"/>
    ... <node id="2" lat="45.01" lon="-73.5"/>
    ... <way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/></way></osm>'''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "roads.osm"
    ...     _ = file.write_text(text)
    ...     read_roads(file).edges["length"].round(1).tolist()
    [1112.0, 1112.0]
    """
    region = None if region is None else as_region(region)
    if isinstance(path, gpd.GeoDataFrame):
        name = "the frame"
        read = filter_modes(network_of(None, path, name, directed=directed), modes, name)
    else:
        name = name_of(Path(path))
        read = _read(Path(path), name, modes, directed, rings)
    roads = _finished(read, name, Path(name).name, region, modes)
    LOGGER.info("%s: %d of %d edges kept, %s", name, roads.edge_count, read.edge_count, modes)
    return largest_component(roads) if largest else roads


def _finished(roads: Roads, name: str, source: str, region: Region | None, modes: Mode) -> Roads:
    """Cut to the region, refuse an empty network, add speeds and say where it is from."""
    if region is not None:
        roads = within(roads, region)
    if not roads.edge_count:
        where = f" in region {region.name}" if region is not None else ""
        found, remedy = f"holds no road of network type {modes}{where}.", ""
        if rings := roads.meta.get("rings"):
            found = f"{found[:-1]}, but isolated rings of road ({rings}), which are left out."
            remedy = "Keep them: rings=True of read_roads(), --rings of roxham roads."
        raise DataError(Fault(name, found, remedy))
    if modes in MOTOR and "travel_time_s" not in roads.edge_columns:
        roads = with_speeds(_with_jurisdiction(roads))
    if modes in ("walk", "bike") and "travel_time_s" not in roads.edge_columns:
        roads = with_pace(roads, modes)
    return with_meta(roads, {"source": source, "modes": modes})


def _with_jurisdiction(roads: Roads) -> Roads:
    """Add the state or province of each edge where one is bundled."""
    # The middle point of a line decides: few edges lie in two jurisdictions.
    middle = roads.coords[(roads.offsets[:-1] + roads.offsets[1:]) // 2]
    where = jurisdiction_of(middle[:, 0], middle[:, 1]).astype(str)
    known, codes = np.unique(where, return_inverse=True)
    first = int(known[0] == "")  # the empty text sorts first, and is null
    if first == len(known):
        return roads
    column = Coded((codes - first).astype(np.int32), known[first:].tolist())
    return roads.with_columns(edges={"jurisdiction": column})


@checked()
def fetch_roads(
    region: Region | str | Path,
    *,
    modes: Mode = "drive",
    cache: str | Path | None = None,
    endpoint: str | None = None,
    tile_km: float = TILE_KM,
    timeout_s: float | None = None,
    largest_bytes: int = LARGEST_BYTES,
    progress: Progress | None = None,
) -> Roads:
    """Download a road network from OpenStreetMap through Overpass, in tiles.

    Parameters
    ----------
    region
        Where; edges that lie in its bounds with any part are kept, whole.
    modes
        OSMnx's network types, as in :func:`read_roads`.
    cache
        Folder in which answers are kept. Tiles that are there, whole, are not asked
        for: no network is touched if all are.
    endpoint
        Base address of an Overpass API; by default ``osmnx.settings.overpass_url``.
        OSMnx's ``requests_kwargs`` hold, too.
    tile_km
        Largest side of a tile, kilometres.
    timeout_s
        Seconds that a tile may go without progress; by default
        ``osmnx.settings.requests_timeout``, which is 180.
    largest_bytes
        How large the answer for a tile may be, as sent and unpacked.
    progress
        Called with tiles done, tiles in all, and what happens now.

    Returns
    -------
    Roads
        As :func:`read_roads` returns it. © OpenStreetMap contributors, ODbL 1.0.

    Raises
    ------
    FetchError
        If the network or the server is not there; what was fetched stays in the
        cache, and the next call goes on.
    DataError
        If there is no such road in the region.

    Examples
    --------
    >>> from roxham.geo import Region
    >>> box = Region("b", "A box", (0.0, 45.0, 0.1, 45.1), "EPSG:32631", ("a", "b"))
    >>> try:
    ...     fetch_roads(box, tile_km=0, cache="unused")
    ... except DataError as error:
    ...     print(error)
    tile_km: is 0. Give the side of a tile, kilometres, above 0.
    """
    region = as_region(region)
    if not tile_km:
        raise DataError("tile_km: is 0. Give the side of a tile, kilometres, above 0.")
    folder = Path(cache) if cache is not None else default_cache()
    parts = fetch_tiles(
        region,
        modes,
        cache=folder,
        endpoint=endpoint,
        tile_km=tile_km,
        timeout_s=timeout_s,
        largest_bytes=largest_bytes,
        progress=progress,
    )
    name = f"OpenStreetMap, {region.name}"
    roads = build_network(merged(parts, name), two_way=modes in TWO_WAY)
    return _finished(roads, name, name, region, modes)


def within(roads: Roads, region: Region) -> Roads:
    """Return the edges of which any part lies in a region's bounds, whole, and their nodes."""
    if not roads.edge_count:
        return roads
    west, south, east, north = region.bounds
    low = np.minimum.reduceat(roads.coords, roads.offsets[:-1])
    high = np.maximum.reduceat(roads.coords, roads.offsets[:-1])
    touching = np.logical_and(high >= (west, south), low <= (east, north)).all(axis=1)
    inside = np.logical_and(low >= (west, south), high <= (east, north)).all(axis=1)
    # of bounds over 180° each edge is looked at by its shape
    touching = np.asarray(touching, dtype=bool) | region.over_180
    inside = np.asarray(inside, dtype=bool) & (not region.over_180)
    over = over_antimeridian(roads)
    rows = np.flatnonzero(touching & ~inside & ~over)
    touching[rows] = shapely.intersects(roads.lines[rows], region.polygon)
    for row in np.flatnonzero(over).tolist():  # where it is, not all the way round the Earth
        x, y = roads.coords[roads.offsets[row] : roads.offsets[row + 1]].T
        line = shapely.linestrings(np.where(x < 0, x + 360, x), y)
        areas = [region.polygon, shapely.affinity.translate(region.polygon, 360)]
        touching[row] = bool(shapely.intersects(line, areas).any())
    return roads.take_edges(touching)


def _read(path: Path, name: str, modes: Mode, directed: bool | None, rings: bool) -> Roads:
    """Tell the kind of a file and hand it to its reader."""
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long
        raise DataError(f"{shown(name)}: cannot be read: {error.strerror}.") from None
    if folder:
        with within_bounds(name):
            return filter_modes(read_tables(path, name, directed=directed), modes, name)
    with within_bounds(name), _opened(path, name) as content:
        head = content.read(HEAD)
        content.seek(0)
        file = RoadFile(path, name, head, content, directed, rings)
        for kind, reader in reversed(READERS.items()):
            if reader.knows(file):
                LOGGER.debug("%s: is read as %s", name, kind)
                return reader.read(file, modes)
    *kinds, last = READERS
    empty = ": it is empty." if not head else "."
    raise DataError(f"{name}: is none of {', '.join(kinds)} or {last}{empty}")


@contextmanager
def _opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file for bytes, unpacked; what goes wrong in unpacking is told plainly."""
    if "\0" in str(path):
        raise DataError(f"{shown(name)}: is no name of a file.")
    kind_of(path, name)  # a pipe would be waited for
    try:
        with path.open("rb") as plain:
            magic = plain.read(3)
            plain.seek(0)
            unpack = next((u for start, u in UNPACKERS.items() if magic.startswith(start)), None)
            packed = path.stat().st_size if unpack else None
            with unpack(path) if unpack else nullcontext(plain) as file:
                yield cast(IO[bytes], Bounded(cast(IO[bytes], file), name, packed))
    except FileNotFoundError:
        raise DataError(f"{name}: there is no such file.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{name}: is not whole: {shown(error)} Fetch it again.") from None
    except OSError as error:
        reason = error.strerror or shown(error)
        raise DataError(f"{name}: cannot be read: {reason}.") from None

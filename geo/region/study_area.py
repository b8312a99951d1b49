"""A stretch of border: where it is, in which metres it is measured, whose sides it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from importlib.resources import files
from numbers import Real
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, TypeVar

import geopandas as gpd
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from roxham.geo.arguments import checked, require_fields
from roxham.geo.crs import Bounds, require_metres
from roxham.geo.errors import DataError, shown

from .kinds import kind_faults

if TYPE_CHECKING:
    from .definition import Definition

__all__ = ["OWN_BORDER", "SHIPPED", "Region", "kept_of_files", "kept_with_region", "side_columns"]

T = TypeVar("T")

OWN_BORDER = "own"
"""Name of a region that is no folder: a border of one's own alone."""
KEPT = "kept of files"
MOST_KEPT = 8_000_000
"""Bytes of files that are kept once they were read."""
SHIPPED = "shipped:"
"""Before the name of a resource that ships, as ``shipped:geo/border.csv``."""
RESOURCE = re.compile(rf"{SHIPPED}(geo|layers)/(\w+\.(?:csv|geojson))")
PUBLISHER = re.compile(r"[a-z0-9-]+")
"""How the name of a publisher is written; all else is a file of the folder."""


def side_columns(sides: Sequence[str]) -> tuple[str, str]:
    """Return what columns of the two sides have in their names: ``a, b``, or codes of countries.

    Examples
    --------
    >>> side_columns(("CA", "US")), side_columns(("valley", "hill"))
    (('ca', 'us'), ('a', 'b'))
    """
    first, second = sides
    countries = all(len(side) == 2 and side.isascii() and side.isalpha() for side in sides)
    return (first.lower(), second.lower()) if countries else ("a", "b")


@dataclass(frozen=True)
class Region:
    """A study area around a border.

    Parameters
    ----------
    name
        Short stable identifier.
    title
        Name for readers.
    bounds
        ``(west, south, east, north)`` in degrees, EPSG:4326; over 180° the west is beyond the
        east, as in ``(179, -17, -179, -16)``.
    metric_crs
        The one projected CRS in which metres are computed here; :func:`suggest_metric_crs`
        finds one. Whatever computes metres refuses one that is made for elsewhere.
    sides
        Codes of the two sides, the northern or first-named one first; of an area and
        what lies around it, the inner one.
    controlled
        Whether crossing away from a port of entry is unlawful. On a controlled
        border, undocumented meeting places of road and line are never listed. A
        line along a border that always is controlled is never taken for an open one.
    details
        What else its file says, of a region that was read from a folder.
    folder
        The folder it was read from.
    given
        Files, or addresses, in place of its own: see :meth:`with_files`.

    Examples
    --------
    >>> region = Region("fields", "Two fields", (0, 0, 2, 2), "EPSG:32631", ("north", "south"))
    >>> region.contains(1.5, 0.5), region.ways
    (True, ('north', 'south'))
    """

    name: str
    title: str
    bounds: tuple[float, float, float, float]
    metric_crs: str
    sides: tuple[str, str]
    controlled: bool = True
    details: Definition | None = field(default=None, repr=False, compare=False)
    folder: Path | None = field(default=None, repr=False)
    given: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        require_fields(self)
        if not (_is_box(self.bounds) or self.over_180):
            raise DataError(
                f"region {self.name}: bounds {self.bounds} are not west, south, east, north "
                "in degrees. Give longitude first, smallest values first."
            )
        if len(self.sides) != 2 or self.sides[0] == self.sides[1]:
            raise DataError(f"region {self.name}: sides {self.sides} are not two names.")

    def __getstate__(self) -> dict[str, Any]:
        """Return what is sent to others: not what was worked out of it and its files here."""
        return {name: value for name, value in vars(self).items() if name.isidentifier()}

    def require_metric(self) -> str:
        """Return the metric CRS; raise if it is none, or made for an area elsewhere.

        Examples
        --------
        >>> field = Region("a field", "A field", (0, 0, 2, 2), "EPSG:32631", ("north", "south"))
        >>> field.require_metric()
        'EPSG:32631'
        """
        return require_metres(self.metric_crs, self.bounds, f"region {self.name}")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its page, first that of columns without a suffix."""
        return ("en",) if self.details is None else self.details.languages

    @property
    def ways(self) -> tuple[str, str]:
        """Which way people go who go to its first side, and to its second."""
        told = (None, None) if self.details is None else [s.towards for s in self.details.sides]
        first, second = (way or usual for way, usual in zip(told, ("north", "south"), strict=True))
        return first, second

    @property
    def around(self) -> tuple[float, float, float, float]:
        """Where places may lie that belong to it: as its file says, or somewhat beyond it."""
        if self.details is not None and self.details.around is not None:
            return self.details.around
        west, south, east, north = self.bounds
        beyond = 2.0
        return west - beyond, south - beyond, east + beyond, north + beyond

    @checked()
    def columns(self, what: str, *, prefix: bool = False) -> tuple[str, str]:
        """Return what the columns of its two sides are called: ``ca_name`` and ``us_name``.

        With ``prefix`` the side stands last: ``hours_ca``.

        Examples
        --------
        >>> Region("x", "X", (0, 0, 2, 2), "EPSG:32631", ("FR", "ES")).columns("name")
        ('fr_name', 'es_name')
        """
        first, second = (side.lower() for side in self.sides)
        if prefix:
            return f"{what}_{first}", f"{what}_{second}"
        return f"{first}_{what}", f"{second}_{what}"

    @checked()
    def file(self, kind: str) -> str | None:
        """Return a file of the region: a path, ``shipped:`` and a resource, or None.

        Raises
        ------
        DataError
            If the file names one outside its folder, what is no file, or what does not ship.
        """
        named = None if self.details is None else self.details.files.get(kind)
        named = self.given.get(kind, named)
        if named is not None and named.startswith(SHIPPED) and not _ships(named):
            raise DataError(
                f"region {self.name}: files.{kind}: {shown(named)} does not ship. "
                "`roxham data` lists what does."
            )
        if named is None or named.startswith(SHIPPED) or kind in self.given:
            return named
        return self._inside(named, f"files.{kind}")

    def _inside(self, named: str, key: str) -> str:
        """Return the path of a file in the folder of the region."""
        assert self.folder is not None
        path = self.folder / named
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
            plain = path.is_file() or not path.exists()
        except (OSError, RuntimeError):  # too long a name; links in a ring
            inside, plain = True, False
        if Path(named).is_absolute() or not inside:
            raise DataError(
                f"region {self.name}: {key} leads out of its folder. Copy the file into it."
            )
        if not plain:
            raise DataError(
                f"region {self.name}: {key}: {shown(named)} is no plain file. "
                "Put the file itself there."
            )
        return str(path)

    @checked()
    def mapping(self, kind: str) -> str | None:
        """Return the mapping that a table of the region is read with: a path, or a publisher.

        A file given in place of its own has none.
        """
        named = None if self.details is None else self.details.mappings.get(kind)
        if named is None or kind in self.given:
            return None
        return named if PUBLISHER.fullmatch(named) else self._inside(named, f"mappings.{kind}")

    @checked()
    def with_files(self, **others: str) -> Region:
        """Return the region with other files in place of some of its own.

        Raises
        ------
        DataError
            For a kind of file that no region has, with the nearest that there is.

        Examples
        --------
        >>> field = Region("a field", "A field", (0, 0, 2, 2), "EPSG:32631", ("north", "south"))
        >>> field.with_files(roads="mine.osm.pbf").file("roads")
        'mine.osm.pbf'
        """
        if faults := kind_faults(others):
            raise DataError(faults)
        return replace(self, given={**self.given, **others})

    @property
    def over_180(self) -> bool:
        """Whether the bounds go over 180°."""
        return _goes_over(self.bounds)

    @property
    def ahead(self) -> Bounds:
        """The bounds with an east that goes on beyond 180°, if they go over it."""
        return self.drawn(self.bounds)

    @checked()
    def drawn(self, bounds: Bounds) -> Bounds:
        """Return a box as its map draws it: over 180° the west goes on in the east.

        Examples
        --------
        >>> sides, metres = ("east", "west"), "EPSG:3460"
        >>> fiji = Region("fiji", "Fiji", (179, -18, -179, -16), metres, sides)
        >>> fiji.drawn((-179.9, -17, -179.5, -16))
        (180.1, -17, 180.5, -16)
        """
        if not self.over_180:
            return bounds
        west, south, east, north = bounds
        return west + 360 * (west < 0), south, east + 360 * (east < 0), north

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the bounds."""
        west, south, east, north = self.ahead
        lon = (west + east) / 2
        return lon - 360 * (lon > 180), (south + north) / 2

    @property
    def polygon(self) -> Polygon | MultiPolygon:
        """The bounds as a polygon, EPSG:4326; as two, if they go over 180°."""
        west, south, east, north = self.bounds
        if not self.over_180:
            return box(*self.bounds)
        return MultiPolygon([box(west, south, 180, north), box(-180, south, east, north)])

    @checked()
    def contains(self, lon: float, lat: float) -> bool:
        """Whether a point lies within the bounds."""
        west, south, east, north = self.bounds
        across = west <= lon or lon <= east if self.over_180 else west <= lon <= east
        return across and south <= lat <= north

    @checked()
    def clip(self, areas: gpd.GeoDataFrame, *, ground: bool = False) -> gpd.GeoDataFrame:
        """Return the areas that reach into the bounds, EPSG:4326, cut at their edges.

        With ``ground`` as far as its map has any, where its file says that it goes on beyond.
        """
        wider = None if self.details is None or not ground else self.details.ground
        limits = self.polygon if wider is None else replace(self, bounds=wider).polygon
        cut = areas.set_geometry(areas.geometry.intersection(limits))
        return cut[shapely.area(cut.geometry.to_numpy()) > 0].reset_index(drop=True)


def kept_with_region(work: Callable[[Region], T]) -> Callable[[Region], T]:
    """Keep what is worked out of a region with it: of one that is read anew, it is anew.

    Two regions of one name and place are equal, and their files need not be: one may have been
    given others, or its folder have been changed since.
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def kept(region: Region) -> T:
        known: dict[str, Any] = vars(region)
        if name not in known:
            known[name] = work(region)
        found: T = known[name]
        return found

    return kept


def kept_of_files(
    region: Region, files: Sequence[str], read: Callable[[], T], what: Hashable, *of: Hashable
) -> T:
    """Keep what is read of files of a region with it, while they stay as they are.

    ``what`` and ``of`` tell apart what one file is read as. What is returned is not to be altered.
    Large files, and what is no plain file, are read each time.
    """
    try:
        found = [Path(file).stat() for file in files]
    except (OSError, ValueError):  # an address
        return read()
    if sum(one.st_size for one in found) > MOST_KEPT or not all(S_ISREG(o.st_mode) for o in found):
        return read()
    stamps = [(one.st_mtime_ns, one.st_size, one.st_ino) for one in found]
    known: dict[Hashable, tuple[Any, T]] = vars(region).setdefault(KEPT, {})
    key = (*files, what, *of)
    if key not in known or known[key][0] != stamps:
        known[key] = (stamps, read())
    return known[key][1]


def _ships(named: str) -> bool:
    """Whether a resource ships under this name; one with a way out of its room does not."""
    found = RESOURCE.fullmatch(named)
    return found is not None and files("roxham").joinpath(found[1], "data", found[2]).is_file()


def _is_box(bounds: Sequence[float]) -> bool:
    """Whether these are west, south, east, north in degrees."""
    if len(bounds) != 4 or not all(isinstance(value, Real) for value in bounds):
        return False
    west, south, east, north = bounds
    return -180 <= west < east <= 180 and -90 <= south < north <= 90


def _goes_over(bounds: Sequence[float]) -> bool:
    """Whether a box begins in the east and ends in the west, as over the antimeridian."""
    if len(bounds) != 4 or not all(isinstance(value, Real) for value in bounds):
        return False
    west, south, east, north = bounds
    return 180 < west - east < 360 and west <= 180 and east >= -180 and -90 <= south < north <= 90

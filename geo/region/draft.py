"""The first draft of a region's file: what can be worked out filled in, the rest in comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jinja2
import numpy as np
from pyproj import Geod

__all__ = ["Draft", "nearest_zone"]

FAR_M = 800_000.0
RIVAL = 1.3
"""A city farther away than this says nothing of a place, nor does one of two about as near."""
ZONES = (Path("/usr/share/zoneinfo/zone1970.tab"), Path("/usr/share/zoneinfo/zone.tab"))


@dataclass(frozen=True)
class Draft:
    """What is known of a region before anybody has written of it.

    Attributes
    ----------
    name
        Its id, and the name of its folder.
    bounds
        ``(west, south, east, north)`` in degrees.
    metric_crs
        A projected CRS for it.
    timezone
        The zone of the nearest city that the time zone database names, where others agree;
        None if unknown.
    sides
        Code, name and a place inside (or True: inside the border's areas) of each side.
    border, roads
        Names of files in the folder; None where there is none.
    controlled
        Whether the border is.
    """

    name: str
    bounds: Sequence[float]
    metric_crs: str
    timezone: str | None
    sides: Sequence[tuple[str, str, tuple[float, float] | bool | None]]
    border: str | None = None
    roads: str | None = None
    controlled: bool = True

    def text(self) -> str:
        """Return it as a ``region.toml``."""
        source = files("roxham.geo") / "data" / "regions" / "draft.toml.j2"
        template = jinja2.Template(
            source.read_text(encoding="utf-8"), trim_blocks=True, lstrip_blocks=True
        )
        edges = [f"{edge:.4f}" for edge in self.bounds]
        return str(template.render(**{**vars(self), "bounds": edges})) + "\n"


def nearest_zone(lon: float, lat: float) -> str | None:
    """Return the time zone of the nearest city that the time zone database names.

    None where that is no good guess: it is far away, or another, about as near, has other hours.

    Examples
    --------
    >>> nearest_zone(-97.2, 49.0) in (None, "America/Winnipeg")
    True
    """
    table = next((path.read_text() for path in ZONES if path.is_file()), None)
    if table is None:
        try:
            table = (files("tzdata") / "zoneinfo" / "zone1970.tab").read_text()
        except (ModuleNotFoundError, OSError):
            return None
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    lats, lons = np.array([_degrees(row[1]) for row in rows]).T
    here = np.full(len(rows), lon), np.full(len(rows), lat)
    metres = Geod(ellps="WGS84").inv(*here, lons, lats)[2]
    order = np.argsort(metres)
    names = [rows[i][2] for i in order[metres[order] <= RIVAL * metres[order[0]]].tolist()]
    if metres[order[0]] > FAR_M or len({_clocks(name) for name in names}) > 1:
        return None
    return str(names[0])


def _clocks(name: str) -> tuple[object, ...]:
    """Return how a zone's clocks stand in January and July of this century."""
    try:
        zone = ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return (name,)
    days = [dt.datetime(year, month, 1, 12) for year in (2010, 2024) for month in (1, 7)]
    return tuple(day.replace(tzinfo=zone).utcoffset() for day in days)


def _degrees(text: str) -> tuple[float, float]:
    """Return latitude and longitude of ISO 6709: ``+4953-09709``, with seconds or without."""
    cut = max(text.rfind("+"), text.rfind("-"))

    def one(part: str, whole: int) -> float:
        sign, digits = (-1 if part[0] == "-" else 1), part[1:]
        degrees, minutes = int(digits[:whole]), int(digits[whole : whole + 2])
        return sign * (degrees + minutes / 60 + int(digits[whole + 2 :] or 0) / 3600)

    return one(text[:cut], 2), one(text[cut:], 3)

"""Which ways belong to a network: OSMnx's network types, applied to any file.

The rules are those that OSMnx sends to Overpass, as ``(tag, what its value must
not contain)``. A rule holds where the tag is absent. As in Overpass, a value is
searched, not compared: ``motor`` rules out ``motorway_link``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal, get_args

__all__ = ["MODES", "TWO_WAY", "Mode", "chooser"]

Mode = Literal["drive", "drive_service", "walk", "bike", "all", "all_public"]
MODES: tuple[str, ...] = get_args(Mode)

TWO_WAY = frozenset({"walk"})
"""Modes in which a one-way street is open both ways."""

Rules = tuple[tuple[str, str], ...]

OUT_OF_USE = "abandoned|construction|no|planned|platform|proposed|raceway|razed|rest_area|services"
PUBLIC: Rules = (("area", "yes"), ("access", "private"))
NOT_FOR_CARS = (
    "abandoned|bridleway|bus_guideway|construction|corridor|cycleway|elevator|escalator|footway|no|"
    "path|pedestrian|planned|platform|proposed|raceway|razed|rest_area|services|steps|track"
)
NO_CARS: Rules = (("motor_vehicle", "no"), ("motorcar", "no"))

RULES: Mapping[str, Rules] = {
    "drive": (
        *PUBLIC,
        ("highway", NOT_FOR_CARS + "|service"),
        *NO_CARS,
        ("service", "alley|driveway|emergency_access|parking|parking_aisle|private"),
    ),
    "drive_service": (
        *PUBLIC,
        ("highway", NOT_FOR_CARS),
        *NO_CARS,
        ("service", "emergency_access|parking|parking_aisle|private"),
    ),
    "walk": (
        *PUBLIC,
        ("highway", OUT_OF_USE + "|bus_guideway|cycleway|motor"),
        ("foot", "no"),
        ("service", "private"),
        ("sidewalk", "separate"),
        ("sidewalk:both", "separate"),
        ("sidewalk:left", "separate"),
        ("sidewalk:right", "separate"),
    ),
    "bike": (
        *PUBLIC,
        (
            "highway",
            OUT_OF_USE + "|bus_guideway|corridor|elevator|escalator|footway|motor|steps",
        ),
        ("bicycle", "no"),
        ("service", "private"),
    ),
    "all_public": (*PUBLIC, ("highway", OUT_OF_USE), ("service", "private")),
    "all": (("area", "yes"), ("highway", OUT_OF_USE)),
}

FILTER_TAGS = frozenset(tag for rules in RULES.values() for tag, _ in rules)
"""Tags a reader must keep until ways are chosen."""


def chooser(modes: str, met: Counter[str] | None = None) -> Callable[[Mapping[str, str]], bool]:
    """Return a test that tells by a way's tags whether it belongs to this network type.

    Parameters
    ----------
    modes
        ``drive``, ``drive_service``, ``walk``, ``bike``, ``all`` or ``all_public``.
    met
        Counts, under ``ferry``, the ferries that are no highway: they belong to none.

    Examples
    --------
    >>> drivable = chooser("drive")
    >>> drivable({"highway": "primary"}), drivable({"highway": "service"}), drivable({})
    (True, False, False)
    """
    tests = [(tag, cache(re.compile(barred).search)) for tag, barred in RULES[modes]]

    def belongs(tags: Mapping[str, str]) -> bool:
        if "highway" not in tags:
            if met is not None and tags.get("route") == "ferry":
                met["ferry"] += 1
            return False
        for tag, barred in tests:  # noqa: SIM110 - a loop is twice as fast as any()
            if tag in tags and barred(tags[tag]):
                return False
        return True

    return belongs

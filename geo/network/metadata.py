"""What a network says of itself, taken from a file: the keys that we read, held to their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "OSM_CREDIT",
    "OSM_LICENCE",
    "OSM_NAME",
    "checked_meta",
    "credit_of",
    "is_of_osm",
    "is_sound",
]

TEXTS = ("crossing_id", "kind", "name", "refs", "class", "port", "barrier", "access", "unsure")
OSM_NAME = "OpenStreetMap"
OSM_CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
OSM_LICENCE = {"name": "ODbL-1.0", "url": "https://opendatacommons.org/licenses/odbl/1-0/"}
NUMBERS = ("lon", "lat", "port_distance_m", "gap_m")


def checked_meta(meta: dict[str, Any]) -> dict[str, Any]:
    """Return metadata of a network if what roxham reads of it is what roxham wrote.

    Keys of others' are left as they are.

    Raises
    ------
    ValueError
        Naming the first key that is of another form.

    Examples
    --------
    >>> checked_meta({"rings": 2, "mine": [1]})
    {'rings': 2, 'mine': [1]}
    """
    for key, value in meta.items():
        if not is_sound(key, value):
            raise ValueError(f"its metadata has no sound {key}")
    return meta


def is_of_osm(meta: Mapping[str, Any]) -> bool:
    """Whether a network is known to be OpenStreetMap's: by its reader, by OSMnx, or as told.

    Examples
    --------
    >>> is_of_osm({"credit": OSM_CREDIT}), is_of_osm({"created_with": "OSMnx 2.0"}), is_of_osm({})
    (True, True, False)
    """
    if "credit" in meta:
        return OSM_NAME in str(meta["credit"])
    return str(meta.get("created_with", "")).startswith("OSMnx")


def credit_of(meta: Mapping[str, Any]) -> str | None:
    """Return whom a network is owed to, as far as it says; None where nobody knows."""
    told = meta.get("credit")
    return str(told) if told else OSM_CREDIT if is_of_osm(meta) else None


def is_sound(key: str, value: object) -> bool:
    """Whether the value of a key is of the form in which roxham writes it, if it does."""
    return key not in FORMS or FORMS[key](value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pace(value: object) -> bool:
    return isinstance(value, dict) and _is_text(value.get("mode")) and _is_number(value.get("kmh"))


def _are_problems(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, dict) and _is_text(row.get("element")) for row in value
    )


def _is_cut(value: object) -> bool:
    """Whether this is what ``cut_at_border`` keeps."""
    return (
        isinstance(value, dict)
        and _are_two(value.get("sides"), none=False)
        and _is_count(value.get("unlisted"))
        and isinstance(value.get("crossings"), list)
        and all(map(_is_crossing, value["crossings"]))
    )


def _is_crossing(row: object) -> bool:
    return (
        isinstance(row, dict)
        and _is_text(row.get("crossing_id"))
        and _is_number(row.get("lon"))
        and _is_number(row.get("lat"))
        and all(row.get(name) is None or _is_text(row[name]) for name in TEXTS)
        and all(row.get(name) is None or _is_number(row[name]) for name in NUMBERS)
        and isinstance(row.get("closed"), bool | None)
        and _are_two(row.get("roads"), none=True)
    )


def _are_two(value: object, *, none: bool) -> bool:
    """Whether this is a list of two texts, or of nulls where these are allowed."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(_is_text(item) or (none and item is None) for item in value)
    )


FORMS = {
    "source": _is_text,
    "credit": _is_text,
    "modes": _is_text,
    "rings": _is_count,
    "ferries": _is_count,
    "set_aside": _are_problems,
    "border": _is_cut,
    "pace": _is_pace,
}

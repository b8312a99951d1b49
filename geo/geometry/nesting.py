"""Shapes within shapes: GEOS goes into each by a call of its own, and the deepest end the process.

So how deep a text or its bytes go is looked at before GEOS sees them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from roxham.geo.errors import DataError, Fault

__all__ = ["DEEPEST", "goes_too_deep", "require_shallow", "shapes_of_texts"]

DEEPEST = 32
"""Shapes within shapes, and brackets within brackets; GDAL goes as far."""
NO_BRACKET = re.compile(r"[^()]+")
HOLDS = range(4, 13)
"""Kinds that hold others, by their number in well-known bytes; 8 is a line."""
HEAD = re.compile(
    rb"(?:\x01(?:[\x04-\x0c]\x00|[\xec-\xf4]\x03|[\xd4-\xdc]\x07|[\xbc-\xc4]\x0b)\x00[\x00-\xff]"
    rb"|\x00[\x00-\xff]\x00(?:\x00[\x04-\x0c]|\x03[\xec-\xf4]|\x07[\xd4-\xdc]|\x0b[\xbc-\xc4]))"
)
"""How one that holds others may begin, in either order of bytes."""


def shapes_of_texts(texts: Sequence[str | None]) -> Any:
    """Return the shapes of well-known texts; None for what is none, or goes too deep.

    Examples
    --------
    >>> shapes_of_texts(["POINT (1 2)", None, "GEOMETRYCOLLECTION (" * 99]).tolist()
    [<POINT (1 2)>, None, None]
    """
    shallow = [None if text is None or goes_too_deep(text) else text for text in texts]
    return shapely.from_wkt(shallow, on_invalid="ignore")


def goes_too_deep(text: str) -> bool:
    """Whether brackets stand within brackets further than shapes go, or are not closed.

    Examples
    --------
    >>> [goes_too_deep(text) for text in ("MULTIPOINT ((0 0), (1 1))", "(" * 99 + ")" * 99)]
    [False, True]
    """
    if text.count("(") <= DEEPEST:
        return False
    left = NO_BRACKET.sub("", text)
    for _ in range(DEEPEST):
        left = left.replace("()", "")
    return bool(left)


def require_shallow(shapes: Iterable[bytes | None], name: str) -> None:
    r"""Raise if well-known bytes hold shapes within shapes too deep.

    Raises
    ------
    DataError
        If so.

    Examples
    --------
    >>> deep = b"\1\7\0\0\0\1\0\0\0" * 99 + shapely.to_wkb(shapely.Point(1, 2))
    >>> try:
    ...     require_shallow([deep], "a.parquet")
    ... except DataError as error:
    ...     print(error)
    a.parquet: has a shape that holds others more than 32 deep. Save its parts as rows.
    """
    for shape in shapes:
        if shape is None or len(shape) <= 9 * DEEPEST or not HEAD.match(shape):
            continue
        if len(HEAD.findall(shape)) > DEEPEST and _depth(shape) > DEEPEST:
            found = f"has a shape that holds others more than {DEEPEST} deep."
            raise DataError(Fault(name, found, "Save its parts as rows."))


def _depth(shape: bytes) -> int:
    """Return how deep shapes hold shapes, as far as they can be read, or just too deep."""
    at, left, deepest = 0, [1], 0
    try:
        while left and deepest <= DEEPEST:
            if not left[-1]:
                left.pop()
                continue
            left[-1] -= 1
            order = "<" if shape[at] else ">"
            (kind,) = struct.unpack_from(f"{order}I", shape, at + 1)
            at += 9 if kind & 0x20000000 else 5
            number, more = kind & 0xFFFF, bin(kind >> 30).count("1")
            thousands, number = divmod(number, 1000)
            size = 8 * (2 + (more or (0, 1, 1, 2)[thousands]))
            if number == 1:
                at += size
                continue
            (count,) = struct.unpack_from(f"{order}I", shape, at)
            at += 4
            if number == 3:
                for _ in range(count):
                    (points,) = struct.unpack_from(f"{order}I", shape, at)
                    at += 4 + size * points
            elif number in HOLDS and number != 8:
                left.append(count)
                deepest = max(deepest, len(left))
            else:
                at += size * count
    except (struct.error, IndexError):
        pass  # GEOS gets no further, and says what is wrong
    return deepest

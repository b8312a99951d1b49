"""What makes an input, and what reads it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest import mock

import geopandas as gpd
from pyproj import CRS
from pyproj.exceptions import CRSError

from roxham.geo import RoxhamError

ROWS_READ = 200
"""So many rows, features, ways and edges are read at once,"""
BY_ROWS = 0.2
"""and in so many of all files: one input of fifty is a file that is mutated as a whole."""


class Many(NamedTuple):
    """Inputs that are read at once, such as the rows of a table."""

    size: int
    refused: Callable[[], int]
    """Read them, and return how many were refused."""


def each_refused(parts: Sequence[Any], refused: Callable[[Sequence[Any]], int]) -> int:
    """Return how many parts of a file are refused, each by itself.

    What is refused whole is halved, until what is refused is one: no part is counted for another.
    """
    try:
        return refused(parts)
    except RoxhamError:
        if len(parts) == 1:
            return 1
    half = len(parts) // 2
    return each_refused(parts[:half], refused) + each_refused(parts[half:], refused)


Try = Callable[[Random, Path], Callable[[], object] | Many]
"""Make one input in a folder, and return what reads it."""


@contextmanager
def quietly() -> Iterator[None]:
    """Let nothing warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def asking_once() -> Iterator[None]:
    """Ask PROJ for each name of a CRS once, and a frame without shapes for none.

    PROJ looks through its database for 0.2 s for one. GeoPandas asks every new frame, in vain, for
    the shapes that it is to get, and composing why there are none is two thirds of making it.
    """
    ask = CRS.from_user_input
    shapes: Any = vars(gpd.GeoDataFrame)["geometry"]

    @lru_cache(10_000)
    def asked(kind: str, value: str) -> CRS | CRSError:  # True is 1, and no CRS
        try:
            return ask(json.loads(value))
        except CRSError as error:
            return error

    def known(value: Any, **options: Any) -> CRS:
        if options or not isinstance(value, str | int | dict):
            return ask(value, **options)
        found = asked(type(value).__name__, json.dumps(value))
        if isinstance(found, CRSError):
            raise found.with_traceback(None)
        return found

    def placed(frame: Any) -> Any:
        if frame._geometry_column_name not in frame.columns:
            raise AttributeError("the frame has no shapes")
        return shapes.fget(frame)

    with (
        mock.patch.object(CRS, "from_user_input", known),
        mock.patch.object(gpd.GeoDataFrame, "geometry", shapes.getter(placed)),
    ):
        yield

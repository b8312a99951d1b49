"""Frames of Dask's, told without importing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["by_partition", "is_partitioned"]

Work = TypeVar("Work", bound=Callable[..., Any])


def is_partitioned(frame: object) -> bool:
    """Whether a frame is one of Dask's, so that nothing of it is computed yet.

    Examples
    --------
    >>> import pandas as pd
    >>> is_partitioned(pd.DataFrame())
    False
    """
    library = type(frame).__module__.partition(".")[0]
    return library in ("dask", "dask_geopandas") and hasattr(frame, "map_partitions")


def by_partition(work: Callable[..., Any], frame: Any, like: Any, *args: Any) -> Any:
    """Return what some work makes of each partition, lazily.

    Parameters
    ----------
    work
        Called with a partition and ``args``, where Dask sees fit.
    frame
        A frame of Dask's or of dask-geopandas.
    like
        A frame without rows that has the columns and types of what comes of it.
    """
    return frame.map_partitions(work, *args, meta=like, align_dataframes=False)

"""How exact a place is, in three classes."""

from __future__ import annotations

import pandas as pd

__all__ = ["EXACT_M", "precision_class"]

EXACT_M, NEAR_M = 1000, 5000
"""Up to the first radius a place is exact, up to the second it is near a named place, beyond
it is somewhere in an area. Three classes as in ACLED's codebook; the radii are ours."""


def precision_class(radius_m: pd.Series) -> pd.Series:
    """Return how exact places are, from their radius: 1, 2 or 3, null where it is unknown.

    Examples
    --------
    >>> precision_class(pd.Series([50, 3000, 11_000])).tolist()
    [1, 2, 3]
    """
    radius = radius_m.astype("Float64")
    return (1 + radius.gt(EXACT_M).astype("Int64") + radius.gt(NEAR_M)).astype("Int64")

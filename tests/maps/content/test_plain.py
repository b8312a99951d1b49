"""What stands in a cell, as JSON can hold it."""

import numpy as np
import pandas as pd
import pytest

from roxham.maps.content.plain import plain


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.int64(5), 5),
        (np.float64(2.5), 2.5),
        (np.float32("nan"), None),
        (np.bool_(True), True),
        (np.datetime64("2024-03-10"), "2024-03-10"),
        (np.datetime64("2024-03-10T02:30"), "2024-03-10 02:30"),
        (np.datetime64("NaT"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (["a", 1], "a, 1"),
        (2**60, str(2**60)),  # more than a page can count
    ],
)
def test_a_cell_is_written_as_it_is_meant(value: object, written: object) -> None:
    found = plain(value)
    assert (found, type(found)) == (written, type(written))

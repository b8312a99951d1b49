"""A short run of the fuzzer over every reader: no input ends in a fault of our own."""

from pathlib import Path

import pytest

from .__main__ import run
from .readers import READERS

INPUTS = 200
SLOW = {
    **{"GeoPackage": 40, "GeoParquet": 30, "table of Parquet": 40, "CSV": 50, "GeoJSON": 60},
    **{"GraphML": 60, "data package": 60, "claim": 50},
}
"""How many of inputs that take longer to make or to read."""


@pytest.mark.parametrize("name", READERS)
def test_no_input_ends_in_a_fault_of_our_own(name: str, tmp_path: Path) -> None:
    inputs = SLOW.get(name, INPUTS)
    count, _ = run(READERS[name], inputs=inputs, seed=15, folder=tmp_path)
    assert count.inputs > inputs / 2
    assert count.refused > 0
    assert dict(count.faults) == {}

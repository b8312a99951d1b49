"""A short run of the fuzzer over every reader: no input ends in a fault of our own."""

from pathlib import Path
from random import Random

import pytest

from roxham.geo import DataError, read_border
from roxham.layers import load_incidents

from .__main__ import main, run
from .attempts import Many
from .readers import READERS
from .totals import kept, table

INPUTS = 200
OTHERS = {"GeoParquet": 400, "GeoJSON": 400, "data package": 400, "claim": 200}
"""How many of inputs that take longer, or of which two hundred are read at once beside four."""


@pytest.mark.parametrize("name", READERS)
def test_no_input_ends_in_a_fault_of_our_own(name: str, tmp_path: Path) -> None:
    inputs = OTHERS.get(name, INPUTS)
    count, _ = run(READERS[name], inputs=inputs, seed=15, folder=tmp_path)
    assert count.inputs > inputs / 2
    assert count.refused > 0
    assert dict(count.faults) == {}


def _two_of_three(chance: Random, _: Path) -> Many:
    def refused() -> int:
        if chance.random() < 0.5:
            raise DataError("all of them")
        return 1

    return Many(3, refused)


def test_inputs_that_are_read_at_once_are_counted_each(tmp_path: Path) -> None:
    count, end = run(_two_of_three, inputs=300, seed=1, folder=tmp_path)
    assert (count.inputs, end) == (300, 100)
    whole = (count.refused - 100) // 2  # three refused where one is else
    assert 0 < whole < 100
    assert count.read == 2 * (100 - whole)


def test_a_fault_of_our_own_is_none_of_the_others(tmp_path: Path) -> None:
    def attempt(chance: Random, _: Path) -> Many:
        return Many(2, lambda: int("x" if chance.random() < 0.5 else "1"))

    count, _ = run(attempt, inputs=200, seed=1, folder=tmp_path)
    assert 0 < count.own < 100
    assert count.refused == 100 - count.own


def test_runs_add_up_and_try_no_input_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "totals"
    for inputs, seed in ((30, 1), (50, 1), (50, 2), (60, 2)):
        words = ["fuzz", "--inputs", str(inputs), "--seed", str(seed), "--totals", str(file)]
        monkeypatch.setattr("sys.argv", [*words, "--reader", "number"])
        assert main() == 0
    pieces = kept(file)
    assert [one[1:4] for one in pieces] == [(1, 0, 30), (1, 30, 50), (2, 0, 10)]
    capsys.readouterr()
    monkeypatch.setattr("sys.argv", ["fuzz", "--show", "--totals", str(file)])
    assert main() == 0
    assert "| number | 60 |" in capsys.readouterr().out
    assert len(table(pieces)) == 3


def test_parquet_at_whose_chunk_arrow_aborts_is_refused(tmp_path: Path) -> None:
    read = READERS["table of Parquet"](Random("20261204 30518"), tmp_path)
    assert not isinstance(read, Many)
    with pytest.raises(DataError, match="histogram size mismatch"):
        read()


def test_a_geopackage_without_layers_is_refused(tmp_path: Path) -> None:
    read = READERS["GeoPackage"](Random("20261204 3482"), tmp_path)
    assert not isinstance(read, Many)
    with pytest.raises(DataError, match="has no layers"):
        read()
    for reader in (read_border, load_incidents):
        with pytest.raises(DataError):
            reader(tmp_path / "a.gpkg")

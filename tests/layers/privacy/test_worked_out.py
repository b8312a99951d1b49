"""What a reader can work out, held to a linear program over every cell of the table."""

from __future__ import annotations

from random import Random
from typing import Any
from unittest import mock

import numpy as np
import pytest
from scipy.optimize import linprog

from roxham.geo import DataError
from roxham.layers.privacy.worked_out import Key, Reader, Sum, _Tied

RINGS = (2, 2), (2, 3), (3, 3)
CHAINS = (1, 4), (3, 1)


def a_table(chance: Random, size: tuple[int, int]) -> tuple[dict[Key, int | None], list[Sum]]:
    """Return counts of a table with its totals, some of them gone, some not of all their parts."""
    height, width = size
    counts: dict[Key, int | None] = {
        (i, j): chance.choice((0, 1, 3, 8, 25)) for i in range(height) for j in range(width)
    }
    sums = []
    across: dict[Key, list[Key]] = {
        (i, "all"): [(i, j) for j in range(width)] for i in range(height)
    }
    down: dict[Key, list[Key]] = {("all", j): [(i, j) for i in range(height)] for j in range(width)}
    for total, parts in (across | down).items():
        if chance.random() < 0.85:
            more = chance.choice((0, 0, 0, 4))
            counts[total] = sum(counts[part] or 0 for part in parts) + more
            sums.append(Sum(total, tuple(parts), whole=more == 0, perhaps=False))
    return counts, sums


def by_program(
    counts: dict[Key, int | None], hidden: set[Key], sums: list[Sum]
) -> dict[Key, tuple[float, float]]:
    """Return the least and the greatest of each hidden cell, everything asked at once."""
    number = {key: i for i, key in enumerate(counts)}
    lines: dict[bool, list[Any]] = {True: [], False: []}
    for one in sums:
        line = np.zeros(len(counts))
        line[[number[part] for part in one.parts]] = 1
        line[number[one.total]] = -1
        lines[one.whole].append(line)
    bounds = [(0, None) if key in hidden else (n, n) for key, n in counts.items()]
    found = {}
    for key in hidden:
        ends = []
        for sign in (1.0, -1.0):
            told = linprog(
                sign * np.eye(len(counts))[number[key]], bounds=bounds,
                A_eq=lines[True] or None, b_eq=[0] * len(lines[True]) or None,
                A_ub=lines[False] or None, b_ub=[0] * len(lines[False]) or None,
            )  # fmt: skip
            ends.append(-np.inf if told.status == 3 else float(told.fun or 0.0))
        found[key] = (ends[0], -ends[1])
    return found


@pytest.mark.parametrize("size", [*RINGS, *CHAINS])
@pytest.mark.parametrize("seed", range(6))
def test_ranges_are_those_of_a_program_over_the_whole_table(
    seed: int, size: tuple[int, int]
) -> None:
    chance = Random(seed)
    counts, sums = a_table(chance, size)
    hidden = {key for key in counts if chance.random() < 0.6}
    reader = Reader(counts, set(), sums, {}, complete=False)
    for key in hidden:  # asked between, to be asked anew
        reader.hide(key)
        reader.range_of(key)
    for key, (low, high) in by_program(counts, hidden, sums).items():
        most = None if np.isinf(high) else int(np.floor(high + 1e-6))
        assert reader.range_of(key) == (int(np.ceil(low - 1e-6)), most)
        for width in (1, 4, 9):
            told = most is not None and most - np.ceil(low - 1e-6) < width
            fresh = Reader(counts, hidden, sums, {}, complete=False)
            assert fresh.pins(key, width) == told


def test_no_program_is_asked_where_sums_do_not_lead_round() -> None:
    counts, sums = a_table(Random(3), (1, 4))
    with mock.patch.object(_Tied, "_solve", side_effect=AssertionError):
        reader = Reader(counts, set(counts), sums, {}, complete=False)
        assert all(reader.range_of(key)[0] == 0 for key in counts)


def test_what_cannot_be_is_a_fault() -> None:
    counts: dict[Key, int | None] = {("all",): 3, ("a",): None, ("b",): 7}
    one = Sum(("all",), (("a",), ("b",)), whole=True, perhaps=False)
    with pytest.raises(DataError, match="contradicts itself"):
        Reader(counts, set(), [one], {}, complete=True).range_of(("a",))


def test_what_a_reader_has_from_elsewhere_is_no_unknown() -> None:
    counts: dict[Key, int | None] = {("all",): 30, ("a",): None, ("b",): 7, ("c",): 4}
    one = Sum(("all",), (("a",), ("b",), ("c",)), whole=True, perhaps=False)
    reader = Reader(counts, {("c",)}, [one], {("a",): 19}, complete=True)
    reader.hide(("a",))
    assert reader.range_of(("c",)) == (4, 4)

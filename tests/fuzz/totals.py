"""What was tried by run after run, kept in a file: a line for each piece of a run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import NamedTuple


class Count(NamedTuple):
    """What became of the inputs of a reader."""

    inputs: int
    read: int
    refused: int
    faults: Counter[str]
    seconds: float
    slowest_s: float

    def plus(self, other: Count) -> Count:
        """Return both together."""
        return Count(
            self.inputs + other.inputs,
            self.read + other.read,
            self.refused + other.refused,
            self.faults + other.faults,
            self.seconds + other.seconds,
            max(self.slowest_s, other.slowest_s),
        )

    @property
    def own(self) -> int:
        """How many inputs ended in a fault of our own."""
        return sum(self.faults.values())


NONE = Count(0, 0, 0, Counter(), 0.0, 0.0)


class Piece(NamedTuple):
    """A piece of a run: the numbers of its inputs, from and up to, are tried once."""

    reader: str
    seed: int
    start: int
    end: int
    counted: Count


def kept(file: Path) -> list[Piece]:
    """Return the pieces of a file, none if there is none."""
    if not file.exists():
        return []
    pieces = [Piece(*json.loads(line)) for line in file.read_text().splitlines()]
    return [one._replace(counted=_count(one.counted)) for one in pieces]


def _count(said: Iterable[object]) -> Count:
    count = Count(*said)  # type: ignore[arg-type]
    return count._replace(faults=Counter(count.faults))


def keep(file: Path, piece: Piece) -> None:
    """Add a piece to a file, by one write, so that several runs may keep one file."""
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{json.dumps(piece)}\n")


def begun(pieces: Iterable[Piece], reader: str, seed: int) -> int:
    """Return the number of the first input of a reader and a seed that was not tried."""
    return max((one.end for one in pieces if (one.reader, one.seed) == (reader, seed)), default=0)


def table(pieces: Iterable[Piece]) -> list[str]:
    """Return the rows of a table: a sum for each reader."""
    sums: dict[str, Count] = {}
    for one in pieces:
        sums[one.reader] = sums.get(one.reader, NONE).plus(one.counted)
    head = "| reader | inputs | read | refused | own faults | seconds | slowest |"
    rows = [head, "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    if len(sums) > 1:
        sums["together"] = reduce(Count.plus, sums.values())
    return [*rows, *(row(name, count) for name, count in sums.items())]


def row(name: str, count: Count) -> str:
    """Return a row of the table."""
    return (
        f"| {name} | {count.inputs:,} | {count.read:,} | {count.refused:,} | {count.own} "
        f"| {count.seconds:,.0f} | {count.slowest_s:.2f} s |"
    )

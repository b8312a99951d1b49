"""Count what readers make of mutated inputs: ``python -m tests.fuzz --inputs 100000``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import NamedTuple

from roxham.geo import RoxhamError

from .readers import READERS, Try, quietly

MEMORY = Path("/dev/shm")
"""A folder that is no disk, where the system has one."""


class Count(NamedTuple):
    """What became of the inputs of a reader."""

    inputs: int
    read: int
    refused: int
    faults: Counter[str]
    seconds: float
    slowest_s: float


def run(
    attempt: Try, *, inputs: int, seed: int, folder: Path, seconds: float = float("inf")
) -> Count:
    """Read mutated inputs; a fault of our own is anything raised but a ``RoxhamError``.

    It ends after ``seconds``, however many inputs are left.
    """
    told: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    start, slowest = time.perf_counter(), 0.0
    number = -1
    for number in range(inputs):
        if time.perf_counter() - start > seconds:
            number -= 1
            break
        try:
            read = attempt(Random(f"{seed} {number}"), folder)
        except Exception:  # what cannot be written is no input
            told["unmade"] += 1
            continue
        began = time.perf_counter()
        try:
            with quietly():
                read()
            told["read"] += 1
        except RoxhamError:
            told["refused"] += 1
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)
            ours = [line for line in where if "roxham" in line.filename] or where
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
            faults[f"{type(error).__name__} at {place}: {str(error)[:80]!r} (number {number})"] += 1
        slowest = max(slowest, time.perf_counter() - began)
    made = number + 1 - told["unmade"]
    seconds = time.perf_counter() - start
    return Count(made, told["read"], told["refused"], faults, seconds, slowest)


def main() -> int:
    """Print a row for each reader; return 1 if there was a fault of our own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1000, help="for each reader")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="most for each reader")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--reader", choices=READERS, action="append")
    given = parser.parse_args()
    print("| reader | inputs | read | refused | own faults | seconds | slowest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    wrong = False
    for name in given.reader or READERS:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            count = run(
                READERS[name], inputs=given.inputs, seed=given.seed,
                folder=Path(folder), seconds=given.seconds,
            )  # fmt: skip
        own = sum(count.faults.values())
        wrong = wrong or bool(own)
        print(
            f"| {name} | {count.inputs:,} | {count.read:,} | {count.refused:,} | {own} "
            f"| {count.seconds:.0f} | {count.slowest_s:.2f} s |",
            flush=True,
        )
        for fault, times in count.faults.most_common():
            print(f"{times:6} {fault}", file=sys.stderr)
    return wrong


if __name__ == "__main__":
    sys.exit(main())

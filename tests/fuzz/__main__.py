"""Count what readers make of mutated inputs.

    python -m tests.fuzz --inputs 100000 [--seconds 60] [--reader date] [--totals FILE] [--show]

With ``--totals FILE`` what was counted is kept there and added up over runs and seeds: a run with
the same seed goes on where the last one ended, and ``--inputs`` is then what all runs are to reach.
``--show`` prints the file's table and runs nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from roxham.geo import RoxhamError

from .attempts import Many, Try, asking_once, quietly
from .readers import READERS
from .totals import NONE, Count, Piece, begun, keep, kept, row, table

MEMORY = Path("/dev/shm")
"""A folder that is no disk, where the system has one."""
PIECE_S = 20.0
"""After so many seconds what was counted is kept."""


@asking_once()
def run(
    attempt: Try,
    *,
    inputs: int,
    seed: int,
    folder: Path,
    seconds: float = float("inf"),
    start: int = 0,
) -> tuple[Count, int]:
    """Read mutated inputs; a fault of our own is anything raised but a ``RoxhamError``.

    It ends after ``seconds``, however many inputs are left. Returned is the number of the next
    one, too: an input may hold :class:`Many`.
    """
    faults: Counter[str] = Counter()
    tried = unmade = refused = 0
    began, slowest = time.perf_counter(), 0.0
    number = start
    while tried < inputs and time.perf_counter() - began <= seconds:
        chance = Random(f"{seed} {number}")
        number += 1
        try:
            read = attempt(chance, folder)
        except Exception:  # what cannot be written is no input
            tried, unmade = tried + 1, unmade + 1
            continue
        size = read.size if isinstance(read, Many) else 1
        tried += size
        at = time.perf_counter()
        try:
            with quietly():
                refused += read.refused() if isinstance(read, Many) else _none(read)
        except RoxhamError:
            refused += size
        except Exception as error:
            said = _said(error)
            if said not in faults:
                print(f"{said} (seed {seed}, number {number - 1})", file=sys.stderr, flush=True)
            faults[said] += 1
            unmade += size - 1  # what was to be read with it was not
        slowest = max(slowest, time.perf_counter() - at)
    made = tried - unmade
    sound = made - refused - sum(faults.values())
    return Count(made, sound, refused, faults, time.perf_counter() - began, slowest), number


def _none(read: Callable[[], object]) -> int:
    read()
    return 0


def _said(error: Exception) -> str:
    """Return what was raised, and the last place of ours."""
    where = traceback.extract_tb(error.__traceback__)
    ours = [line for line in where if "roxham" in line.filename] or where
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    return f"{type(error).__name__} at {place}: {str(error)[:80]!r}"


def _run_whole(given: argparse.Namespace, name: str, folder: Path) -> Count:
    """Run a reader, and keep what was counted now and then."""
    begin = done = 0
    if given.totals:
        pieces = kept(given.totals)
        begin = begun(pieces, name, given.seed)
        done = sum(one.counted.inputs for one in pieces if one.reader == name)
    whole, began = NONE, time.perf_counter()
    while (left := given.inputs - done - whole.inputs) > 0:
        left_s = given.seconds - (time.perf_counter() - began)
        if left_s <= 0:
            break
        count, end = run(
            READERS[name], inputs=left, seed=given.seed, folder=folder,
            seconds=min(left_s, PIECE_S), start=begin,
        )  # fmt: skip
        whole = whole.plus(count)
        if given.totals:
            keep(given.totals, Piece(name, given.seed, begin, end, count))
        begin = end
    return whole


def main() -> int:
    """Print a row for each reader; return 1 if there was a fault of our own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1000, help="for each reader")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="most for each reader")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--reader", choices=READERS, action="append")
    parser.add_argument("--totals", type=Path, help="where counts are kept and added up")
    parser.add_argument("--show", action="store_true", help="print the totals, and run nothing")
    given = parser.parse_args()
    if given.show:
        pieces = kept(given.totals)
        print(*table(pieces), sep="\n")
        return any(one.counted.own for one in pieces)
    print(*table([]), sep="\n")
    wrong = False
    for name in given.reader or READERS:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            count = _run_whole(given, name, Path(folder))
        wrong = wrong or bool(count.own)
        print(row(name, count), flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())

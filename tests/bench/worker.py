"""One side of a work in a process of its own: made ready once, run each time it is told to."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from works import WORKS  # type: ignore[import-not-found]

SMALL = 4_000
"""Edges of a first run that is not counted, which loads what is loaded once."""


LEAST_S = 0.1
"""What takes less is run until it has taken that, and the mean counts."""


def memory(kind: str) -> int:
    """Return kilobytes of this process."""
    found = re.search(kind + r":\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1])


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds of the processor that a run takes, and what it found.

    One that is short is run again and again: after it has waited for the other side a processor
    takes its time, and twenty times as long for the first millisecond.
    """
    runs, begun = 1, time.process_time()
    found = run()
    while time.process_time() - begun < LEAST_S:
        del found
        found = run()
        runs += 1
    return (time.process_time() - begun) / runs, found


def main() -> None:
    """Answer each line with seconds of the processor, peak in MB and what was found."""
    name, side, edges, folder = sys.argv[1:]
    warnings.simplefilter("ignore")
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print, those written in C among them, is no answer
    work = WORKS[name]
    if side == "prepare":
        work.prepare(int(edges), Path(folder))
        return
    make = getattr(work, side)
    with tempfile.TemporaryDirectory() as small:
        work.prepare(SMALL, Path(small))
        make(SMALL, Path(small))[0]()
    run, told = make(int(edges), Path(folder))
    for _ in sys.stdin:
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak starts anew
        before = memory("VmRSS")
        seconds, found = timed(run)
        row = {"seconds": seconds, "mb": (memory("VmHWM") - before) / 1024, "told": told(found)}
        del found
        said.write(json.dumps(row) + "\n")
        said.flush()


if __name__ == "__main__":
    main()

"""Build pages and print the memory that the process holds: ``python -m tests.soak --pages 500``."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from roxham.maps import border_map
from roxham.maps.page.page import page_html
from tests.maps import samples

WARM = 20
"""Pages after which everything is loaded and kept that is going to be."""


def resident_mb() -> float:
    """Return the memory of this process, MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def build(pages: int, every: int) -> Iterator[tuple[int, float]]:
    """Yield the memory after each so many pages."""
    for number in range(1, pages + 1):
        page_html(border_map(samples.layers(), base=samples.base()))
        if number == WARM or number % every == 0:
            gc.collect()
            yield number, resident_mb()


def main() -> int:
    """Print a row for each stage; return 1 if memory grew by more than a tenth after the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--every", type=int, default=50)
    given = parser.parse_args()
    start, held = time.perf_counter(), []
    for number, megabytes in build(given.pages, given.every):
        held.append(megabytes)
        print(f"{number:6,} pages  {megabytes:8.1f} MB", flush=True)
    seconds = time.perf_counter() - start
    grown = f"{held[-1] - held[0]:+.1f} MB after the first {WARM}"
    print(f"{given.pages:,} pages in {seconds:.0f} s: {grown}")
    return int(held[-1] > 1.1 * held[0])


if __name__ == "__main__":
    sys.exit(main())

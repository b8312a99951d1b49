"""Time what it costs to start: the command line against pandas, the faces against GeoPandas.

    python tests/bench/bench_start.py [RUNS]

Seconds of the processor of whole processes, Python's own start among them. The two of a pair
run by turns; the ratio is the median of those of the turns. Every process has its bytecode at
hand: a first run that is not counted writes it to a folder of its own. Not for Windows.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

PAIRS = [
    (["-m", "roxham", "--version"], "import pandas"),
    (["-m", "roxham", "--help"], "import pandas"),
    (["-c", "import roxham.geo"], "import geopandas"),
    (["-c", "import roxham.layers"], "import geopandas"),
    (["-c", "import roxham.maps"], "import geopandas"),
    (["-c", "from roxham.geo import load_border"], "import geopandas"),
    (["-c", "from roxham.geo import read_roads"], "import geopandas"),
    (["-c", "from roxham.geo import *"], "import geopandas"),
    (["-c", "from roxham.layers import load_layers"], "import geopandas"),
    (["-c", "from roxham.maps import border_map"], "import geopandas, folium"),
]


def seconds(words: list[str], environment: dict[str, str]) -> float:
    """Return the processor seconds of Python with these words."""
    process = subprocess.Popen([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure every pair and print its line."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        bare = statistics.median(seconds(["-c", "pass"], environment) for _ in range(runs))
        print(f"Python itself: {bare:.3f} s")
        for ours, peer in PAIRS:
            theirs = ["-c", peer]
            for words in (ours, theirs):
                seconds(words, environment)
            turns = [
                (seconds(ours, environment), seconds(theirs, environment)) for _ in range(runs)
            ]
            here, there = (statistics.median(turn[i] for turn in turns) for i in (0, 1))
            ratio = statistics.median(a / b for a, b in turns)
            print(f"{ours[-1]:42}{here:8.3f} s   {peer:26}{there:8.3f} s   {ratio:6.2f}")


if __name__ == "__main__":
    main()

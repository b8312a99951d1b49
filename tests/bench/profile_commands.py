"""Profile every command end to end: where the seconds of the processor go.

    python -m tests.bench.profile_commands [--core FILE] [--edges 500000] [COMMAND ...]

Each command is a process of its own, on the bundled corridor, on a file of roads given with
``--core``, and on made-up networks over the border. Its seconds are parted by what was running:
imports; *reading* (files of roads and tables, and cutting the network at the border); *kernel*,
the function of the library that answers; *writing*; and the rest, which is no work that anyone
asked for. ``of work`` is the whole over reading, kernel and writing: without imports and rest
it would be 1. Not for Windows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

MIDDLE = (-73.45, 45.0)
"""Where the made-up networks lie, on the border."""
FROM, TO = "Plattsburgh", "Montréal"
NEEDS_ROADS = ("reach", "access", "context", "routes", "table")
COMMANDS: dict[str, list[str]] = {
    "roads": ["roads", "ROADS", "-o", "OUT.arrow"],
    "crossings": ["crossings", "--roads", "ROADS", "-o", "OUT.csv"],
    "reach": ["reach", "--from", "-73.45,44.9", "-o", "OUT.geojson"],
    "access": ["access", "--before", "2023-01-01", "--after", "2023-06-01", "-o", "OUT.csv"],
    "context": ["context", "-o", "OUT.csv"],
    "routes": ["routes", "--from", "-73.45,44.9", "--to", "-73.45,45.1", "--on", "2023-01-01"],
    "table": ["table", "--origins", "SOUTH", "--destinations", "NORTH", "--on", "2023-01-01", "-o",
              "OUT.csv"],
    "map": ["map", "--roads", "ROADS", "-o", "OUT.html"],
    "picture": ["map", "--roads", "ROADS", "--svg", "OUT.svg"],
    "claims": ["claims"],
    "check": ["check", "--page", "PAGE"],
    "export": ["export", "OUT"],
    "counts": ["counts"],
    "template": ["template", "incidents"],
    "adapt": ["adapt", "SOUTH", "--as", "places"],
    "init": ["init", "OUT", "--border", "BORDER"],
    "regions": ["regions"],
    "data": ["data"],
    "help": ["--help"],
}  # fmt: skip
WITHOUT_ROADS = [name for name, words in COMMANDS.items() if "ROADS" not in words]
CHILD = "from tests.bench.profiled import main; main()"


def apart(code: str) -> None:
    """Run code in a process of its own: a process counts its parent's memory as its own."""
    subprocess.run([sys.executable, "-c", code], check=True)


def places(folder: Path, middle: tuple[float, float], number: int = 60) -> dict[str, str]:
    """Write places on both sides near the border, and return the files."""
    files = {}
    for name, north in (("SOUTH", -1), ("NORTH", 1)):
        rows = [
            f"{name} {i},{middle[0] + 0.002 * (i - number / 2):.4f},"
            f"{middle[1] + north * (0.03 + 0.0007 * (i % 9)):.4f}"
            for i in range(number)
        ]
        files[name] = str(folder / f"{name.lower()}.csv")
        Path(files[name]).write_text("\n".join(["name,lon,lat", *rows]) + "\n", encoding="utf-8")
    return files


def profiled(words: list[str], environment: dict[str, str], folder: Path) -> dict[str, float]:
    """Run a command and return its seconds by phase, and its peak in MB."""
    report = folder / "phases.json"
    report.unlink(missing_ok=True)
    with (folder / "said.txt").open("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, *words],
            env={**environment, "PHASES": str(report)},
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            print(f"  {' '.join(words)}: left with {process.returncode}: {said.read()[-300:]!r}")
    phases: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))
    whole = used.ru_utime + used.ru_stime
    return {**phases, "whole": whole, "peak": used.ru_maxrss / 1024}


def line(name: str, network: str, found: dict[str, float]) -> str:
    """Return a line of the table."""
    work = sum(found.get(part, 0.0) for part in ("reading", "kernel", "writing"))
    rest = found["whole"] - work - found["imports"]
    parts = (found["imports"], *(found.get(p, 0.0) for p in ("reading", "kernel", "writing")), rest)
    told = " ".join(f"{part:7.2f}" for part in parts)
    of_work = f"{found['whole'] / work:6.1f}" if work > 0.05 else "     –"
    return (
        f"{network:>10} {name:10}{found['whole']:8.2f} s {found['peak']:7.0f} MB {told} {of_work}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commands", nargs="*", default=[*COMMANDS], metavar="COMMAND")
    parser.add_argument("--core", type=Path, help="A file of roads of the region.")
    parser.add_argument("--edges", type=int, nargs="*", default=[500_000])
    asked = parser.parse_args()
    parts = " ".join(f"{part:>7}" for part in ("imports", "reading", "kernel", "writing", "rest"))
    print(f"{'network':>10} {'command':10}{'processor':>10} {'peak':>10} {parts} of work")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        files = {**places(folder, MIDDLE), "BORDER": str(folder / "border.geojson")}
        apart(f"import roxham.geo as g; g.load_border().sides.to_file({files['BORDER']!r})")
        files["PAGE"] = str(folder / "page.html")
        profiled(["map", "-o", files["PAGE"]], environment, folder)
        networks: dict[str, Path | None] = {"corridor": None}
        if asked.core:
            networks["core"] = asked.core
        for edges in asked.edges:
            made = folder / f"{edges}.osm.pbf"
            xml = str(made.with_suffix(""))
            apart(
                "from pathlib import Path; from tests.bench.make_network import *; "
                f"make_network({edges}, Path({xml!r}), middle={MIDDLE}); "
                f"as_pbf(Path({xml!r}), Path({str(made)!r}))"
            )
            networks[f"{edges:,}"] = made
        for network, path in networks.items():
            for command in asked.commands:
                given = COMMANDS[command]
                if path is None and "ROADS" in given:
                    if command not in ("map", "picture"):
                        continue
                    given = [word for word in given if word not in ("--roads", "ROADS")]
                elif path is not None and command in NEEDS_ROADS:
                    given = [*given, "--roads", "ROADS"]
                elif path is not None and "ROADS" not in given:
                    continue
                out = folder / f"{command}-{network}"
                words = [
                    str(path) if w == "ROADS" else files.get(w, w.replace("OUT", str(out)))
                    for w in given
                ]
                print(line(command, network, profiled(words, environment, folder)), flush=True)


if __name__ == "__main__":
    main()

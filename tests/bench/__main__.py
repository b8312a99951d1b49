"""Measure this library against its peers, and write what came of it to docs/benchmarks.md.

    python -m tests.bench [--edges N ...] [--runs 5] [--env FOLDER] [WORK ...]

Makes an environment with the peers; those that cannot be installed are named and left out. The
two sides of a work are processes of their own, made ready once and then run by turns, so that
other work on the machine slows both. Seconds are of the processor. Answers must be equal.
``python -m tests.bench --list`` names the works. Linux only. Each row is kept in the environment's
folder, so that a run that was stopped goes on where it was; ``--anew`` measures all again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .chart import chart
from .works import WORKS, Work

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
PICTURE = DOCUMENT.with_suffix(".svg")
BEGIN, END = "<!-- measured -->\n", "<!-- end of measured -->"
PEERS = (
    "osmnx", "geopandas", "networkx", "pandana", "igraph", "pyrosm", "folium", "lonboard", "pydeck",
)  # fmt: skip
KEPT = "rows.jsonl"
BESIDE = ("osmium", "scikit-learn", "matplotlib", "mapclassify")
"""What peers and files need besides."""


class Row(NamedTuple):
    """What came of a work at one size."""

    work: str
    edges: int
    ratios: list[float]
    """The peer's seconds over ours, a pair each."""
    ours_s: float
    peer_s: float
    ours_mb: float
    peer_mb: float
    told: tuple[float, float]
    """The first number of both answers: of pages, their bytes."""

    @property
    def ratio(self) -> float:
        """The median of the pairs."""
        return statistics.median(self.ratios)


def kept_rows(path: Path) -> list[Row]:
    """Return the rows that a run before this one measured."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Row(*json.loads(line)) for line in lines]


def environment(folder: Path) -> tuple[str, dict[str, str], list[str]]:
    """Return the Python of an environment, the versions in it, and the peers it lacks."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, f"{ROOT}[arrow]", *BESIDE], check=True)
        if subprocess.run([*install, *PEERS], check=False).returncode:
            for peer in PEERS:  # those that can be had
                subprocess.run([*install, peer], check=False)
    ask = (
        "import importlib.metadata as m, json; "
        "print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))"
    )
    told = subprocess.run([str(python), "-c", ask], check=True, capture_output=True, text=True)
    versions: dict[str, str] = json.loads(told.stdout)
    return str(python), versions, [peer for peer in PEERS if peer not in versions]


class Worker:
    """One side of a work, running."""

    def __init__(self, python: str, work: str, side: str, edges: int, folder: Path) -> None:
        words = [python, str(HERE / "worker.py"), work, side, str(edges), str(folder)]
        path = {"PYTHONPATH": os.pathsep.join([str(ROOT / ".package"), str(ROOT)])}
        self.process = subprocess.Popen(
            words, env={**os.environ, **path}, cwd=ROOT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self) -> dict[str, Any]:
        """Run it once."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError((self.process.communicate()[1] or "")[-400:])
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.communicate()


def measured(python: str, name: str, edges: int, runs: int) -> Row:
    """Run both sides by turns."""
    work = WORKS[name]
    with tempfile.TemporaryDirectory() as folder:
        prepare = Worker(python, name, "prepare", edges, Path(folder))
        failed = prepare.process.communicate()[1]
        if prepare.process.returncode:
            raise RuntimeError(failed[-400:])
        sides: list[Worker] = []
        try:
            sides += [Worker(python, name, s, edges, Path(folder)) for s in ("ours", "theirs")]
            pairs = [(sides[0].run(), sides[1].run()) for _ in range(runs)]
        finally:
            for side in sides:
                side.end()
    for ours, peer in pairs:
        if np.isfinite(work.within):
            np.testing.assert_allclose(
                ours["told"], peer["told"], rtol=work.within, atol=1e-6 if work.within else 0
            )
    mine, theirs = ([pair[i]["seconds"] for pair in pairs] for i in (0, 1))
    theirs = [seconds / work.share for seconds in theirs]
    return Row(
        name,
        edges,
        [b / max(a, 1e-6) for a, b in zip(mine, theirs, strict=True)],
        statistics.median(mine),
        statistics.median(theirs),
        max(ours["mb"] for ours, _ in pairs),
        max(peer["mb"] for _, peer in pairs),
        (pairs[0][0]["told"][0], pairs[0][1]["told"][0]),
    )


def times(ratio: float) -> str:
    """Return a ratio in as many digits as are sound."""
    return f"{ratio:,.0f}" if ratio >= 20 else f"{ratio:.1f}"


def seconds(value: float) -> str:
    """Return seconds, or thousandths of them."""
    return f"{value:,.1f} s" if value >= 1 else f"{value * 1e3:,.1f} ms"


def verdict(work: Work, row: Row) -> str:
    """Return what was promised, and whether it was kept."""
    if work.promised is None:
        return "–"
    return f"{work.promised:,.0f} ×, " + ("kept" if row.ratio >= work.promised else "**not kept**")


def table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as a table of Markdown."""
    lines = [
        "| work | peer | edges | ratio (least – most of the pairs) | here, there "
        "| peak here, there | promised |",
        "| --- | --- | ---: | --- | --- | --- | --- |",
    ]
    for row in rows:
        work = WORKS[row.work]
        spread = f"{times(min(row.ratios))} – {times(max(row.ratios))}"
        note = ""
        if not np.isfinite(work.within):
            note = f"; bytes 1/{row.told[1] / row.told[0]:.1f}"
        lines.append(
            f"| {work.what} | {work.peer} | {row.edges:,} "
            f"| **{times(row.ratio)} ×** ({spread}){note} "
            f"| {seconds(row.ours_s)}, {seconds(row.peer_s)} "
            f"| {row.ours_mb:,.0f} MB, {row.peer_mb:,.0f} MB | {verdict(work, row)} |"
        )
    return lines


def written(
    rows: Sequence[Row], runs: int, versions: dict[str, str], lost: dict[str, str]
) -> list[str]:
    """Return what the document says of the measurements."""
    known = ", ".join(f"{peer} {versions[peer]}" for peer in PEERS if peer in versions)
    processors = os.cpu_count()
    lines = [
        f"`python -m tests.bench`: {runs} pairs a row, the two sides by turns in processes of "
        "their own, seconds of the processor. The ratio is the median of the pairs: how many "
        "times as long the peer takes. Answers were compared in every pair, but for those of "
        "pages: that these say the same is held by `tests/bench/bench_page.py`.",
        "",
        f"Python {platform.python_version()}, {processors} processors, shared with other work; "
        f"{known}.",
        "",
        "![Ratios, on a scale of tens](benchmarks.svg)",
        "",
        *table(rows),
        "",
    ]
    short = [
        f"{WORKS[row.work].what}, {row.edges:,} edges: {times(row.ratio)} × where "
        f"{WORKS[row.work].promised:,.0f} × was promised"
        for row in rows
        if row.ratio < (WORKS[row.work].promised or 0)
    ]
    if short:
        lines += ["Below what was promised:", "", *(f"- {each}" for each in short), ""]
    if lost:
        lines += ["Left out:", "", *(f"- {name}: {why}" for name, why in lost.items()), ""]
    return lines


def main() -> None:
    """Measure, print each row, and write the document and its chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", metavar="WORK")
    parser.add_argument("--edges", type=int, nargs="+", help="Sizes other than each work's own.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--env", type=Path, default=ROOT / ".bench", help="The environment.")
    parser.add_argument("--list", action="store_true", help="Name the works.")
    parser.add_argument("--dry", action="store_true", help="Write no document.")
    parser.add_argument("--anew", action="store_true", help="Forget the rows that were kept.")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(f"{name:12} {work.what} / {work.peer}" for name, work in WORKS.items()))
        return
    python, versions, absent = environment(asked.env)
    lost = dict.fromkeys(absent, "cannot be installed here")
    kept = asked.env / KEPT
    if asked.anew:
        kept.unlink(missing_ok=True)
    before = {(row.work, row.edges): row for row in kept_rows(kept)}
    rows: list[Row] = []
    for name in asked.works or WORKS:
        for edges in asked.edges or WORKS[name].sizes:
            if WORKS[name].package in absent:
                continue
            try:
                row = before.get((name, edges)) or measured(python, name, edges, asked.runs)
            except RuntimeError as error:
                lost[f"{name}, {edges:,} edges"] = str(error).strip().splitlines()[-1]
                print(f"{name}, {edges:,} edges: {error}", flush=True)
                continue
            if (name, edges) not in before:
                with kept.open("a", encoding="utf-8") as file:
                    print(json.dumps(row), file=file)
            rows.append(row)
            print(table(rows)[-1], flush=True)
    if not asked.dry:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        _, _, tail = rest.partition(END)
        lines = "\n".join(written(rows, asked.runs, versions, lost))
        DOCUMENT.write_text(f"{head}{BEGIN}\n{lines}\n{END}{tail}", encoding="utf-8")
        bars = [
            (f"{WORKS[r.work].what} / {WORKS[r.work].package}, {r.edges:,}", r.ratio) for r in rows
        ]
        PICTURE.write_text(chart(bars), encoding="utf-8")


if __name__ == "__main__":
    main()

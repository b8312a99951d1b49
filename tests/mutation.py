"""Change the core in small ways and count which changes the tests notice.

    uv tool install cosmic-ray
    python -m tests.mutation --sample 80 --seed 1 [--area privacy] [--tool PATH/TO/cosmic-ray]

Cosmic Ray says where each module can be changed and makes the change, in a copy of the tree;
tests run until the first that fails: those that ran the line when nothing was changed, then all
that concern the module, each in a process with the libraries loaded. A sample is drawn of places,
then one change of each place. Left out is what cannot tell: annotations, which are text here,
and ``is`` made ``==``. Prints a row for each area, the share killed with its 95 % interval
after Wilson, and what survived as a diff. With ``--log FILE`` what was tried is kept, and not
tried again by a later run of the same sample.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

import coverage
import geopandas  # noqa: F401
import networkx as nx  # noqa: F401
import pyarrow as pa  # noqa: F401
import pyogrio  # noqa: F401
import pytest

ROOT = Path(__file__).parent.parent
PATHS = {"", str(ROOT), str(ROOT / ".package")}
SECONDS = itertools.count(1)
SAID = "pytest.txt"
COPIED = ("geo", "layers", "maps", "tests", "docs", "examples", ".package", "requirements")
ALIKE = ("Is_Eq", "IsNot_NotEq", "Eq_Is", "NotEq_IsNot")
"""Changes that mean the same to what is compared here: None, and words of a few."""
PATIENCE_S = 300
"""Seconds of the processor that the tests may take; a change that takes longer counts as killed."""


class Area(NamedTuple):
    """What is changed, and which tests are to notice; those of the module itself run first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "crossings": Area(
        ("geo/crossings",),
        (
            "tests/geo/crossings",
            "tests/geo/scenarios/test_untold.py",
            "tests/geo/scenarios/test_cut_at_border.py",
            "tests/geo/scenarios/test_any_line.py",
            "tests/geo/scenarios/test_any_border.py",
            "tests/geo/border/test_open_guard.py",
        ),
    ),
    "routing": Area(
        ("geo/routing", "geo/network/graph.py"),
        (
            "tests/geo/network/test_graph.py",
            "tests/geo/routing",
            "tests/geo/access/test_nearest.py",
        ),
    ),
    "intervals": Area(
        (
            "geo/tables/edtf.py",
            "layers/intervals.py",
            "layers/counts/arithmetic.py",
            "layers/counts/mismatches.py",
            "layers/counts/series.py",
            "layers/counts/table.py",
        ),
        ("tests/geo/tables", "tests/layers/test_intervals.py", "tests/layers/counts"),
    ),
    "privacy": Area(
        ("layers/privacy",),
        ("tests/layers/privacy", "tests/layers/test_small_counts.py", "tests/layers/publication"),
    ),
}


class Mutant(NamedTuple):
    """A change that the tool can make."""

    area: str
    module: str
    operator: str
    occurrence: int
    line: int
    column: int

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it changes something."""
        return self.module, self.line, self.column


def mutants_of(tool: str, area: str, root: Path) -> Iterator[Mutant]:
    """Return every change of an area that can tell."""
    files = sorted(
        file
        for name in AREAS[area].modules
        for file in ((root / name).rglob("*.py") if (root / name).is_dir() else [root / name])
    )
    with tempfile.TemporaryDirectory() as folder:
        config, session = Path(folder, "config.toml"), Path(folder, "session.sqlite")
        names = [str(file.relative_to(root)) for file in files]
        config.write_text(
            f'[cosmic-ray]\nmodule-path = {json.dumps(names)}\ntimeout = 1\ntest-command = "true"\n'
            'excluded-modules = []\n[cosmic-ray.distributor]\nname = "local"\n'
        )
        subprocess.run([tool, "init", str(config), str(session)], cwd=root, check=True)
        told = subprocess.run(
            [tool, "dump", str(session)], cwd=root, check=True, capture_output=True, text=True
        ).stdout
    untold = {name: annotated(root / name) for name in names}
    for line in told.splitlines():
        (one,) = json.loads(line)[0]["mutations"]
        module, operator, (row, column) = one["module_path"], one["operator_name"], one["start_pos"]
        in_text = any(start <= (row, column) < end for start, end in untold[module])
        if not in_text and not operator.endswith(ALIKE):
            yield Mutant(area, module, operator, one["occurrence"], row, column)


def annotated(path: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where the annotations of a module begin and end, as lines and columns."""
    parts: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            parts.append(node.returns)
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
    return [
        ((part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0))
        for part in parts
        if part is not None
    ]


def drawn(mutants: list[Mutant], sample: int | None, seed: int) -> list[Mutant]:
    """Return a sample: places by chance, and of each one change."""
    places = defaultdict(list)
    for one in sorted(mutants):
        places[one.place].append(one)
    chance = Random(seed)
    chosen = sorted(places) if sample is None else chance.sample(sorted(places), sample)
    return [chance.choice(places[place]) for place in chosen]


def own_tests(module: str, root: Path) -> list[str]:
    """Return what tests a module by its name, and the examples of its docstrings."""
    path = Path(module)
    own = Path("tests", path.parent, f"test_{path.stem.lstrip('_')}.py")
    return [*([str(own)] if (root / own).exists() else []), module]


def pass_tests(targets: Iterable[str], root: Path, *options: str) -> bool:
    """Whether the tests pass, in time, in a process that has the libraries already."""
    words = ["-n", "0", "-q", "-x", "-p", "no:cacheprovider", "-m", "not browser and not shared"]
    words += ["--hypothesis-seed=0", *options, *dict.fromkeys(targets)]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE_S, PATIENCE_S))
            status = int(_pytest_in(root, words))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0


def _pytest_in(root: Path, words: list[str]) -> int:
    """Run pytest in a copy of the tree, whose modules alone are seen; what it says is kept."""
    out = os.open(root / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(root)
    paths = [str(root / ".package"), str(root)]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:] = [*paths, *(path for path in sys.path if path not in PATHS)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    return pytest.main(words)


def covering(root: Path, area: str) -> dict[str, dict[int, list[str]]]:
    """Run an area's tests as they are; return which of them run each line of its modules."""
    options = ("--cov", "--cov-context=test", "--cov-report=")
    if not pass_tests(AREAS[area].tests, root, *options):
        sys.exit(f"{area}: the tests fail as they are\n{(root / SAID).read_text()[-4000:]}")
    data = coverage.CoverageData(str(root / ".coverage"))
    data.read()
    return {
        str(Path(file).resolve().relative_to(root.resolve())): {
            line: sorted({name.rpartition("|")[0] for name in names} - {""})
            for line, names in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }


def statement_lines(source: str, line: int) -> range:
    """Return the lines of the statement that holds a line; of a compound one, those of its head."""
    held = range(line, line + 1)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            if line <= max(end, node.lineno):
                held = range(node.lineno, max(end, node.lineno) + 1)
    return held


def _set_second(file: Path) -> None:
    """Give a file a second of its own: by it bytecode is told from that of the file before."""
    second = file.stat().st_mtime + next(SECONDS)
    os.utime(file, (second, second))


def survivor(tool: str, one: Mutant, root: Path, ran: dict[int, list[str]]) -> str | None:
    """Make a change, run the tests, take it back; return it as a diff if none noticed."""
    file = root / one.module
    before = file.read_text(encoding="utf-8")
    lines = statement_lines(before, one.line)
    near = list(dict.fromkeys(name for line in lines for name in ran.get(line, ())))
    own = own_tests(one.module, root)
    near.sort(key=lambda name: not name.startswith(tuple(own)))
    try:
        words = [tool, "apply", one.module, one.operator, str(one.occurrence)]
        subprocess.run(words, cwd=root, check=True, capture_output=True)
        after = file.read_text(encoding="utf-8")
        _set_second(file)
        if (near and not pass_tests(near, root)) or not pass_tests(
            [*own, *AREAS[one.area].tests], root
        ):
            return None
    finally:
        file.write_text(before, encoding="utf-8")
        _set_second(file)
    changed = difflib.unified_diff(
        before.splitlines(), after.splitlines(), one.module, one.module, n=1, lineterm=""
    )
    return "\n".join(changed)


def wilson(killed: int, tried: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), as shares."""
    z = 1.96
    middle = (killed + z * z / 2) / (tried + z * z)
    half = z * (killed * (tried - killed) / tried + z * z / 4) ** 0.5 / (tried + z * z)
    return middle - half, middle + half


def row(name: str, places: int, killed: int, tried: int) -> str:
    """Return a row of the table."""
    low, high = wilson(killed, tried)
    share = f"{killed / tried:.0%} | {low:.0%} to {high:.0%}"
    return f"| {name} | {places:,} | {tried} | {killed} | {share} |"


def copied(root: Path) -> None:
    """Copy what the tests need; links stay links."""
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, symlinks=True)
    for file in (file for file in ROOT.iterdir() if file.is_file()):
        shutil.copy2(file, root)


def tried(
    tool: str, chosen: list[Mutant], root: Path, log: Path | None
) -> Iterator[tuple[Mutant, str | None]]:
    """Yield each change with its diff if it survived; an interrupt ends it."""
    kept: dict[str, str | None] = {}
    if log is not None and log.exists():
        kept = dict(json.loads(line) for line in log.read_text().splitlines())
    ran: dict[str, dict[str, dict[int, list[str]]]] = {}
    with suppress(KeyboardInterrupt):
        for number, one in enumerate(chosen, 1):
            key = json.dumps(one)
            if key not in kept:
                if one.area not in ran:
                    ran[one.area] = covering(root, one.area)
                kept[key] = survivor(tool, one, root, ran[one.area].get(one.module, {}))
                if log is not None:
                    with log.open("a") as file:
                        print(json.dumps([key, kept[key]]), file=file)
            place = f"{one.module}:{one.line}:{one.column} {one.operator}"
            state = "killed" if kept[key] is None else "survived"
            print(f"{number}/{len(chosen)} {state} {place}", file=sys.stderr, flush=True)
            yield one, kept[key]


def main() -> None:
    """Draw, change, count and print; after an interrupt, what was counted until then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="how many places; all of them by default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--area", choices=AREAS, action="append")
    parser.add_argument("--log", type=Path, help="where what was tried is kept")
    parser.add_argument("--tool", default="cosmic-ray", help="the command of Cosmic Ray")
    given = parser.parse_args()
    areas = given.area or list(AREAS)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "tree")
        root.mkdir()
        copied(root)
        mutants = [one for area in areas for one in mutants_of(given.tool, area, root)]
        chosen = drawn(mutants, given.sample, given.seed)
        results = list(tried(given.tool, chosen, root, given.log))
    print("| area | places | tried | killed | share | 95 % interval |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, some in [*((area, [area]) for area in areas), ("together", areas)]:
        places = len({one.place for one in mutants if one.area in some})
        found = [diff for one, diff in results if one.area in some]
        if found:
            print(row(name, places, found.count(None), len(found)))
    print(*(diff for _, diff in results if diff is not None), sep="\n")


if __name__ == "__main__":
    main()

"""Change the core in small ways and count which changes the tests notice.

    uv tool install cosmic-ray
    python -m tests.mutation --sample 80 --seed 1 [--area privacy] [--tool PATH/TO/cosmic-ray]

Cosmic Ray says where each module can be changed and makes the change, in a copy of the tree;
tests run until the first that fails, the quickest first: those that ran the line when nothing was
changed, or where it runs at import, all of the area, each in a process with the libraries loaded.
A sample is drawn of places, then one change of each place. Left out is what cannot tell:
annotations, which are text here, ``is`` made ``==``, and whether and how much is remembered.
Prints a row for each area, the share killed with its 95 % interval after Wilson, and what survived
as a diff. With ``--log FILE`` what was tried is kept, and not tried again by a later run of the
same sample of the same tree, but with ``--again`` what survived, by the tests of now. Areas may be
tried by several runs at once that keep one log.
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
import time
import traceback
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
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
MTIMES = itertools.count(1)
SAID = "pytest.txt"
TOOK = "took.json"
COPIED = ("geo", "layers", "maps", "tests", "docs", "examples", ".package", "requirements")
ALIKE = ("Is_Eq", "IsNot_NotEq", "Eq_Is", "NotEq_IsNot")
"""Changes that mean the same to what is compared here: None, and words of a few."""
PATIENCE = 3
"""How many times as long as before tests may take the processor; beyond it a change is killed."""


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
            "tests/geo/scale/test_seams.py",
            "tests/maps/scenarios/test_study.py",
            "tests/test_arguments.py",
        ),
    ),
    "routing": Area(
        ("geo/routing", "geo/network/graph.py"),
        (
            "tests/geo/network/test_graph.py",
            "tests/geo/routing",
            "tests/geo/access/test_nearest.py",
            "tests/geo/access/test_isochrones.py",
            "tests/geo/scenarios/test_over_180.py",
            "tests/test_arguments.py",
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


class Ran(NamedTuple):
    """What an area's tests did when nothing was changed."""

    by_line: dict[str, dict[int, list[str]]]
    """Tests by module and line; "" stands for its import, and for what several tests share."""
    took_s: dict[str, float]
    """Seconds of the processor by test."""


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
    untold = {name: unseen(root / name) for name in names}
    for line in told.splitlines():
        (one,) = json.loads(line)[0]["mutations"]
        module, operator, (row, column) = one["module_path"], one["operator_name"], one["start_pos"]
        in_text = any(start <= (row, column) < end for start, end in untold[module])
        if not in_text and not operator.endswith(ALIKE):
            yield Mutant(area, module, operator, one["occurrence"], row, column)


def all_mutants(tool: str, root: Path, log: Path | None) -> list[Mutant]:
    """Return every change of every area, or what is kept of them beside the log."""
    kept = log and log.with_name(f"{log.name}.places.json")
    if kept is not None and kept.exists():
        return [Mutant(*one) for one in json.loads(kept.read_text())]
    mutants = [one for area in AREAS for one in mutants_of(tool, area, root)]
    if kept is not None:
        kept.write_text(json.dumps(mutants))
    return mutants


def unseen(path: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where annotations and decorators that remember begin and end, as lines and columns."""
    parts: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            parts.append(node.returns)
            parts += [one for one in node.decorator_list if "cache" in ast.unparse(one)]
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
    return [
        (
            (part.lineno, max(part.col_offset - 1, 0)),
            (part.end_lineno or 0, part.end_col_offset or 0),
        )
        for part in parts
        if part is not None
    ]


def drawn(mutants: list[Mutant], sample: int | None, seed: int) -> list[Mutant]:
    """Return a sample: of each area as large a part of its places, by chance, and one change each.

    What is drawn of an area depends on no other one, so that areas can be tried beside each other.
    """
    areas: dict[str, dict[tuple[str, int, int], list[Mutant]]] = {}
    for one in sorted(mutants):
        areas.setdefault(one.area, {}).setdefault(one.place, []).append(one)
    whole = sum(map(len, areas.values()))
    chosen = []
    for area, places in areas.items():
        chance = Random(f"{seed} {area}")
        size = len(places) if sample is None else round(sample * len(places) / whole)
        chosen += [chance.choice(places[place]) for place in chance.sample(list(places), size)]
    Random(seed).shuffle(chosen)  # a run that is stopped is a sample, too
    return chosen


def own_tests(module: str, root: Path) -> list[str]:
    """Return what tests a module by its name, and the examples of its docstrings."""
    path = Path(module)
    own = Path("tests", path.parent, f"test_{path.stem.lstrip('_')}.py")
    return [*([str(own)] if (root / own).exists() else []), module]


class Quickest:
    """Runs own tests and quick ones first; keeps how long each takes."""

    def __init__(self, own: list[str], took_s: dict[str, float]) -> None:
        self.own = tuple(own)
        self.before = took_s
        self.took_s: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by file, for what its tests share, and within it."""
        files: dict[str, list[float]] = defaultdict(list)
        for item in items:
            files[item.nodeid.partition("::")[0]].append(self.before.get(item.nodeid, 0))

        def order(item: pytest.Item) -> tuple[bool, float, str, float]:
            name = item.nodeid.partition("::")[0]
            took = files[name]
            mean = sum(took) / len(took)
            return name not in self.own, mean, name, self.before.get(item.nodeid, 0)

        items.sort(key=order)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Look at the processor's clock."""
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.took_s[item.nodeid] = round(time.process_time() - began, 3)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep it where the tests ran."""
        (session.config.rootpath / TOOK).write_text(json.dumps(self.took_s))


def pass_tests(
    targets: Iterable[str], root: Path, *options: str, plugin: Quickest, most_s: float
) -> bool:
    """Whether the tests pass, in time, in a process that has the libraries already."""
    words = ["-n", "0", "-q", "-x", "-p", "no:cacheprovider", "-m", "not browser and not shared"]
    words += ["--hypothesis-seed=0", *options, *dict.fromkeys(targets)]
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(most_s), int(most_s)))
            status = int(_pytest_in(root, words, plugin))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(f"the tests cannot be run\n{(root / SAID).read_text()[-4000:]}")
    return status == 0


def _pytest_in(root: Path, words: list[str], plugin: Quickest) -> int:
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
    return pytest.main(words, plugins=[plugin])


def covering(root: Path, area: str, kept: Path | None) -> Ran:
    """Run an area's tests as they are, or return what is kept of it."""
    if kept is not None and kept.exists():
        lines, took_s = json.loads(kept.read_text())
        return Ran(
            {m: {int(n): names for n, names in at.items()} for m, at in lines.items()}, took_s
        )
    config, plugin = root / "area.coveragerc", Quickest([], {})
    seen = [f"*/{name}" if name.endswith(".py") else f"*/{name}/*" for name in AREAS[area].modules]
    config.write_text(f"[run]\ninclude = {','.join(seen)}\n")
    options = ("--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report=")
    if not pass_tests(AREAS[area].tests, root, *options, plugin=plugin, most_s=3600):
        sys.exit(f"{area}: the tests fail as they are\n{(root / SAID).read_text()[-4000:]}")
    data = coverage.CoverageData(str(root / ".coverage"))
    data.read()
    by_line = {
        str(Path(file).resolve().relative_to(root.resolve())): {
            line: sorted(
                {"" if name.endswith("|setup") else name.rpartition("|")[0] for name in names}
            )
            for line, names in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    ran = Ran(by_line, json.loads((root / TOOK).read_text()))
    if kept is not None:
        kept.write_text(json.dumps(ran))
    return ran


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
    second = file.stat().st_mtime + next(MTIMES)
    os.utime(file, (second, second))


def survivor(tool: str, one: Mutant, root: Path, ran: Ran) -> str | None:
    """Make a change, run the tests, take it back; return it as a diff if none noticed."""
    file = root / one.module
    before = file.read_text(encoding="utf-8")
    lines = statement_lines(before, one.line)
    by_line = ran.by_line.get(one.module, {})
    near = dict.fromkeys(name for line in lines for name in by_line.get(line, ("",)))
    own = own_tests(one.module, root)
    targets = [*own, *AREAS[one.area].tests] if "" in near else list(near)
    took_s = sum(ran.took_s.values() if "" in near else map(ran.took_s.__getitem__, near))
    try:
        words = [tool, "apply", one.module, one.operator, str(one.occurrence)]
        subprocess.run(words, cwd=root, check=True, capture_output=True)
        after = file.read_text(encoding="utf-8")
        _set_second(file)
        plugin = Quickest(own, ran.took_s)
        if not pass_tests(targets, root, plugin=plugin, most_s=30 + PATIENCE * took_s):
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
    tool: str, chosen: list[Mutant], root: Path, log: Path | None, *, again: bool
) -> Iterator[tuple[Mutant, str | None]]:
    """Yield each change with its diff if it survived; an interrupt ends it."""
    kept: dict[str, str | None] = {}
    if log is not None and log.exists():
        kept = dict(json.loads(line) for line in log.read_text().splitlines())
    if again:
        kept = {key: diff for key, diff in kept.items() if diff is None}
    ran: dict[str, Ran] = {}
    with suppress(KeyboardInterrupt):
        for number, one in enumerate(chosen, 1):
            key = json.dumps(one)
            if key not in kept:
                if one.area not in ran:
                    beside = None if again else log and log.with_name(f"{log.name}.{one.area}.json")
                    ran[one.area] = covering(root, one.area, beside)
                kept[key] = survivor(tool, one, root, ran[one.area])
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
    parser.add_argument("--again", action="store_true", help="try again what survived")
    parser.add_argument("--tool", default="cosmic-ray", help="the command of Cosmic Ray")
    given = parser.parse_args()
    areas = given.area or list(AREAS)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "tree")
        root.mkdir()
        copied(root)
        mutants = all_mutants(given.tool, root, given.log)
        chosen = [one for one in drawn(mutants, given.sample, given.seed) if one.area in areas]
        results = list(tried(given.tool, chosen, root, given.log, again=given.again))
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

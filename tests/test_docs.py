"""What the documents say holds: code runs, columns are those of the code, links lead somewhere."""

import contextlib
import io
import json
import logging
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import nbclient
import nbformat
import pytest
from packaging.version import Version

from roxham.geo import read_region, read_roads, using_region
from roxham.maps.cli import app as cli
from roxham.maps.content import wording
from roxham.maps.resources import asset_json

from . import reference

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_says_what_the_code_declares(name: str) -> None:
    (pinned,) = re.findall(
        r"^typer==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE
    )
    if name == "commands.md" and Version(version("typer")) < Version(pinned):
        pytest.skip("an older Typer writes other words for what an option takes")
    assert (reference.FOLDER / name).read_text() == reference.PAGES[name]()


def test_the_architecture_is_one_page_and_draws_the_contracts() -> None:
    text = reference.ARCHITECTURE.read_text()
    assert text == reference.architecture()
    assert "  ─ access" in text
    assert len(text.encode()) <= 8192


def test_the_reference_knows_the_tables() -> None:
    names = {contract.name for contract in reference.contracts()}
    assert {"incidents", "interceptions", "ports", "transfers", "border"} <= names


def test_the_readme_code_runs_in_ten_lines_and_saves_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len([line for line in code.splitlines() if line]) <= 11
    assert "<!DOCTYPE html>" in (tmp_path / "mine.html").read_text()
    assert "cdn" not in re.sub(
        r"<script>.*?</script>", "", (tmp_path / "mine.html").read_text(), flags=re.DOTALL
    )


class Block(NamedTuple):
    """A fenced block of a page: the file that it is, if it is called one, and how it is marked."""

    file: str
    mark: str
    language: str
    text: str


FENCE = re.compile(
    r"(?:^`([\w./-]+)`:\n\n)?(?:^<!-- ([^>\n]+) -->\n)?^```(\w*)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
RUN = sorted(
    page.relative_to(ROOT / "docs").as_posix()
    for page in (ROOT / "docs").rglob("*.md")
    if page.name != "recipes.md"
    and re.search(r"^```(python|bash)$", page.read_text(), re.MULTILINE)
)
"""Pages with snippets; tests/maps/scenarios/test_recipes.py runs those of the recipes."""


NOT_RUN = re.compile(r"not run: .{10,}|with a server")
"""Marks of a snippet that the tests do not run here: they say why."""


def blocks(page: str | Path) -> Iterator[Block]:
    for found in FENCE.finditer((ROOT / "docs" / page).read_text(encoding="utf-8")):
        yield Block(*(part or "" for part in found.groups()))


def command(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a command as it stands on a page; it must succeed."""
    monkeypatch.setattr(sys, "argv", shlex.split(line, comments=True))
    assert sys.argv[0] == "roxham", line
    said, code = io.StringIO(), None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code
    assert not code, f"{line}\n{said.getvalue()}"


@pytest.fixture
def unheard() -> Iterator[None]:
    """Take back what a page asks of loggers."""
    level = logging.getLogger("roxham").level
    yield
    logging.getLogger("roxham").setLevel(level)


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize("page", RUN)
def test_the_snippets_of_a_page_run_one_after_the_other(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page):
        if NOT_RUN.fullmatch(block.mark):
            continue
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text, encoding="utf-8")
        if block.file and block.mark != "run":
            continue
        if block.language == "bash":
            for line in block.text.strip().splitlines():
                command(line, monkeypatch)
        elif block.language == "python":
            exec(compile(block.text, page, "exec"), names)


ELSEWHERE = {"draw", "test"}
"""Marks of the README's commands, which ``.ci/run`` runs in a clean clone."""
TEXTS = [*PAGES, ROOT / "examples" / "README.md"]
RUNS = re.compile(r"^(?:\S*/)?(?:roxham|python3?|pip|git|nox|ogr2ogr|osmium)\b", re.MULTILINE)


@pytest.mark.parametrize("page", TEXTS, ids=lambda p: p.name)
def test_every_snippet_runs_or_says_why_not(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    docs = page.is_relative_to(ROOT / "docs")
    generated = page.parent.name == "reference"  # usage lines, from the commands themselves
    for block in () if generated else blocks(page):
        runs = docs and block.language in ("python", "bash") and not NOT_RUN.fullmatch(block.mark)
        code = block.language in ("python", "bash") or RUNS.search(block.text)
        known = block.mark in ELSEWHERE or (page.name, block.language) == ("README.md", "python")
        if code and not runs and not known:
            assert NOT_RUN.fullmatch(block.mark), block.text
    assert text.count("\n```\n") >= len(re.findall(r"^```\w", text, re.MULTILINE))


@pytest.mark.parametrize("page", TEXTS, ids=lambda p: p.name)
def test_commands_that_are_shown_and_not_run_have_such_options(page: Path) -> None:
    wanted = []
    for block in blocks(page):
        if not NOT_RUN.fullmatch(block.mark):
            continue
        lines = re.sub(r"\n {4,}", " ", block.text).splitlines()
        told = (re.match(r"(?:\S*/)?roxham +([a-z]+) ?(.*)", line) for line in lines)
        wanted += [(found[1], found[2].split(" #")[0]) for found in told if found]
    for name, words in wanted:
        command = cli.Later(name).load()
        known = {option for parameter in command.params for option in parameter.opts}
        asked = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", words))
        assert asked - known == set(), (name, words)


EXAMPLES = {
    "a_series_drawn.py": ("4,689", "a_series_drawn.svg"),
    "a_sheet_for_print.py": ("chemin Roxham", "a_sheet_for_print.svg"),
    "another_border.py": ("crossing_id", "another_border.html"),
    "around_a_hospital.py": ("60.0", "around_a_hospital.html"),
    "before_and_after.py": ("to none after: roxham-road", "before_and_after.html"),
    "export_and_read_back.py": ("odbl/roads.csv              ODbL-1.0", "package/datapackage.json"),
    "first_page.py": ("incidents      3 rows", "first_page.html"),
    "how_remote.py": ("road_min_km", ""),
    "maps_in_marimo.py": ("Quebec, December 2022: 4,689", ""),
    "own_incidents.py": ("2 hold, 0 faults", "own_incidents.html"),
    "own_map.py": ("own_map.html", "own_map.html"),
    "what_a_closure_changed.py": ("m of it on foot, through Roxham Road", ""),
    "who_counted_what.py": ("39171", ""),
    "with_networkx.py": ("Plattsburgh to Malone: 84 km", ""),
}
"""Of each example what it must print, and the file that it must write."""


def test_every_example_is_listed_and_has_its_picture_in_the_gallery() -> None:
    scripts = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert scripts == set(EXAMPLES)
    gallery = (ROOT / "docs" / "gallery.md").read_text()
    notebooks = [path.stem for path in (ROOT / "examples").glob("*.ipynb")]
    for name in [*(Path(script).stem for script in scripts), *notebooks]:
        assert re.search(rf"!\[.{{20,}}\]\(gallery/{name}\.png\)", gallery), name


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_an_example_runs(
    example: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "examples" / example), run_name="__main__")
    printed, written = EXAMPLES[example]
    assert printed in capsys.readouterr().out
    assert not written or (tmp_path / written).stat().st_size > 1000


@pytest.mark.filterwarnings("default")  # of the libraries that talk to a kernel
def test_the_notebook_runs_shows_maps_and_no_rows(tmp_path: Path) -> None:
    notebook = nbformat.read(  # type: ignore[no-untyped-call]
        ROOT / "examples" / "maps_in_jupyter.ipynb", as_version=4
    )
    assert not any(cell.get("outputs") for cell in notebook.cells)  # none are kept in git
    nbclient.NotebookClient(
        notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [out["data"]["text/html"] for cell in notebook.cells for out in cell.get("outputs", [])]
    summaries = [html for html in shown if "<iframe" not in html]
    assert len(summaries) == 2
    assert all(len(html) < 2000 for html in summaries)
    assert sum(html.startswith("<iframe") for html in shown) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_our_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text())
    assert [t for t in targets if not (page.parent / t).exists()] == []


def worked_diffs() -> dict[str, str]:
    """Return the diffs that apply to the code of the day, by the section that they stand in."""
    sections = (ROOT / "docs/diffs.md").read_text(encoding="utf-8").split("\n## ")
    parted = {part.partition("\n")[0]: FENCE.finditer(part) for part in sections}
    found = {
        name: [Block(*(p or "" for p in b.groups())) for b in bs] for name, bs in parted.items()
    }
    return {n: b.text for n, bs in found.items() for b in bs if b.language == "diff" and not b.mark}


DIFFS = worked_diffs()


def test_the_worked_diffs_are_found() -> None:
    assert len(DIFFS) == 7


@pytest.mark.parametrize("section", DIFFS)
def test_a_worked_diff_applies(section: str) -> None:
    words = ["git", "apply", "--check", "-"]
    done = subprocess.run(words, cwd=ROOT, input=DIFFS[section], text=True, capture_output=True)
    told = f"docs/diffs.md, “{section}”, is of other lines. Write its diff anew."
    assert done.returncode == 0, f"{told}\n{done.stderr}"


def test_the_worked_diff_of_a_reader_reads_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, name = "geo/readers/formats.py", "roxham.geo.readers.wkt"
    (tmp_path / file).parent.mkdir(parents=True)
    shutil.copy(ROOT / file, tmp_path / file)
    diff = DIFFS["A reader of road files"]
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, text=True, check=True)
    recipe = next(b.text for b in blocks("recipes.md") if b.file == "wkt_roads.py")
    kept = recipe.partition("\nREADERS[")[0]
    kept = kept.replace("from roxham.geo.readers.formats import READERS, Reader\n", "")
    reader = ModuleType(name)
    exec(compile(kept, "wkt.py", "exec"), vars(reader))
    monkeypatch.setitem(sys.modules, name, reader)
    patched = ModuleType("roxham.geo.readers.formats_with_it")
    patched.__package__ = "roxham.geo.readers"
    monkeypatch.setitem(sys.modules, patched.__name__, patched)
    exec(compile((tmp_path / file).read_text("utf-8"), file, "exec"), vars(patched))
    monkeypatch.setattr("roxham.geo.readers.read.READERS", vars(patched)["READERS"])
    roads = tmp_path / "roads.csv"
    roads.write_text(next(b.text for b in blocks("recipes.md") if b.file == "roads.csv"), "utf-8")
    assert {*read_roads(roads).edges["name"]} == {"Ridge Road", "Mill Street"}


def test_the_worked_diff_of_a_language_gives_a_page_in_it(tmp_path: Path) -> None:
    messages, folder = "maps/assets/messages", "examples/danube"
    (tmp_path / messages).mkdir(parents=True)
    shutil.copy(ROOT / messages / "en.json", tmp_path / messages / "ro.json")
    shutil.copytree(ROOT / folder, tmp_path / folder)
    diffs = [block.text for block in blocks("diffs.md") if block.mark == "a language"]
    words = ["git", "apply", "-"]
    for diff in diffs:
        subprocess.run(words, cwd=tmp_path, input=diff, text=True, check=True)
    english = asset_json("messages/en.json")
    said = json.loads((tmp_path / messages / "ro.json").read_text(encoding="utf-8"))
    assert said.keys() == english.keys()
    changed = {key for key, text in said.items() if text != english[key]}
    assert len(changed) == 6
    for key in changed:
        assert set(re.findall(r"\{\w+\}", said[key])) == set(re.findall(r"\{\w+\}", english[key]))
    region = read_region(tmp_path / folder)
    assert region.languages == ("bg", "en", "ro")
    with using_region(region):
        assert set(wording.messages()) == {"bg", "en", "ro"}
    assert region.details
    assert region.details.title["ro"].startswith("Frontiera")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_picture_has_an_alternative_text(page: Path) -> None:
    text = page.read_text()
    told = re.findall(r"!\[([^\]]*)\]\(", text) + re.findall(r'<img [^>]*alt="([^"]*)"', text)
    assert len(told) == text.count("![") + text.count("<img ")
    assert [alt for alt in told if len(alt) < 20] == []


@pytest.mark.parametrize("name", ["draw", "test"])
def test_the_readme_commands_are_one_line_each(name: str) -> None:
    found = re.search(
        rf"<!-- {name} -->\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert found
    assert found[1].count("\n") == 1

"""The house: names, rooms, exports."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import grimp
import networkx as nx
import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import roxham

ROOT = Path(__file__).parent.parent
ROOMS = ("geo", "layers", "maps")


def test_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", roxham.__version__)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_are_imported_under_one_name(room: str) -> None:
    bare = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(ROOMS)})\b", re.MULTILINE)
    found = [p.name for p in (ROOT / room).rglob("*.py") if bare.search(p.read_text())]
    assert found == []


@pytest.mark.parametrize("builder", [WheelBuilder, SdistBuilder])
def test_what_is_installed_holds_the_stubs_of_the_faces(
    builder: type[WheelBuilder] | type[SdistBuilder],
) -> None:
    files = {file.distribution_path for file in builder(str(ROOT)).recurse_included_files()}
    prefix = "roxham/" if builder is WheelBuilder else ""
    assert {f"{prefix}{room}/__init__.pyi" for room in ROOMS} <= files


def test_an_index_is_shown_a_readme_whose_links_lead_somewhere() -> None:
    core = WheelBuilder(str(ROOT)).metadata.core
    assert core.readme.startswith("# roxham")
    assert re.findall(r"\]\((?!https?:|#)", core.readme) == []
    assert {"map", "gis"} & set(core.keywords)
    assert core.urls == {}  # it has no address yet


def test_a_wheel_built_with_an_address_leads_there(monkeypatch: pytest.MonkeyPatch) -> None:
    home = "https://example.org/border/roxham"
    monkeypatch.setenv("ROXHAM_REPOSITORY", f"{home}/")
    core = WheelBuilder(str(ROOT)).metadata.core
    assert core.urls["Source"] == home
    assert {"Documentation", "Changelog", "Issues", "Security"} < set(core.urls)
    assert core.readme.startswith("![")
    links = re.findall(r"\]\((?!#)([^)]*)", core.readme)
    assert all(link.startswith("https://") for link in links)
    inside = [link.split("/main/")[1] for link in [*links, *core.urls.values()] if "/main/" in link]
    assert [path for path in inside if not (ROOT / path.split("#")[0]).exists()] == []


@pytest.mark.parametrize("given", ["git@example.org:r", "https://me:pass@example.org/r", "x"])
def test_an_address_that_would_tell_or_lead_nowhere_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("ROXHAM_REPOSITORY", given)
    with pytest.raises(ValueError, match="https address"):
        _ = WheelBuilder(str(ROOT)).metadata.core.urls


def modules() -> list[str]:
    """Return every module of the package, with its dots."""
    files = [
        p.relative_to(ROOT).with_suffix("") for room in ROOMS for p in ROOT.glob(f"{room}/**/*.py")
    ]
    return sorted(".".join(p.parts).removesuffix(".__init__") for p in files)


def test_no_module_hides_behind_a_name_of_its_room() -> None:
    for room in ROOMS:
        inside = {m.split(".")[1] for m in modules() if m.startswith(f"{room}.")}
        assert inside & set(import_module(f"roxham.{room}").__all__) == set()


def test_folders_hold_four_to_twelve_modules() -> None:
    folders = {m for m in modules() if (ROOT / m.replace(".", "/")).is_dir()}
    inside = (m for m in modules() if m.count(".") >= 2 and m not in folders)
    sizes = Counter(m.rpartition(".")[0] for m in inside)
    scripts = ROOT / "maps" / "assets" / "js"
    kinds = (p for p in scripts.rglob("*.js") if p.stem != "index")
    sizes.update(str(p.parent.relative_to(ROOT)) for p in kinds)
    assert {folder: n for folder, n in sizes.items() if not 4 <= n <= 12} == {}


LONGEST = 80
"""Lines of code of a function, its docstring apart."""
STARTS = re.compile(
    r"^( *)(?!\s|if\b|for\b|while\b|switch\b|\}|return \{|class\b).*(?:function\b.*\)|=>|\)) \{$"
)
"""Lines of our scripts that begin a function; its last line is indented as much as this one."""


def python_functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            told = node.body[0] if ast.get_docstring(node) is not None else None
            docstring = (told.end_lineno or 0) - told.lineno + 1 if told else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def script_functions(path: Path) -> Iterator[tuple[str, int]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if found := STARTS.match(line):
            ends = (k for k in range(i + 1, len(lines)) if lines[k].startswith(f"{found[1]}}}"))
            yield line.strip(), next(ends) - i + 1


def test_functions_are_short() -> None:
    sizes = {
        f"{path.relative_to(ROOT)}: {name}": size
        for room in ROOMS
        for kind, functions in (("py", python_functions), ("js", script_functions))
        for path in ROOT.glob(f"{room}/**/*.{kind}")
        if "vendor" not in path.parts
        for name, size in functions(path)
    }
    assert len(sizes) > 2500
    assert {name: size for name, size in sizes.items() if size > LONGEST} == {}


def test_modules_import_in_no_circle_but_the_one_of_a_network_and_its_writers() -> None:
    graph = grimp.build_graph("roxham", cache_dir=None)
    arrows = nx.DiGraph(
        (module, used)
        for module in graph.modules
        for used in graph.find_modules_directly_imported_by(module)
    )
    circles = [c for c in nx.strongly_connected_components(arrows) if len(c) > 1]
    (writers,) = circles
    assert "roxham.geo.network.roads" in writers
    assert {name.rpartition(".")[0] for name in writers} == {"roxham.geo.network"}


def test_every_module_and_folder_of_a_room_stands_on_a_floor() -> None:
    """What no contract names may import anything, and is missing from the drawing."""
    with (ROOT / "pyproject.toml").open("rb") as settings:
        contracts = tomllib.load(settings)["tool"]["importlinter"]["contracts"]
    floors = [floor for one in contracts for floor in one.get("layers", [])]
    named = {name for floor in floors for name in floor.split(" | ")}
    inside = {".".join(m.split(".")[:2]) for m in modules() if m.count(".") >= 1}
    assert len(inside) > 30
    assert {f"roxham.{name}" for name in inside} - named == set()


def pinned() -> dict[str, set[str]]:
    """Return the distributions that requirements/dev.txt pins here, with their extras."""
    text = (ROOT / "requirements" / "dev.txt").read_text()
    pins = map(Requirement, re.findall(r"^(\w[^\\\n]*)", text, re.MULTILINE))
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): pin.extras for pin in here}


def asked_by(name: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed distribution asks for with these extras."""
    try:
        asked = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:  # of another platform
        return []
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [
        one
        for one in asked
        if one.marker is None or any(one.marker.evaluate(env) for env in environments)
    ]


def test_extras_that_pinned_distributions_ask_for_are_pinned_too() -> None:
    """With hashes pip takes a pin without the extra for another requirement, and refuses."""
    pins = pinned()
    assert len(pins) > 50
    missing = [
        f"{name} asks for {one.name}[{extra}]"
        for name, extras in pins.items()
        for one in asked_by(name, extras)
        for extra in one.extras - pins.get(canonicalize_name(one.name), one.extras)
    ]
    assert missing == []

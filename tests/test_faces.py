"""The faces of the three rooms: every name is there, and nothing is loaded before it is used."""

import ast
import os
import pickle
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

import roxham.geo
import roxham.layers
import roxham.maps

ROOT = Path(__file__).parent.parent
ROOMS = ("geo", "layers", "maps")
FACES = pytest.mark.parametrize("face", [roxham.geo, roxham.layers, roxham.maps])


@FACES
def test_every_name_of_a_face_is_there_once_and_is_listed(face: ModuleType) -> None:
    names = dir(face)
    assert len(names) == len(set(names)) > 15
    there: dict[str, object] = {}
    exec(f"from {face.__name__} import *", there)  # what a type checker does not see
    assert [there[name] for name in names] == [getattr(face, name) for name in names]


@FACES
def test_no_name_of_a_face_hides_a_module(face: ModuleType) -> None:
    assert [name for name in dir(face) if find_spec(f"{face.__name__}.{name}")] == []


@FACES
def test_a_name_that_a_face_has_not_is_said_to_be_missing(face: ModuleType) -> None:
    with pytest.raises(AttributeError, match="read_rods"):
        _ = face.read_rods


@FACES
def test_classes_and_functions_of_a_face_are_pickled_by_name(face: ModuleType) -> None:
    own = [getattr(face, name) for name in dir(face) if callable(getattr(face, name))]
    assert len(own) > 15
    assert pickle.loads(pickle.dumps(own)) == own


@pytest.mark.parametrize("room", ROOMS)
def test_a_face_is_read_whatever_the_locale(room: str) -> None:
    assert (ROOT / room / "__init__.pyi").read_bytes().isascii()


def modules_after(*words: str, **environment: str) -> set[str]:
    """Return the modules that a Python of its own has imported after some words."""
    code = f"import sys; sys.argv = {['roxham', *words[1:]]!r}\nwith suppress(SystemExit):"
    code = f"from contextlib import suppress\n{code} {words[0]}\nprint(*sys.modules, sep='\\n')"
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=True,
    )
    return set(said.stdout.splitlines())


def test_a_face_can_be_loaded_whole_at_once() -> None:
    assert "geopandas" not in modules_after("import roxham.geo")
    assert "geopandas" in modules_after("import roxham.geo", EAGER_IMPORT="1")


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_of_a_face_needs_scipy_before_it_is_used(room: str) -> None:
    """Its graphs and trees cost as much as half of GeoPandas."""
    loaded = modules_after(f"from roxham.{room} import *")
    assert "geopandas" in loaded
    assert {name for name in loaded if name.startswith("scipy.")} == set()


LIGHT = {"lazy-loader", "pydantic", "rich", "typer"}  # Typer loads Pydantic


def heavy() -> set[str]:
    """Return the import names of what roxham asks for, but for what every start needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {Requirement(line).name for lines in lists for line in lines} - LIGHT
    tops = packages_distributions()
    return {top for top, owners in tops.items() if names & set(owners)}


@pytest.mark.parametrize(
    "words",
    [
        ("import roxham.geo, roxham.layers, roxham.maps",),
        ("from roxham.__main__ import main; main()", "--version"),
        ("from roxham.__main__ import main; main()", "--help"),
        ("from roxham.__main__ import main; main()", "no-such-command"),
    ],
)
def test_the_door_is_light(words: tuple[str, ...]) -> None:
    names = heavy()
    assert {"geopandas", "scipy", "folium", "pandas", "osmnx", "matplotlib", "shapely"} <= names
    loaded = modules_after(*words)
    assert "roxham.geo" in loaded
    assert {name.partition(".")[0] for name in loaded} & names == set()


OPTIONAL = {"matplotlib"}
"""Libraries of extras that ``maps`` asks for when they are used, and says which extra has them."""


def late_imports(code: str) -> set[str]:
    """Return what a module imports inside its functions, by the first name of each."""
    functions = (
        node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.Lambda)
    )
    inside = [node for function in functions for node in ast.walk(function)]
    names = [alias.name for node in inside if isinstance(node, ast.Import) for alias in node.names]
    names += [
        "." * node.level + (node.module or "")
        for node in inside
        if isinstance(node, ast.ImportFrom)
    ]
    return {name.split(".")[0] or name for name in names}


def test_an_import_inside_a_function_is_seen() -> None:
    code = "import a.b\nclass C:\n    def f(self):\n        import c.d\n        from .e import x\n"
    assert late_imports(code) == {"c", ".e"}


def test_maps_imports_at_the_top_what_is_not_optional() -> None:
    files = sorted((ROOT / "maps").rglob("*.py"))
    assert len(files) > 40
    found = {str(file.relative_to(ROOT)): late_imports(file.read_text("utf-8")) for file in files}
    assert {name: late - OPTIONAL for name, late in found.items() if late - OPTIONAL} == {}
    assert set().union(*found.values()) == OPTIONAL  # the list has nothing that is no longer needed
    with (ROOT / "pyproject.toml").open("rb") as settings:
        needed = tomllib.load(settings)["project"]["dependencies"]
    assert OPTIONAL.isdisjoint(Requirement(line).name for line in needed)

"""Every public object says what it takes, gives and raises, and has an example that runs."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo import Fault, RoxhamError, Study

FACES = (roxham.geo, roxham.layers, roxham.maps)
PUBLIC = {f"{f.__name__}.{n}": getattr(f, n) for f in FACES for n in f.__all__}
TOLD = {name: thing for name, thing in PUBLIC.items() if callable(thing)}
FUNCTIONS = sorted(name for name, thing in TOLD.items() if inspect.isfunction(thing))
FRAMES = ("GeoDataFrame", "GeoSeries")
KNOWN_CRS = re.compile(
    r"EPSG:4326|as :func:|rows of :?|Rows of|degrees|as .*(?:gives?|returns?|has)\b"
)


def doc_of(name: str) -> str:
    return inspect.getdoc(TOLD[name]) or ""


def section(text: str, title: str) -> str:
    """Return what a docstring has below a title of numpydoc; empty if it has none."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


def parameters(name: str) -> list[str]:
    thing: Any = TOLD[name]
    return list(inspect.signature(thing).parameters)


def test_there_is_something_to_count() -> None:
    assert len(TOLD) > 90
    assert len(FUNCTIONS) > 60


@pytest.mark.parametrize("name", sorted(TOLD))
def test_has_an_example(name: str) -> None:
    assert ">>> " in section(doc_of(name), "Examples")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_says_what_each_argument_is(name: str) -> None:
    told = section(doc_of(name), "Parameters")
    named = {n.strip(" *") for line in re.findall(r"^(\S.*)$", told, re.M) for n in line.split(",")}
    assert set(parameters(name)) - named == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_says_what_it_returns(name: str) -> None:
    assert section(doc_of(name), "Returns") or section(doc_of(name), "Yields")


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if parameters(name)])
def test_says_what_it_raises(name: str) -> None:
    assert re.search(r"\b\w*Error\b", section(doc_of(name), "Raises"))


@pytest.mark.parametrize("name", sorted(set(TOLD) - set(FUNCTIONS)))
def test_a_class_says_what_it_holds(name: str) -> None:
    text, kind = doc_of(name), TOLD[name]
    silent = (RoxhamError, Study)
    if isinstance(kind, type) and issubclass(kind, silent) and kind.__name__ != Fault.__name__:
        return
    sections = section(text, "Parameters") + section(text, "Attributes")
    assert sections or not parameters(name)

"""The formats of publishers, by name: each a mapping in a file of its own beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from roxham.layers.mapping.model import TableMapping

__all__ = ["publisher", "publishers"]


@cache
def _shipped() -> dict[str, TableMapping]:
    folder = files(__package__)
    found = {
        file.name.removesuffix(".toml"): TableMapping.model_validate(
            tomllib.loads(file.read_text(encoding="utf-8"))
        )
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return dict(sorted(found.items()))


def publisher(name: str) -> TableMapping | None:
    """Return the mapping of a publisher's files, None if there is none of that name.

    Examples
    --------
    >>> publisher("iom").table, publisher("nobody")
    ('incidents', None)
    """
    return _shipped().get(name)


def publishers() -> tuple[str, ...]:
    """Return the names of all of them.

    Examples
    --------
    >>> "frontex" in publishers()
    True
    """
    return tuple(_shipped())

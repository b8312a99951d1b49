"""What ships: the data packages of the rooms, as one table."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from .redact import name_of

__all__ = ["Input", "catalogue", "inputs_of", "shipped_resources"]

PACKAGES = ("geo", "layers")


def catalogue() -> pd.DataFrame:
    """List every data resource that ships with the package.

    Returns
    -------
    pandas.DataFrame
        One row for each resource: ``resource, title, rows, source, source_url,
        licence, retrieved, sha256``, read from the Frictionless
        ``datapackage.json`` of each data folder.

    Examples
    --------
    >>> "geo/border.csv" in set(catalogue()["resource"])
    True
    """
    rows = [
        {
            "resource": path,
            "title": resource["title"],
            "rows": resource["rows" if "rows" in resource else "features"],
            "source": "; ".join(source["title"] for source in resource["sources"]),
            "source_url": " ".join(source["path"] for source in resource["sources"]),
            "licence": ", ".join(licence["name"] for licence in resource["licenses"]),
            "retrieved": resource["retrieved"],
            "sha256": resource["hash"].removeprefix("sha256:"),
        }
        for path, resource in shipped_resources().items()
    ]
    return pd.DataFrame(rows)


def shipped_resources() -> dict[str, dict[str, Any]]:
    """Return every resource that ships, as its ``datapackage.json`` has it, by room and file.

    Examples
    --------
    >>> shipped_resources()["geo/border.csv"]["format"]
    'csv'
    """
    found: dict[str, dict[str, Any]] = {}
    for room in PACKAGES:
        folder = files("roxham").joinpath(room, "data")
        package = json.loads(folder.joinpath("datapackage.json").read_text(encoding="utf-8"))
        found |= {f"{room}/{resource['path']}": resource for resource in package["resources"]}
    return found


class Input(NamedTuple):
    """A file of a user's own: which layer it is for, its name without folders, its hash."""

    layer: str
    name: str
    sha256: str


def inputs_of(**paths: str | Path | None) -> tuple[Input, ...]:
    """Return the files given in place of bundled ones, each under its layer's name.

    What is None, or no plain file, is left out.

    Examples
    --------
    >>> inputs_of(ports=None)
    ()
    """
    given = [(layer, Path(path)) for layer, path in paths.items() if path is not None]
    return tuple(
        Input(layer, Path(name_of(path)).name, hashlib.sha256(path.read_bytes()).hexdigest())
        for layer, path in given
        if path.is_file()
    )

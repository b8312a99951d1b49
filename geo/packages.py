"""What ships: the data packages of the rooms, as one table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pandas as pd

__all__ = ["catalogue", "licences"]

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
    return pd.DataFrame(
        {
            "resource": name,
            "title": resource["title"],
            "rows": resource["rows" if "rows" in resource else "features"],
            "source": "; ".join(source["title"] for source in resource["sources"]),
            "source_url": " ".join(source["path"] for source in resource["sources"]),
            "licence": ", ".join(licence["name"] for licence in resource["licenses"]),
            "retrieved": resource["retrieved"],
            "sha256": resource["hash"].removeprefix("sha256:"),
        }
        for name, resource in _resources()
    )


def licences(*resources: str) -> list[dict[str, str]]:
    """Return the licences of shipped resources, each once.

    Parameters
    ----------
    resources
        Names as :func:`catalogue` lists them.

    Returns
    -------
    list of dict
        ``name`` (an SPDX identifier where there is one), ``url``.

    Examples
    --------
    >>> [licence["name"] for licence in licences("geo/corridor_edges.csv", "geo/places.csv")]
    ['ODbL-1.0', 'CC-BY-4.0']
    """
    known = dict(_resources())
    found = {
        licence["name"]: {"name": licence["name"], "url": licence["path"]}
        for name in resources
        for licence in known[name]["licenses"]
    }
    return list(found.values())


def _resources() -> Iterator[tuple[str, dict[str, Any]]]:
    for room in PACKAGES:
        folder = files("roxham").joinpath(room, "data")
        package = json.loads(folder.joinpath("datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            yield f"{room}/{resource['path']}", resource

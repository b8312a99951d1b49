"""Under which licence a shipped resource may be used."""

from __future__ import annotations

import json
from importlib.resources import files

__all__ = ["licences"]


def licences(*resources: str) -> list[dict[str, str]]:
    """Return the licences of shipped resources, each once.

    Parameters
    ----------
    resources
        Names as :func:`roxham.geo.packages.catalogue` lists them.

    Returns
    -------
    list of dict
        ``name`` (an SPDX identifier where there is one), ``url``.

    Examples
    --------
    >>> [licence["name"] for licence in licences("geo/corridor_edges.csv", "geo/places.csv")]
    ['ODbL-1.0', 'CC-BY-4.0']
    """
    found = {}
    for room, file in (name.split("/", 1) for name in resources):
        package = files("roxham").joinpath(room, "data", "datapackage.json")
        listed = json.loads(package.read_text(encoding="utf-8"))["resources"]
        resource = next(each for each in listed if each["path"] == file)
        for licence in resource["licenses"]:
            found[licence["name"]] = {"name": licence["name"], "url": licence["path"]}
    return list(found.values())

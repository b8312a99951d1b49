"""Where the data come from: what ships and under which licence, and what a user gave instead."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from roxham.geo.io.sources import Source, fetched, is_remote
from roxham.geo.io.vector import kind_of
from roxham.geo.quoting import name_of
from roxham.geo.region import Region
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.tables.contract import Checked, Contract, read_table, source_name

__all__ = [
    "Input",
    "catalogue",
    "inputs_of",
    "inputs_read",
    "is_as_described",
    "licences",
    "read_own",
    "region_catalogue",
    "sha256_of",
    "shipped_resources",
]

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


def region_catalogue(region: Region, told_by: Mapping[str, Any] = {}) -> pd.DataFrame:
    """List the files that a region is made of, as :func:`catalogue` lists what ships.

    Parameters
    ----------
    region
        The region.
    told_by
        What the mapping of a file says of its source, by the kind of file; the region's own word
        counts before it.

    Returns
    -------
    pandas.DataFrame
        One row for each file: ``resource, title, rows, source, source_url, licence, retrieved,
        sha256``; of a file of a user's own what ``[sources.NAME]`` of the region says of it, null
        where it says nothing: then its rows name their sources themselves.

    Examples
    --------
    >>> from roxham.geo import load_region
    >>> "geo/border.csv" in set(region_catalogue(load_region("roxham"))["resource"])
    True
    """
    shipped = catalogue()
    details = region.details
    rows: list[dict[str, Any]] = []
    for kind, named in (details.files if details else {}).items():
        if named.startswith(SHIPPED):
            same = shipped["resource"] == named.removeprefix(SHIPPED)
            rows += shipped[same].to_dict("records")  # type: ignore[arg-type]
            continue
        source = (details.sources.get(kind) if details else None) or told_by.get(kind)
        told = {} if source is None else {
            "title": source.title, "source": f"{source.title} ({source.publisher})",
            "source_url": source.url, "licence": source.licence, "retrieved": source.date,
        }  # fmt: skip
        rows.append({"resource": named, **told})
    return pd.DataFrame(rows, columns=shipped.columns)


@cache
def shipped_resources() -> Mapping[str, Mapping[str, Any]]:
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
    shipped = shipped_resources()
    found = {
        licence["name"]: {"name": licence["name"], "url": licence["path"]}
        for name in resources
        for licence in shipped[name]["licenses"]
    }
    return list(found.values())


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_as_described(path: Path, said: str) -> bool:
    """Whether a file is the one whose SHA-256 a data package gives, with its prefix or without."""
    return sha256_of(path) == said.removeprefix("sha256:")


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
        Input(layer, Path(name_of(path)).name, sha256_of(path))
        for layer, path in given
        if path.is_file()
    )


def read_own(
    source: Source,
    contract: Contract,
    *,
    read_as: Callable[[Source, Contract, str], Checked[pd.DataFrame]] | None = None,
) -> Checked[pd.DataFrame]:
    """Read a table, its hash in ``rows.attrs["sha256"]``.

    A table of a database, or a frame, is no file and has no hash; what may hold other sheets or
    layers is given none. ``read_as`` reads it in another way than as it stands.
    """
    with fetched(source) as file:
        name = source_name(source)
        read = (
            read_table(file, contract, name=name)
            if read_as is None
            else read_as(file, contract, name)
        )
        if isinstance(file, Path) and file.is_file() and kind_of(file, name) is None:
            read.rows.attrs["sha256"] = sha256_of(file)
    return read


def _without_folder(source: Source) -> str:
    named = source_name(source)
    return named if isinstance(source, pd.DataFrame) or is_remote(source) else Path(named).name


def inputs_read(
    sources: Mapping[str, Source | None], tables: Mapping[str, pd.DataFrame]
) -> tuple[Input, ...]:
    """Return what was given in place of bundled tables, by layer: no folder, no key, no password.

    Examples
    --------
    >>> rows = pd.DataFrame()
    >>> rows.attrs["sha256"] = "abc"
    >>> inputs_read({"ports": "https://me:secret@example.org/p.csv?k=1"}, {"ports": rows})
    (Input(layer='ports', name='https://example.org/p.csv', sha256='abc'),)
    """
    return tuple(
        Input(
            layer,
            _without_folder(source),
            str(tables[layer].attrs.get("sha256", "")),
        )
        for layer, source in sources.items()
        if source is not None
    )

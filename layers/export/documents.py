"""The documents that go with an export: what it is, whose it is, how to cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from roxham.geo.network.metadata import OSM_NAME
from roxham.layers.facts.datasets import DATASETS, measures
from roxham.layers.model import Dataset

from .datapackage import Resource

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["citation_text", "licences_text", "readme_text"]

HOW = {
    "gpkg": "Open `roxham.qgz` in QGIS 3.22 or later: the map in the colours of the page. The "
    "GeoPackages (`.gpkg`) beside it carry their styles too, for QGIS and for programs that read "
    "SLD.",
    "geoparquet": "Each table is GeoParquet 1.1 (geometries as WKB, bounding boxes in `bbox`), "
    "or plain Parquet where it has no geometry.",
    "csv": "UTF-8 with a header line; an empty cell is unknown. Points are in `lon` and `lat`, "
    "areas around these have a `radius_m`, other geometries in `geometry` as WKT. "
    "A text that a spreadsheet would run as a formula begins with an apostrophe.",
}


ODBL = """
Databases under the Open Database License (ODbL) stand in `odbl/`, apart from the others: if you
publish them, changed or not, keep them under it and credit their makers.
"""
OSM = """
What derives from OpenStreetMap is credited “© OpenStreetMap contributors”
(https://www.openstreetmap.org/copyright).
"""


def readme_text(
    resources: Sequence[Resource],
    format: str,  # noqa: A002
    overrides: Sequence[Mapping[str, str]] = (),
    *,
    schematic: bool = False,
    aside: pd.DataFrame | None = None,
) -> str:
    """Return what a reader should know before using the tables, and of those there are alone."""
    notes = "".join(f"- {note}\n" for note in _notes({r.name for r in resources}, schematic))
    told = "".join("- **{rule}** ({says}): {reason} — {by}\n".format_map(one) for one in overrides)
    if told:
        told = f"## Rules overridden\n\nThese tables fail rules of publication:\n\n{told}\n"
    rows = "".join(
        f"| {resource.name} | {len(resource.frame)} | {resource.title} |\n"
        for resource in resources
    )
    return f"""# What the map shows, as data

Written by `roxham export`. `datapackage.json` (Frictionless Data Package) describes every
column, with sources, licences, sizes and sha256. Coordinates are EPSG:4326, longitude first.

{HOW[format]}

| table | rows | what it is |
| --- | --- | --- |
{rows}{_aside(aside)}
## Read it back

```python
from roxham.layers import load_export

tables = load_export("this folder")  # every table with its types and nulls
```

{told}## Before you use the numbers

{notes}
Licences: [LICENSES.md](LICENSES.md). To cite: [CITATION.cff](CITATION.cff), and the source
named in each row.
"""


def _aside(rows: pd.DataFrame | None) -> str:
    """Return how many rows the map does not show, by table and reason, and nothing of them."""
    if rows is None or rows.empty:
        return ""
    counts = rows.groupby(["layer", "reason"], as_index=False).size()
    told = "; ".join(f"{n} of {layer}: {reason}" for layer, reason, n in counts.to_numpy())
    return f"\nSet aside, as on the map: {told}.\n"


def _notes(names: set[str], schematic: bool) -> Iterator[str]:
    counted = {_named(data): measure for data, measure in measures().values()}
    counts = [name for name in counted if name in names]
    if len(counts) > 1:
        yield (
            f"{', '.join(counts)} count different things, each its own. Never add one to another."
        )
    for name in counts:
        if counted[name].unit == "events":
            yield f"A row of {name} counts events, not persons."
    yield "Unknown is empty, never 0." + (" A withheld number is unknown." if counts else "")
    known = [DATASETS[name] for name in DATASETS if name in names]
    yield from (data.note for data in known if data.note)
    if counts or any(data.when for data in known):
        yield "Dates may be coarse (`2017-08`) or an interval (`2022-08-04/2022-08-06`)."
    if schematic and "roads" in names:
        yield "The roads are a schematic: true lengths, links simply drawn."
    yield "Lines and names imply no endorsement."


def _named(data: Dataset) -> str:
    """Return what a table is called in an export."""
    return data.name.replace(" ", "_")


def licences_text(resources: Sequence[Resource]) -> str:
    """Return under which terms each table comes, and from whom."""
    text = "# Licences of these tables\n\nEach table has its own terms.\n"
    if any(resource.folder for resource in resources):
        text += ODBL
    if OSM_NAME in str([resource.sources for resource in resources]):
        text += OSM
    for resource in resources:
        text += f"\n## {resource.folder}{resource.name}\n\n{resource.title}.\n\n"
        for licence in resource.licences:
            text += f"- Licence: [{licence['title']}]({licence['path']}) ({licence['name']})\n"
        if not resource.licences:
            text += "- Licence: not known to roxham; the table is a user's own.\n"
        for source in resource.sources:
            text += f"- Source: [{source['title']}]({source['path']})\n"
    return text


def citation_text(title: str, version: str, date: str) -> str:
    """Return how to cite the package, in the Citation File Format 1.2."""
    return f"""cff-version: 1.2.0
message: If you use these tables, please cite them, and the source named in each row.
title: "{title}"
type: dataset
authors:
  - name: The roxham contributors
version: {version}
date-released: {date}
"""

"""``roxham export``: everything on the map as a data package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.postgis import SCHEME
from roxham.geo.quoting import name_of
from roxham.geo.tables.failures import faults_of
from roxham.layers import load_layers
from roxham.layers.export.folder import MANIFEST, require_free
from roxham.layers.export.tables import export_database, export_map
from roxham.maps.ground import load_base

from .map import RoadsCredit, Since, Until, check_period
from .roads import credited, open_walled
from .shared.console import out, require_apart
from .shared.files import tell_reading, with_own_files
from .shared.gate import Allow, counted_from, read_allowed, tell_overrides, telling_rules

__all__ = ["export_command"]


@with_own_files
def export_command(
    target: Annotated[
        str,
        typer.Argument(
            help="A new folder, or an earlier export; or postgresql://host/database#schema.",
            metavar="FOLDER|ADDRESS",
        ),
    ],
    kind: Annotated[
        Literal["gpkg", "geoparquet", "csv"], typer.Option("--format", help="Kind of the files.")
    ] = "gpkg",
    own: Mapping[str, Any] = {},
    mappings: Mapping[str, Any] = {},
    roads: Annotated[
        str, typer.Option(help="A road network, any file `roxham roads` reads.")
    ] = "bundled",
    roads_credit: RoadsCredit = None,
    as_of: Annotated[str | None, typer.Option(help="Day the embargo is counted from.")] = None,
    since: Since = None,
    until: Until = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Every row, and not the months of the page alone.")
    ] = False,
    allow: Allow = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who allows it: a name or an office, for the README.")
    ] = None,
) -> None:
    """Write everything on the map as a data package, with licences and sources."""
    if whole and (since or until):
        raise DataError(Fault("--all", "is every month.", "Leave out --since and --until."))
    since, until = (None, None) if whole else check_period(since, until)
    allowed = read_allowed(allow or [], by if allow or own["ports"] is None else None)
    reasons = {rule: one.reason for rule, one in allowed.items()}
    office = next((one.by for one in allowed.values()), None)
    database = "://" in target and SCHEME.match(target) is not None
    folder = Path(target)
    if not database:
        require_free(folder)
        require_apart(read=(*own.values(), roads), write=[folder])
    day = counted_from(as_of)
    layers = load_layers(**own, since=since, until=until, mappings=mappings, as_of=day)
    tell_reading(layers)
    if len(layers.rejected):
        raise DataError(faults_of(layers.rejected))
    given = roads != "bundled"
    network = open_walled(roads, own["ports"], by, mappings.get("ports")) if given else None
    base = load_base(credited(network, roads_credit, roads))
    theirs = [file.layer for file in layers.inputs] + ["roads"] * given
    if database:
        with telling_rules():
            done = export_database(
                target, layers, base.frames(), own=theirs, allow=reasons, by=office, as_of=day
            )
        tell_overrides(done.overrides)
        name = name_of(target).partition("#")[0]
        out.print(f"{name}  {done.tables} tables in {done.schema}", soft_wrap=True)
        return
    with telling_rules():
        export_map(
            folder, layers, base.frames(), format=kind, own=theirs,
            allow=reasons, by=office, as_of=day,
        )  # fmt: skip
    written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    tell_overrides(written.get("overrides", []))
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    out.print(f"{folder}  {len(files)} files, {size:.2f} MB", soft_wrap=True)

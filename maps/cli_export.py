"""``roxham export``: everything on the map as a data package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from roxham.geo.errors import DataError
from roxham.geo.rejected import faults_of

from . import cli_roads
from .console import out, require_apart

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export")(export_command)


def export_command(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an earlier export.")],
    kind: Annotated[
        Literal["gpkg", "geoparquet", "csv"], typer.Option("--format", help="Kind of the files.")
    ] = "gpkg",
    incidents: Annotated[
        str | None, typer.Option(help="Your own incidents: a file or an address.")
    ] = None,
    counts: Annotated[
        str | None, typer.Option(help="Your own counts: a file or an address.")
    ] = None,
    ports: Annotated[
        str | None, typer.Option(help="Your own ports of entry: a file or an address.")
    ] = None,
    roads: Annotated[
        str, typer.Option(help="A road network, any file `roxham roads` reads.")
    ] = "bundled",
) -> None:
    """Write everything on the map as a data package, with licences and sources."""
    from roxham.geo.folders import require_free
    from roxham.layers import load_layers
    from roxham.layers.export import export_map

    from .base import load_base

    require_free(folder)
    require_apart(read=(incidents, counts, ports, roads), write=[folder])
    layers = load_layers(incidents=incidents, counts=counts, ports=ports)
    if len(layers.rejected):
        raise DataError(faults_of(layers.rejected))
    base = load_base(cli_roads.open_walled(roads, ports) if roads != "bundled" else None)
    given = {
        "incidents": incidents is not None,
        "interceptions": counts is not None,
        "ports": ports is not None,
        "roads": roads != "bundled",
    }
    own = [name for name, yes in given.items() if yes]
    export_map(folder, layers, base.frames(), format=kind, own=own)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    out.print(f"{escape(str(folder))}  {len(files)} files, {size:.2f} MB", soft_wrap=True)

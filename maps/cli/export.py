"""``roxham export``: everything on the map as a data package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from roxham.geo.errors import DataError
from roxham.layers import load_layers
from roxham.layers.export.folder import require_free
from roxham.layers.export.tables import export_map
from roxham.maps.ground import load_base

from .console import faults_of, out, require_apart
from .files import with_own_files
from .roads import open_walled

__all__ = ["export_command"]


@with_own_files
def export_command(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an earlier export.")],
    kind: Annotated[
        Literal["gpkg", "geoparquet", "csv"], typer.Option("--format", help="Kind of the files.")
    ] = "gpkg",
    own: Mapping[str, Any] = {},
    roads: Annotated[
        str, typer.Option(help="A road network, any file `roxham roads` reads.")
    ] = "bundled",
) -> None:
    """Write everything on the map as a data package, with licences and sources."""
    require_free(folder)
    require_apart(read=(*own.values(), roads), write=[folder])
    layers = load_layers(**own)
    if len(layers.rejected):
        raise DataError(faults_of(layers.rejected))
    given = roads != "bundled"
    base = load_base(open_walled(roads, own["ports"]) if given else None)
    theirs = [file.layer for file in layers.inputs] + ["roads"] * given
    export_map(folder, layers, base.frames(), format=kind, own=theirs)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    out.print(f"{folder}  {len(files)} files, {size:.2f} MB", soft_wrap=True)

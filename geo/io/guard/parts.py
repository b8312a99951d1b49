"""Other files that a file leads to: what stands beside it, and what its systems are had from."""

from __future__ import annotations

from pathlib import Path

from roxham.geo.crs import is_from_file
from roxham.geo.errors import DataError, Fault, shown

__all__ = ["require_no_file", "require_parts"]


def require_no_file(crs: str, name: str) -> None:
    """Raise if a coordinate reference system is one that PROJ would read from a file.

    Raises
    ------
    DataError
        If so.
    """
    if is_from_file(crs):
        found = f"takes its coordinate reference system from a file: {shown(crs)}."
        raise DataError(Fault(name, found, "Save it in EPSG:4326."))


def require_parts(path: Path, name: str, kind: str) -> None:
    """Raise if what stands beside a file and belongs to it leads elsewhere, or is waited for.

    Raises
    ------
    DataError
        If a part of a Shapefile or GeoPackage is a pipe or a device, or the coordinate
        reference system of a Shapefile or FlatGeobuf is had from another file.
    """
    try:
        told = []
        if kind == "FlatGeobuf":
            with path.open("rb") as file:
                told = [file.read(int.from_bytes(file.read(12)[8:], "little"))]
        else:
            file_of = path.resolve() if kind == "GeoPackage" else path
            stem = f"{file_of.name}-" if kind == "GeoPackage" else f"{file_of.stem}."
            for part in file_of.parent.iterdir():
                if not part.name.lower().startswith(stem.lower()):
                    continue
                if part.exists() and not (part.is_file() or part.is_dir()):
                    found = f"has the part {shown(part.name)}, which is a pipe or a device."
                    raise DataError(Fault(name, found, "Put the file itself there."))
                if part.suffix.lower() == ".prj":
                    told.append(part.read_bytes())
    except OSError as error:
        found = f"cannot be opened: {shown(error.strerror or error)}."
        raise DataError(Fault(name, found, "Save it again.")) from None
    for crs in told:
        require_no_file(crs.decode("latin-1"), name)

"""Files of a folder, out of which no name written in it and no link in it leads."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from roxham.geo.errors import DataError, Fault, shown

__all__ = ["file_within", "require_within"]


def file_within(folder: Path, name: object) -> Path:
    """Return the file that a document of a folder names, if it lies in that folder.

    Parameters
    ----------
    folder
        The folder.
    name
        As the document has it: relative, with ``/`` between its parts.

    Raises
    ------
    DataError
        If the name is an address or leads elsewhere on any system, or what it names is
        missing, a link out of the folder, a folder, a pipe or a device.

    Examples
    --------
    >>> try:
    ...     file_within(Path("export"), "../secret.csv")
    ... except DataError as error:
    ...     print(error)
    export: names “../secret.csv”, which leads out of the folder. Put the file into the folder.
    """
    if not isinstance(name, str) or not name.isprintable() or not name:
        found = f"names “{shown(name)}”, which is no name of a file."
        raise DataError(Fault(str(folder), found, "Write it relative to the folder."))
    # Windows' rules know drives, backslashes and / alike, and ":" parts drives and addresses alone.
    parts = PureWindowsPath(name).parts
    if ":" in name or PureWindowsPath(name).anchor or ".." in parts:
        found = f"names “{shown(name)}”, which leads out of the folder."
        raise DataError(Fault(str(folder), found, "Put the file into the folder."))
    path = folder / name
    require_within(path, folder)
    return path


def require_within(path: Path, folder: Path) -> None:
    """Raise unless a path of a folder is a plain file in it, wherever its links lead.

    Raises
    ------
    DataError
        If it is missing, a link out of the folder, a folder, a pipe or a device.
    """
    try:
        real = path.resolve(strict=True)
        inside = real.is_relative_to(folder.resolve(strict=True))
        plain = real.is_file()
    except FileNotFoundError:
        raise DataError(Fault(shown(path), "is missing.", "Put it back.")) from None
    except (OSError, RuntimeError, ValueError) as error:  # too long; links in a ring
        problem = f"cannot be opened: {shown(getattr(error, 'strerror', None) or error)}."
        raise DataError(Fault(shown(path), problem, "Put the file itself there.")) from None
    if not inside:
        raise DataError(
            Fault(str(path), "is a link out of its folder.", "Put the file itself there.")
        )
    if not plain:
        raise DataError(Fault(str(path), "is no plain file.", "Put the file itself there."))

"""Tables of points in many GeoParquet files: the same work on each, where the workers are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.write import write_frame
from roxham.geo.quoting import name_of

from .connection import Alone
from .geoparquet import read_rows

__all__ = ["Outcome", "of_each", "part_names"]


@dataclass
class Outcome:
    """What came of one file.

    Attributes
    ----------
    made
        What the work returned; None if a worker wrote it, or the file is at fault.
    rows
        Rows that were written.
    faults
        Why nothing came of the file; the others are kept.
    read, stored
        Bytes that were asked for, and those of the file.
    """

    made: Any = None
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    read: int = 0
    stored: int = 0


def part_names(files: Sequence[str], folder: Path) -> dict[str, Path]:
    """Return the file that is written for each file that is read.

    Raises
    ------
    DataError
        If two files would be written as one.
    """
    named = {name: folder / f"{Path(name).stem}.parquet" for name in files}
    if len(set(named.values())) < len(named):
        found = "two of the files read have one name, and one would take the other's place."
        raise DataError(Fault(str(folder), found, "Give them names of their own."))
    return named


def of_each(
    files: Iterable[str],
    work: Callable[[Any], Any],
    workers: Alone,
    *,
    columns: Sequence[str] | None = None,
    folder: Path | None = None,
) -> list[Outcome]:
    """Return what some work makes of the rows of each file.

    Parameters
    ----------
    files
        Names; workers open them.
    work
        Called with the rows of a file, a frame in EPSG:4326, where a worker has it.
    workers
        Who does it.
    columns
        Those to read beside the geometry; all by default.
    folder
        Where workers write what they make, a Parquet file for each that they read; without it
        what they make comes back.
    """
    names = list(files)
    written = None if folder is None else part_names(names, folder)
    begun = workers.each(_of_one, names, work, columns, written)
    outcomes: list[Outcome] = workers.outcome(begun)
    return outcomes


def _of_one(
    name: str,
    work: Callable[[Any], Any],
    columns: Sequence[str] | None,
    written: dict[str, Path] | None,
) -> Outcome:
    found = read_rows(name, columns=columns)
    outcome = Outcome(read=found.read, stored=found.stored)
    if found.rows is None:
        assert found.fault is not None
        outcome.faults = [found.fault]
        return outcome
    try:
        outcome.made = work(found.rows)
    except DataError as error:
        told = error.faults or [Fault("", str(error))]
        outcome.faults = [replace(one, file=name_of(name)) for one in told]
        return outcome
    outcome.rows = len(outcome.made)
    if written is not None:
        write_frame(outcome.made, written[name])
        outcome.made = None
    return outcome

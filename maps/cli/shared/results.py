"""How the commands show and write the tables that they made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from roxham.geo.io.write import csv_bytes, write_frame
from roxham.geo.region import active_region

from .console import err, fitting, out, print_data
from .gate import hold_to_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from roxham.geo import Roads
    from roxham.layers.publication.gate import Override

__all__ = ["finish", "kind_of", "print_csv", "print_table"]


ASKED = ["on"]
"""Columns of what was asked for."""


def print_table(frame: pd.DataFrame) -> None:
    """Print a frame for a reader at a terminal."""
    table = fitting(*map(str, frame.columns))
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        table.add_row(*map(str, row))
    out.print(table)


def print_csv(frame: pd.DataFrame) -> None:
    """Print a frame as CSV, as it would be written: no cell of it runs in a spreadsheet."""
    print_data(csv_bytes(frame).decode())


def kind_of(roads: Roads) -> str:
    """Say in one word what the figures were taken from."""
    return "schematic" if roads.schematic else "full"


def finish(
    table: pd.DataFrame,
    output: Path | None,
    roads: Roads,
    allowed: Mapping[str, Override],
    *,
    told: pd.DataFrame | None = None,
) -> None:
    """Write the result, or print it: for a terminal as ``told``, else as CSV.

    Either asks the rules, but of the day that was asked for, which is no day of anything.
    """
    hold_to_rules({"result": table.drop(columns=ASKED, errors="ignore")}, allowed)
    if roads.schematic:
        details = active_region().details
        owed = next(iter(details.credits.values()), "") if details else ""
        told_of = "Roads: schematic. Lengths are true, courses and most roads are not. "
        err.print(told_of + owed, style="dim")
    numbers = table.select_dtypes("float").columns
    table = table.assign(**{name: table[name].round(3) for name in numbers})
    plain = table.drop(columns="geometry", errors="ignore")
    if output is not None:
        write_frame(table, output)
        out.print(f"{output}  {len(table)} rows", soft_wrap=True)
    elif out.is_terminal:
        print_table(plain if told is None else told)
    else:
        print_csv(plain)

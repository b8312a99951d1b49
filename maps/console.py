"""What the commands share: where they speak, how they tell faults and show tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from roxham.geo.errors import Fault, RoxhamError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAX_FAULTS_SHOWN", "err", "faults_of", "out", "print_pairs", "print_table", "report"]

MAX_FAULTS_SHOWN = 200

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def report(error: RoxhamError) -> None:
    """Print every fault on its own line."""
    lines = str(error).splitlines()
    for line in lines[:MAX_FAULTS_SHOWN]:
        err.print(escape(line), style="red")
    if len(lines) > MAX_FAULTS_SHOWN:
        err.print(f"… and {len(lines) - MAX_FAULTS_SHOWN} faults more.", style="red")


def faults_of(rejected: pd.DataFrame) -> list[Fault]:
    """Turn rows set aside by a loader into faults to print."""
    return [
        Fault(r["file"], f"“{r['found']}” {r['problem']}.", row=r["row"], column=r["column"])
        for r in rejected.to_dict("records")
    ]


def print_table(frame: pd.DataFrame) -> None:
    """Print a frame for a reader at a terminal."""
    table = Table(*map(str, frame.columns), box=None, pad_edge=False)
    for row in frame.itertuples(index=False):
        table.add_row(*(escape("" if v is None or v != v else str(v)) for v in row))
    out.print(table)


def print_pairs(pairs: list[tuple[str, str]]) -> None:
    """Print names and values, one pair a line."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in pairs:
        table.add_row(escape(name), escape(value))
    out.print(table)

"""Where the commands speak, and how they tell faults; light, as every start loads it."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roxham.geo.errors import DataError, Fault, Kind, RoxhamError, kinds_of
from roxham.geo.quoting import printable, without_secrets, without_words

__all__ = [
    "MAX_FAULTS_SHOWN",
    "coloured",
    "err",
    "fitting",
    "hear",
    "hear_ourselves",
    "json_text",
    "kind_line",
    "out",
    "print_data",
    "print_pairs",
    "report",
    "require_apart",
    "tell_faults",
    "tellable",
]

MAX_FAULTS_SHOWN = 20
FEW = 5
"""So few faults need no summary."""


class Screen(Console):
    """A console on which every text stands as it is: no markup, no secret, nothing that acts.

    Colours come with :func:`coloured`, and with the style of a whole print.
    """

    has_rejected = True
    """Whether the command that speaks has an option ``--rejected``."""

    def render_str(self, text: str, **style: Any) -> Text:
        """Return a text to print."""
        return super().render_str(
            tellable(text), **{**style, "markup": False, "emoji": False, "highlight": False}
        )


out = Screen(highlight=False)
err = Screen(stderr=True, highlight=False, soft_wrap=True)


class Heard(logging.Handler):
    """Says what libraries warn of as everything else is said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record; of our own, told to be seen where time goes, when it came."""
        ours = (record.name or "").startswith("roxham.") and record.levelno < logging.WARNING
        when = f"{record.relativeCreated / 1000:6.1f} s  " if ours else ""
        err.print(when + record.getMessage(), style="dim")


def hear() -> None:
    """Have the warnings of libraries said as everything else is."""
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[Heard()], level=logging.WARNING)


def hear_ourselves(times: int) -> None:
    """Have what the library logs said too: what it reads, fetches and leaves out."""
    level = {0: logging.NOTSET, 1: logging.INFO}.get(times, logging.DEBUG)
    logging.getLogger("roxham").setLevel(level)


def tellable(text: str, *, data: bool = False) -> str:
    """Return a text without secrets and control characters; of data, addresses in cells stay."""
    if data:
        return printable(without_words(text), keep="\n\t")
    return printable(without_secrets(text))


def coloured(*parts: str | tuple[str, str]) -> Text:
    """Return a text some parts of which have a style, as ``(words, style)``."""
    pairs = ((part, "") if isinstance(part, str) else part for part in parts)
    return Text.assemble(*((tellable(words), style) for words, style in pairs))


def report(error: RoxhamError) -> None:
    """Print every fault on its own line; of many, their kinds first and then some of them."""
    faults = error.faults if isinstance(error, DataError) else ()
    if faults:
        tell_faults(faults, style="red")
        return
    for line in str(error).split("\n"):
        err.print(line, style="red")


def tell_faults(faults: Sequence[Fault], *, style: str | None = None) -> None:
    """Print faults: how many of which kind, where and what to do, then up to twenty of them."""
    kinds = kinds_of(faults)
    if len(faults) > max(len(kinds), FEW) and any(kind.rows for kind in kinds):
        many = "kind" if len(kinds) == 1 else "kinds"
        files = ", ".join(dict.fromkeys(fault.file for fault in faults))
        err.print(f"{files}: {len(faults):,} faults of {len(kinds)} {many}:", style=style)
        for kind in kinds[:MAX_FAULTS_SHOWN]:
            err.print(f"{kind.first.file}: {kind.times:,} × {kind_line(kind)}", style=style)
    for fault in faults[:MAX_FAULTS_SHOWN]:
        err.print(str(fault), style=style)
    if len(faults) > MAX_FAULTS_SHOWN:
        more = f"… and {len(faults) - MAX_FAULTS_SHOWN:,} faults more."
        rows = err.has_rejected and any(fault.row is not None for fault in faults)
        err.print(more + (" --rejected FILE writes all." if rows else ""), style=style)
    if hint := next((f for f in faults if f.problem.startswith("has no such column")), None):
        err.print(f"{hint.file}: roxham adapt proposes which column is which.", style=style)


def kind_line(kind: Kind) -> str:
    """Return what the faults of a kind are, where the first are, and what to do."""
    fault = kind.first
    where = f"column {fault.column}: " if fault.column is not None else ""
    rows = ", ".join(map(str, kind.rows))
    row = "row" if len(kind.rows) == 1 else "rows"
    some = f" ({row} {rows}{', …' if kind.times > len(kind.rows) else ''})" if rows else ""
    return f"{where}{fault.problem}{some}" + (f" {fault.remedy}" if fault.remedy else "")


def fitting(*heads: str) -> Table:
    """Return a table that folds a cell where the terminal is narrow: no figure is cut short."""
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def json_text(value: object, *, indent: int = 1) -> str:
    """Return a value as JSON in which what is not printable is escaped: nothing is lost."""
    text = json.dumps(value, ensure_ascii=False, indent=indent) + "\n"
    return re.sub(r"[^\n -~]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def print_data(text: str) -> None:
    """Print what is for programs: nothing wraps, and addresses in cells stay as they are."""
    typer.echo(tellable(text, data=True), nl=False)


def require_apart(*, read: Iterable[str | Path | None], write: Iterable[Path | None]) -> None:
    """Raise if a file to write is, or holds, one that is read, or is to be written twice.

    Raises
    ------
    DataError
        Naming every such file; nothing has been written yet.
    """
    # of links in a ring Path.resolve would raise, and the writer tells them better
    sources = {Path(os.path.realpath(source)) for source in read if source is not None}
    seen: set[Path] = set()
    faults = []
    for path in (path for path in write if path is not None):
        there = Path(os.path.realpath(path))
        if there in seen:
            faults.append(Fault(str(path), "is to be written twice.", "Choose another name."))
        elif any(source.is_relative_to(there) for source in sources):
            lost = "is read and would be overwritten."
            faults.append(Fault(str(path), lost, "Choose another name to write."))
        seen.add(there)
    if faults:
        raise DataError(faults)


def print_pairs(pairs: list[tuple[str, str]]) -> None:
    """Print names and values, one pair a line."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in pairs:
        table.add_row(name, value)
    out.print(table)

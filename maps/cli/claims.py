"""``roxham claims``: what was said, what the tables say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.maps.content.plain import plain

from .console import json_text, out, print_data, print_table, require_apart

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["register"]

SHOWN = ["claim_id", "verdict", "found", "belongs_to", "rows", "statement"]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("claims")(claims_command)


def claims_command(
    claims: Annotated[
        Path | None, typer.Option(help="Your own statements, CSV; the founding article by default.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .csv or .json file, by its ending.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold statements against the tables: verdict, figure found, rows used, sources."""
    if output is not None:
        if output.suffix.lower() not in (".csv", ".json"):
            problem = "is neither a .csv nor a .json file."
            raise DataError(Fault(str(output), problem, "Give a name ending in .csv or .json."))
        if as_json and output.suffix.lower() != ".json":
            remedy = "Give a name ending in .json, or leave --json out."
            raise DataError(Fault("--json", f"{output} is not a .json file.", remedy))
        require_writable(output)
        require_apart(read=[claims], write=[output])

    from roxham.geo.io.write import csv_bytes
    from roxham.layers import check_claims, load_layers

    table = check_claims(load_layers(), claims)
    wants_json = as_json if output is None else output.suffix.lower() == ".json"
    if output is None and not wants_json and out.is_terminal:
        print_table(table[SHOWN].fillna(""))
        return
    text = _json(table).encode() if wants_json else csv_bytes(table)
    if output is None:
        print_data(text.decode())
        return
    write_atomic(output, text)
    verdicts = table["verdict"].value_counts()
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    out.print(f"{output}  {len(table)} statements: {said}", soft_wrap=True)


def _json(table: pd.DataFrame) -> str:
    """Return one object for each statement, lists where the table has several in a cell."""
    rows: list[dict[str, Any]] = []
    for cells in table.to_dict("records"):
        row = {str(name): plain(value) for name, value in cells.items()}
        used = [part for part in str(row["rows"] or "").split("; ") if part]
        rows.append({**row, "rows": used, "sources": str(row["sources"] or "").split()})
    return json_text(rows, indent=2)

"""Commands that print tables: ``roxham counts``, ``data`` and ``claims``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.write import csv_bytes, write_frame
from roxham.geo.tables.failures import faults_of
from roxham.layers import catalogue, check_claims, count_table, load_interceptions, load_layers
from roxham.maps.content.plain import plain

from .console import (
    json_text,
    out,
    print_csv,
    print_data,
    print_table,
    require_apart,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["claims_command", "counts_command", "data_command"]

SHOWN = ["claim_id", "verdict", "found", "belongs_to", "rows", "statement"]


def counts_command(
    by: Annotated[Literal["year", "month"], typer.Option(help="Which periods.")] = "year",
    province: Annotated[str | None, typer.Option(help="Such as CA-QC; all by default.")] = None,
    counts: Annotated[
        str | None, typer.Option(help="Your own counts: a file or an address.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A CSV file.")] = None,
) -> None:
    """Print or write the RCMP's interceptions as IRCC published them, with sources."""
    if output is not None:
        if output.suffix.lower() != ".csv":
            raise DataError(
                Fault(str(output), "is not a .csv file.", "Give a name ending in .csv.")
            )
        require_writable(output)
        require_apart(read=[counts], write=[output])

    rows, rejected = load_interceptions(counts)
    if len(rejected):
        raise DataError(faults_of(rejected))
    table = count_table(rows, by=by, province=province)
    if output is not None:
        write_frame(table, output)
        out.print(f"{output}  {len(table)} rows", soft_wrap=True)
    elif out.is_terminal:
        print_table(table)
    else:
        print_csv(table)


def data_command() -> None:
    """List what ships: each resource with its rows, source, licence and date."""
    columns = ["resource", "rows", "source", "licence", "retrieved"]
    table = catalogue()[columns]
    if out.is_terminal:
        print_table(table)
    else:
        print_csv(table)


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

"""``roxham check``: a page, a folder of data, a region or a table against what must hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from roxham.geo.bounds import require_size, within_bounds
from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import write_atomic
from roxham.geo.io.sources import fetching_once
from roxham.geo.io.vector import kind_of
from roxham.geo.io.write import csv_bytes
from roxham.geo.quoting import name_of
from roxham.geo.region import active_region
from roxham.geo.region.study_area import OWN_BORDER
from roxham.geo.tables.failures import faults_of
from roxham.layers.bundle import load_layers, load_some
from roxham.layers.facts.counts import MEASURED_DATA, counts_contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.stream import check_parts, first_columns
from roxham.layers.privacy.embargo import EMBARGO_DAYS
from roxham.layers.publication.check import check_data, check_tables, frames_of
from roxham.layers.publication.folder import (
    check_documents,
    check_package,
    mismatches_in,
    read_folder,
)
from roxham.layers.publication.region import region_faults
from roxham.layers.publication.rules import RULES, failed, join_findings
from roxham.layers.templates import own_contracts
from roxham.layers.travel.place_lookup import read_points
from roxham.maps.ground import load_base
from roxham.maps.page.external import gathered
from roxham.maps.page.rules import check_page

from .shared.console import (
    coloured,
    err,
    fitting,
    json_text,
    out,
    print_data,
    require_apart,
    tell_faults,
)
from .shared.files import (
    AsTable,
    MapFile,
    Rejected,
    one_mapping,
    reading_goes_with,
    require_csv,
    require_table,
    tell_left_out,
    with_reading,
)
from .shared.gate import counted_from

if TYPE_CHECKING:
    from roxham.layers.publication.rules import Finding

__all__ = ["check_command"]

MOST_ASKED = 200_000
"""Rows of a table of which the rules are asked, too."""
STYLES = {"pass": "green", "fail": "bold red", "not applicable": "dim"}


@with_reading
def check_command(
    page: Annotated[Path | None, typer.Option(help="A page that roxham wrote.")] = None,
    data: Annotated[Path | None, typer.Option(help="A folder of tables, or an export.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="A table of yours, of any size: a file.")
    ] = None,
    kind: AsTable = None,
    mapping: MapFile = None,
    read: Mapping[str, str] = {},
    rejected: Rejected = None,
    as_of: Annotated[str | None, typer.Option(help="Day the embargo is counted from.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold a page or a folder of data, or else a whole region, to the twenty rules; or a table."""
    if table is not None:
        check_file(table, kind, mapping, rejected, read, counted_from(as_of))
        return
    reading_goes_with("--table", read)
    of_region = page is None and data is None
    if of_region and active_region().name == OWN_BORDER:
        raise DataError(Fault("--border", "goes with --page or --data."))
    given = {"--as": kind, "--map": mapping, "--rejected": None if of_region else rejected}
    if any(given.values()):
        raise DataError([Fault(n, "goes with --table.") for n, value in given.items() if value])
    day = counted_from(as_of)
    parts: list[Sequence[Finding]] = []
    if page is not None:
        try:
            with within_bounds(str(page)):
                parts.append(check_page(read_page(page), as_of=day))
        except DataError as error:  # it is of another region
            named = [replace(one, file=str(page)) for one in error.faults]
            raise DataError(named) from None
    if data is not None:
        found = read_folder(data)
        parts += [check_tables(found.tables, as_of=day), check_package(data)]
        parts.append(check_documents(found, as_of=day))
    if of_region:
        if faults := region_faults(active_region()):
            write_rejected(rejected, faults)
            raise DataError(faults)
        shipped = frames_of(load_layers(as_of=day), load_base().frames())
        parts.append(check_data(shipped, as_of=day))
    findings = join_findings(*parts)
    mismatches = mismatches_in(data) if data is not None or page is None else None
    if as_json:
        print_data(json_text(as_records(findings, mismatches)))
    else:
        show(findings)
        if mismatches is not None and len(mismatches):
            out.print(f"\n{len(mismatches)} sums that are not what was published:")
            for row in mismatches.to_dict("records"):
                why = row["explanation"] if row["status"] == "explained" else "unexplained"
                out.print(coloured("- ", row["statement"], " ", (why, "dim")), soft_wrap=True)
    if failed(findings):
        raise typer.Exit(1)


@fetching_once()
def check_file(
    source: str,
    kind: str | None,
    mapping: str | None,
    rejected: Path | None,
    read: Mapping[str, str] = {},
    as_of: dt.date | None = None,
) -> None:
    """Hold a table to its contract, some rows at a time, and then to the rules as map does.

    Raises
    ------
    DataError
        If it is not said what the table is, or it cannot be read.
    """
    require_table(kind)
    chosen = one_mapping(mapping, read)
    known = own_contracts()
    asked = kind or chosen.table
    if asked is None or (kind and chosen.table not in (None, kind)):
        names = ", ".join(known)
        raise DataError(Fault("--as", "does not say what the table is.", f"Choose of {names}."))
    if rejected is not None:
        require_csv(rejected)
        require_apart(read=[source], write=[rejected])
    contract = known[asked]
    if asked == "counts":  # without a measure it is of interceptions, as --counts of map takes it
        any_measure = counts_contract(chosen.areas)
        if "measure" in first_columns(source, any_measure, chosen):
            contract = any_measure
    sound, parts, told = 0, [], dict[str, None]()
    for part in check_parts(source, contract, chosen):
        sound += part.sound
        parts.append(part.rejected)
        told |= dict.fromkeys(part.told)
    faults = pd.concat(parts, ignore_index=True).sort_values("row", kind="stable")
    name = name_of(source)
    for line in told:
        err.print(f"{name}: {line}.")
    hold = "1 row holds" if sound == 1 else f"{sound:,} rows hold"
    out.print(f"{name}: {hold}, {faults['row'].nunique():,} do not.", soft_wrap=True)
    if rejected is not None:
        write_atomic(rejected, csv_bytes(faults))
        out.print(f"{rejected}  {len(faults):,} faults", soft_wrap=True)
    if len(faults):
        tell_faults(faults_of(faults))
        raise typer.Exit(1)
    hold_as_map_does(source, asked, chosen, sound, as_of)


def hold_as_map_does(
    source: str, asked: str, mapping: TableMapping, rows: int, as_of: dt.date | None
) -> None:
    """Ask the rules of what a map takes of a table, and say what it leaves out; leave if one fails.

    Of a table of more rows than a page draws, say that they were not asked.
    """
    held = [data for data in DATASETS.values() if data.own == asked]
    held += [MEASURED_DATA] if asked == "counts" else []
    if not rows:
        return
    if rows > MOST_ASKED:
        most = f"{MOST_ASKED:,}"
        out.print(f"Of more than {most} rows the rules of publication are asked by map and export.")
        return
    if not held:
        refuse({asked: read_points(source, mapping=mapping)}, as_of, "access refuses")
        return
    said = {asked: mapping} if mapping != TableMapping() else {}
    layers = load_some(*held, mappings=said, as_of=as_of, **{asked: source})
    tell_left_out(layers)
    mine = {file.layer for file in layers.inputs}
    aside = layers.set_aside
    late = aside["reason"].str.startswith("embargo") & aside["layer"].isin(mine)
    if late.any():
        rows_lie = "1 row lies" if late.sum() == 1 else f"{late.sum():,} rows lie"
        days = f"within {EMBARGO_DAYS} days of {layers.as_of}, which no page or export tells"
        err.print(f"{name_of(source)}: {rows_lie} {days}.")
    mine_alone = {n: t for n, t in layers.tables.items() if n in mine}
    refuse(mine_alone, as_of, "map and export refuse")


def refuse(tables: Mapping[str, pd.DataFrame], as_of: dt.date | None, who: str) -> None:
    """Say which rules tables fail, and leave if any."""
    found = failed(check_data(tables, as_of=as_of))
    for one in found:
        err.print(coloured((one.rule, "red"), ": ", one.evidence))
    if found:
        err.print(f"{who} it so. Mend it there, or answer for it with --allow.")
        raise typer.Exit(1)


def write_rejected(file: Path | None, faults: Sequence[Fault]) -> None:
    """Write the faults of a region, if a file for them is asked for."""
    if file is None:
        return
    require_csv(file)
    told = [
        (one.file, one.row, one.column, f"{one.problem} {one.remedy}".strip()) for one in faults
    ]
    frame = pd.DataFrame(told, columns=["file", "row", "column", "problem"])
    write_atomic(file, csv_bytes(frame.astype({"row": "Int64"})))
    out.print(f"{file}  {len(faults):,} faults", soft_wrap=True)


def show(findings: Sequence[Finding]) -> None:
    """Print the rules as a table."""
    table = fitting("", "rule", "result", "evidence")
    for rule, one in zip(RULES, findings, strict=True):
        result = coloured((one.status, STYLES[one.status]))
        table.add_row(str(rule.number), rule.name, result, one.evidence)
    out.print(table)


def as_records(findings: Sequence[Finding], mismatches: pd.DataFrame | None) -> dict[str, object]:
    """Return the findings as plain records."""
    record: dict[str, object] = {
        "passed": not failed(findings),
        "rules": [
            {
                "number": rule.number,
                "rule": rule.name,
                "says": rule.says,
                "status": one.status,
                "evidence": one.evidence,
            }
            for rule, one in zip(RULES, findings, strict=True)
        ],
    }
    if mismatches is not None:
        record["mismatches"] = json.loads(mismatches.to_json(orient="records"))
    return record


def read_page(path: Path) -> str:
    """Return the text of a page, with that of its files beside it."""
    kind_of(path, str(path))  # a pipe would be waited for, a device read without end
    try:
        require_size(path, str(path))
        return gathered(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise DataError(Fault(str(path), f"cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError as error:
        raise DataError(Fault(str(path), f"is not UTF-8 text: {error.reason}.")) from None

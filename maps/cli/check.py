"""``roxham check``, and the same rules before ``roxham map`` writes."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
import typer

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import write_atomic
from roxham.geo.io.write import csv_bytes
from roxham.geo.quoting import MASK_KEY, name_of
from roxham.geo.region import active_region
from roxham.geo.tables.edtf import read_day
from roxham.geo.tables.failures import faults_of
from roxham.layers.bundle import load_layers, with_masked_incidents
from roxham.layers.facts.counts import counts_contract
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.read import as_mapping
from roxham.layers.mapping.stream import check_parts
from roxham.layers.publication.check import check_data, check_tables, frames_of
from roxham.layers.publication.folder import (
    check_documents,
    check_package,
    mismatches_in,
    read_folder,
)
from roxham.layers.publication.gate import RuleError, answered, overrides_of
from roxham.layers.publication.region import region_faults
from roxham.layers.publication.rules import RULES, failed, join_findings
from roxham.layers.templates import own_contracts

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
from .shared.files import MapFile, Rejected, require_csv

if TYPE_CHECKING:
    import folium

    from roxham.layers import Layers
    from roxham.layers.publication.gate import Override
    from roxham.layers.publication.rules import Finding

__all__ = [
    "Allow",
    "AllowedBy",
    "check_command",
    "counted_from",
    "hold_to_rules",
    "masked_layers",
    "override_note",
    "read_allowed",
    "tell_overrides",
    "telling_rules",
    "write_checked",
]

Allow = Annotated[
    list[str] | None, typer.Option(help='A rule that may fail, and why: RULE="reason".')
]
AllowedBy = Annotated[
    str | None, typer.Option("--by", help="Who allows it: a person or an office.")
]
STYLES = {"pass": "green", "fail": "bold red", "not applicable": "dim"}


def check_command(
    page: Annotated[Path | None, typer.Option(help="A page that roxham wrote.")] = None,
    data: Annotated[Path | None, typer.Option(help="A folder of tables, or an export.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="A table of yours, of any size: a file.")
    ] = None,
    kind: Annotated[
        Literal["incidents", "counts", "ports", "places"] | None,
        typer.Option("--as", help="What --table is."),
    ] = None,
    mapping: MapFile = None,
    rejected: Rejected = None,
    as_of: Annotated[str | None, typer.Option(help="Day the embargo is counted from.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold a page or a folder of data, or else a whole region, to the twenty rules; or a table."""
    if table is not None:
        check_file(table, kind, mapping, rejected)
        return
    given = {"--as": kind, "--map": mapping, "--rejected": rejected}
    if any(given.values()):
        raise DataError([Fault(n, "goes with --table.") for n, value in given.items() if value])
    day = counted_from(as_of)
    parts: list[Sequence[Finding]] = []
    if page is not None:
        from roxham.maps.page.rules import check_page  # a check of a table needs no page

        parts.append(check_page(read_page(page), as_of=day))
    if data is not None:
        parts += [check_tables(read_folder(data), as_of=day), check_package(data)]
        parts.append(check_documents(data, as_of=day))
    if page is None and data is None:
        if faults := region_faults(active_region()):
            raise DataError(faults)
        from roxham.maps.ground import load_base

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


def check_file(source: str, kind: str | None, mapping: str | None, rejected: Path | None) -> None:
    """Hold a table to its contract, some rows at a time, and say which do not hold.

    Raises
    ------
    DataError
        If it is not said what the table is, or it cannot be read.
    """
    chosen = TableMapping() if mapping is None else as_mapping(mapping)
    known = own_contracts()
    asked = kind or chosen.table
    if asked is None or (kind and chosen.table not in (None, kind)):
        names = ", ".join(known)
        raise DataError(Fault("--as", "does not say what the table is.", f"Choose of {names}."))
    if rejected is not None:
        require_csv(rejected)
        require_apart(read=[source], write=[rejected])
    areas = chosen.areas
    contract = counts_contract(areas) if asked == "counts" else known[asked]
    sound, parts, told = 0, [], dict[str, None]()
    for part in check_parts(source, contract, chosen):
        sound += part.sound
        parts.append(part.rejected)
        told |= dict.fromkeys(part.told)
    faults = pd.concat(parts, ignore_index=True).sort_values("row", kind="stable")
    name = name_of(source)
    for line in told:
        err.print(f"{name}: {line}.")
    out.print(f"{name}: {sound:,} rows hold, {faults['row'].nunique():,} do not.", soft_wrap=True)
    if rejected is not None:
        write_atomic(rejected, csv_bytes(faults))
        out.print(f"{rejected}  {len(faults):,} faults", soft_wrap=True)
    if len(faults):
        tell_faults(faults_of(faults))
        raise typer.Exit(1)


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
    """Return the text of a page."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(Fault(str(path), f"cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError as error:
        raise DataError(Fault(str(path), f"is not UTF-8 text: {error.reason}.")) from None


def counted_from(as_of: str | None) -> dt.date | None:
    """Return the day that the embargo is counted from; none to come, or it would hold nothing."""
    return None if as_of is None else read_day(as_of, "--as-of", past=True)


def read_allowed(words: Sequence[str], by: str | None, *, who: str = "--by") -> dict[str, Override]:
    """Return the rules that may fail, with the reason for each, and whoever allows it."""
    parts = [word.partition("=") for word in words]
    given = {rule: reason for rule, _, reason in parts}
    return overrides_of(given, by, names=("--allow", who))


@contextmanager
def telling_rules(who: str = "--by") -> Iterator[None]:
    """Say which rules fail, and leave, where something is not written for that."""
    try:
        yield
    except RuleError as error:
        for fault in error.faults:
            err.print(coloured((fault.file, "red"), ": ", fault.problem))
        err.print(
            f'Nothing was written. Mend it, or give --allow RULE="reason" for each, and {who} NAME.'
        )
        raise typer.Exit(1) from None


def hold_to_rules(
    tables: Mapping[str, pd.DataFrame],
    allowed: Mapping[str, Override],
    *,
    who: str = "--by",
) -> None:
    """Leave if a table that is to be written fails a rule that nobody answers for; say which."""
    with telling_rules(who):
        given = answered(check_data(tables), allowed)
    tell_overrides(given)


def tell_overrides(overrides: Sequence[Mapping[str, str]]) -> None:
    """Say which rules were overridden, by whom and why."""
    for override in overrides:
        err.print("{rule} overridden by {by}: {reason}".format_map(override))


def override_note(override: dict[str, str], language: str) -> str:
    """Return what a picture says of a rule that was overridden."""
    from roxham.maps.printed.words import say

    head = f"{say(language, 'rules.overridden')}{say(language, 'colon')} {override['rule']}"
    return f"{head} ({override['says']}): {override['reason']} — {override['by']}"


def masked_layers(layers: Layers, method: Literal["donut", "grid"]) -> Layers:
    """Return the layers with their incidents masked by the key in the environment."""
    key = os.environ.get(MASK_KEY, "")
    if not key:
        raise DataError(
            Fault(MASK_KEY, "is not set.", "Set it to a secret of 16 bytes or more, and keep it.")
        )
    return with_masked_incidents(layers, key=key, method=method)


def write_checked(
    drawn: folium.Map | None,
    layers: Layers,
    output: Path | None,
    *,
    allowed: Mapping[str, Override],
    ground: Mapping[str, pd.DataFrame] | None = None,
    notes: Sequence[dict[str, str]] = (),
    as_of: dt.date | None = None,
) -> list[dict[str, str]]:
    """Write a page that keeps the rules, or fails only those that are allowed to; return these.

    ``notes`` are told beside them.

    Without a page, what is to be drawn on a picture is held to the rules on data.
    """
    from roxham.maps.page.page import page_html
    from roxham.maps.page.rules import check_page

    html = None if drawn is None else page_html(drawn)
    data = check_data(frames_of(layers, ground), as_of=as_of)
    seen = [] if html is None else check_page(html, as_of=as_of)
    with telling_rules():
        given = [*answered(join_findings(data, seen), allowed), *notes]
    if given and drawn is not None:
        html = page_html(drawn, overrides=given)
    tell_overrides(given)
    if html is not None and output is not None:
        write_atomic(output, html.encode("utf-8"))
    return given

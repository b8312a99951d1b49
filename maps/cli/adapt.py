"""``roxham template`` and ``roxham adapt``: files to fill in, and files of others taken as ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from roxham.geo.errors import DataError, Fault, WriteError, kinds_of, shown
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.sources import Raw
from roxham.geo.io.write import csv_bytes
from roxham.geo.quoting import name_of
from roxham.geo.region import active_region
from roxham.geo.tables.contract import Contract, check_raw
from roxham.geo.tables.failures import faults_of
from roxham.layers.facts.counts import COUNTS, counts_contract
from roxham.layers.mapping.adapt import best_proposal, first_rows, relaxed, with_year
from roxham.layers.mapping.apply import mapped
from roxham.layers.mapping.model import Source, TableMapping
from roxham.layers.mapping.propose import Proposal
from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.mapping.recognise.layouts import known_layouts
from roxham.layers.mapping.toml_text import toml_text
from roxham.layers.privacy.personal import personal_columns
from roxham.layers.templates import (
    columns_table,
    in_languages,
    own_contracts,
    region_contracts,
    template,
)

from .shared.console import fitting, kind_line, out, print_data, require_apart
from .shared.files import AsTable, require_csv, require_table, with_reading

__all__ = ["adapt_command", "template_command"]

STAND_IN = Source(title="…", publisher="…", url="https://example.org")
"""In place of a source that is not told yet, so that the rest can be tried."""
NO_SOURCE = """
[source]
title = ""      # of the page or the document
publisher = ""
url = ""        # https://…
date = ""       # of the source, as it gives it
licence = ""
licence_url = ""
"""
SHOWN = 3


def template_command(
    table: Annotated[
        str,
        typer.Argument(help=f"Which file: {', '.join(region_contracts())}."),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A CSV file; beside it, its columns.")
    ] = None,
) -> None:
    """Write or print a file to fill in: the columns, and one row that is made up."""
    documented = None
    if output is not None:
        require_csv(output)
        documented = require_writable(output.with_suffix(".md"))
        taken = [path for path in (output, documented) if path.exists()]
        if taken:
            raise DataError(
                [Fault(str(path), "is there already.", "Choose another name.") for path in taken]
            )

    text = csv_bytes(template(table))
    if output is None or documented is None:
        print_data(text.decode())
        return
    write_atomic(output, text)
    head = f"# {table}\n\nReplace the row in `{output.name}`: it is made up.\n\n"
    try:
        write_atomic(documented, (head + columns_table(table)).encode())
    except WriteError:
        output.unlink()  # it would be in the way of the next try
        raise
    out.print(f"{output}\n{documented}", soft_wrap=True)


def _contracts() -> Mapping[str, Contract]:
    """Return what a table may become, in the region at work: counts, those of any measure."""
    known = {**own_contracts(), "counts": COUNTS}
    return {table: in_languages(contract) for table, contract in known.items()}


def _read_as_it_is(column: str, contract: Contract) -> bool:
    """Whether a column that no other is called as is read by its own name, in any language."""
    region = active_region()
    suffix = "|".join(map(re.escape, region.languages[1:]))
    base = re.sub(f"_({suffix})$", "", column) if suffix else column
    known = {one.name for one in contract.columns}
    if contract.name == "ports":
        known |= {*region.columns("hours", prefix=True)}
    return base in known


@with_reading
def adapt_command(
    file: Annotated[str, typer.Argument(help="A table: a file or an address.")],
    table: AsTable = None,
    source: Annotated[
        str | None, typer.Option("--from", help="The publisher whose format it is; ? lists them.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A .toml file.")] = None,
    header: Annotated[int | None, typer.Option(help="The row with the names of columns.")] = None,
    read: Mapping[str, str] = {},
    year: Annotated[int | None, typer.Option(help="The year, where no column has it.")] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="A column of theirs that stays as it is.")
    ] = None,
) -> None:
    """Propose which column of a file is which, show it, and write it down to be used again."""
    if output is not None:
        if output.suffix.lower() != ".toml":
            problem = "is not a .toml file."
            raise DataError(Fault(str(output), problem, "Give a name ending in .toml."))
        require_writable(output)
        require_apart(read=[file], write=[output])
    require_table(table)
    given = {**read, **({} if header is None else {"header": header})}
    base = _publisher(source, table).reading_as(given, keep or ())
    raw, base = first_rows(file, base, _contracts())
    told = Proposal(base, [], [], {}, [])
    found = told
    if source is None:
        found = best_proposal(raw, base, _contracts(), table, name_of(file))
    if year is not None:
        found = found._replace(questions=[q for q in found.questions if "--year" not in q])
    mapping = with_year(found.mapping, year)
    looks = known_layouts(list(map(str, raw.rows.columns))) if source is None else []
    _show(file, raw, mapping, found, published=source is not None)
    for one in looks[:1]:
        out.print(f"It is laid out as a file of a publisher that is known: try --from {one}.")
    text = toml_text(mapping, comments=_comments(file, found))
    text += _to_fill(mapping, found.missing) if source is None else ""
    text += "" if mapping.source else NO_SOURCE
    if output is None:
        print_data("\n" + text)
        return
    write_atomic(output, text.encode())
    use = f"--{mapping.table} {shown(name_of(file))} --map {output}"
    out.print(f"{output}  use it as in: {use}", soft_wrap=True)
    if not mapping.source:
        out.print("Say under [source] where the table is from, before it is used.")


def _publisher(name: str | None, table: str | None) -> TableMapping:
    """Return the mapping of a publisher, or an empty one."""
    if name is None:
        return TableMapping()
    found = publisher(name)
    if found is None:
        told = f"“{shown(name)}” is no format that ships."
        raise DataError(Fault("--from", told, f"Choose one of {', '.join(publishers())}."))
    if table is not None and found.table != table:
        raise DataError(Fault("--as", f"{name} publishes {found.table}.", "Leave --as out."))
    return found


def _show(file: str, raw: Raw, mapping: TableMapping, found: Proposal, *, published: bool) -> None:
    """Print which column is which, a sample as it is read, and what is left to be told."""
    name = name_of(file)
    areas, table = mapping.areas, mapping.table or "counts"
    contract = counts_contract(areas) if table == "counts" else _contracts()[table]
    contract = relaxed(contract, found.missing)
    tried = mapping if mapping.source else mapping.model_copy(update={"source": STAND_IN})
    made = mapped(raw, tried, name, [column.name for column in contract.columns])
    out.print(f"{name}: {len(raw.rows):,} rows, read as {mapping.table}", soft_wrap=True)
    rows, rejected = check_raw(made.raw, contract, name, mapping.reading)
    faults = faults_of(rejected)
    columns = fitting("ours", "theirs", "as it is read", *[""] * (SHOWN - 1))
    names = dict.fromkeys([*(column.name for column in contract.columns), *mapping.columns])
    for ours in [name for name in names if name in made.raw.rows]:
        if ours.startswith("source_") or ours == "confidence":
            continue
        cells = (rows if ours in rows else made.raw.rows)[ours].head(SHOWN)
        read = ["" if pd.isna(cell) else str(cell) for cell in cells]
        read += [""] * (SHOWN - len(read))
        columns.add_row(ours, made.spelt.get(ours, ""), *read)
    out.print(columns)
    for line in rows.attrs.get("read_as", []):
        out.print(f"{line}.", soft_wrap=True)
    if faults:
        out.print(f"{len(faults):,} faults:" if len(faults) > 1 else "1 fault:")
        for kind in kinds_of(faults)[:20]:
            out.print(f"  {kind.times:,} × {kind_line(kind)}", soft_wrap=True)
    for question in found.questions:
        out.print(f"To be told: {question}.", soft_wrap=True)
    if found.missing and not published:
        told = ", ".join(found.missing)
        out.print(f"Not found: {told}. Write them under [columns] or [values].", soft_wrap=True)
    personal = found.personal or personal_columns(made.unused)
    unused = [
        column
        for column in made.unused
        if column not in personal and not _read_as_it_is(column, contract)
    ]
    if unused:
        out.print(f"Not used: {', '.join(map(shown, unused))}.", soft_wrap=True)
    for column, held in personal.items():
        out.print(f"Left out: {shown(column)}; it may hold {held}.", soft_wrap=True)


def _to_fill(mapping: TableMapping, missing: Sequence[str]) -> str:
    """Return the columns that no column of theirs is, to be written down for all rows."""
    contract = _contracts()[mapping.table or "counts"]
    lines = [f'{name} = ""      # {contract.column(name).meaning}\n' for name in missing]
    return "\n[values]      # the same in every row\n" + "".join(lines) if lines else ""


def _comments(file: str, found: Proposal) -> list[str]:
    lines = [f"Made by roxham adapt of {Path(name_of(file)).name}."]
    lines += [f"To be told: {' '.join(question.split())}" for question in found.questions]
    lines += [f"Not found: {', '.join(found.missing)}"] if found.missing else []
    return [" ".join(line.split()) for line in lines]

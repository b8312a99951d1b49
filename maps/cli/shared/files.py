"""What the commands do for files of one's own: templates, and rows parted into good and bad."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pandas as pd
import typer

from roxham.geo.errors import DataError, Fault, WriteError, shown
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.sources import Raw
from roxham.geo.io.write import csv_bytes
from roxham.geo.quoting import name_of
from roxham.geo.tables.contract import Contract, check_raw
from roxham.geo.tables.failures import faults_of, kinds_of
from roxham.layers.facts.counts import COUNTS, counts_contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.incidents import INCIDENTS
from roxham.layers.facts.ports import ports_contract
from roxham.layers.mapping.adapt import best_proposal, first_rows, relaxed, with_year
from roxham.layers.mapping.apply import mapped
from roxham.layers.mapping.model import Source, Table, TableMapping
from roxham.layers.mapping.propose import Proposal
from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.mapping.read import as_mapping, split_by
from roxham.layers.mapping.toml_text import toml_text
from roxham.layers.templates import columns_table, own_contracts, template
from roxham.layers.travel.place_lookup import POINTS

from .console import err, fitting, kind_line, out, print_data, require_apart

if TYPE_CHECKING:
    from roxham.layers import Layers

__all__ = [
    "Accepted",
    "MapFile",
    "Rejected",
    "adapt_command",
    "mappings_of",
    "part_rows",
    "require_csv",
    "tell_reading",
    "template_command",
    "with_own_files",
]

Rejected = Annotated[
    Path | None, typer.Option("--rejected", help="Write faulty rows and reasons here, CSV.")
]
MapFile = Annotated[
    str | None,
    typer.Option("--map", help="A mapping of your file, by roxham adapt; or a publisher."),
]
Accepted = Annotated[Path | None, typer.Option("--accepted", help="Write sound rows here, CSV.")]


OPTIONS: Mapping[str, Any] = {
    "map": Annotated[
        list[str] | None,
        typer.Option("--map", help="A mapping of your file, by roxham adapt; or a publisher."),
    ],
    "dates": Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(help="Whether 04/01 is in January or in April.")
    ],
    "decimal": Annotated[
        str | None, typer.Option(help="What stands before decimals in your file: . or ,")
    ],
    "order": Annotated[
        str | None, typer.Option(help="Which comes first in a column of places: 'lat lon'.")
    ],
    "sheet": Annotated[
        str | None, typer.Option(help="The sheet of your workbook, or the table of a saved page.")
    ],
    "merged": Annotated[
        Literal["fill"] | None, typer.Option(help="Cells made one: give each their value.")
    ],
    "keep": Annotated[
        list[str] | None, typer.Option("--keep", help="A personal column of yours that stays.")
    ],
}
"""How files of one's own are read, where they do not tell it themselves."""


def with_own_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--incidents``, ``--counts``, … and how these are read.

    It gets the files as one mapping, ``own``, and how each is read as another, ``mappings``; the
    options stand where the command has its argument ``own``.
    """
    options = {
        data.own: _option(
            data.own,
            Annotated[str | None, typer.Option(help=f"Your own {data.own}: a file or an address.")],
        )
        for data in DATASETS.values()
        if data.own is not None
    }
    reading = {name: _option(name, annotation) for name, annotation in OPTIONS.items()}
    given = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in given.parameters.items():
        kept = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        if name == "own":
            parameters += [*options.values(), *reading.values()]
        elif name != "mappings":
            parameters.append(kept)

    @wraps(command)
    def with_options(**words: Any) -> None:
        own = {name: words.pop(name) for name in options}
        said = {name: words.pop(name) for name in reading}
        command(own=own, mappings=mappings_of(own, **said), **words)

    with_options.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def _option(name: str, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=None, annotation=annotation)


def mappings_of(
    own: Mapping[str, str | None],
    *,
    map: Sequence[str] | None = None,  # noqa: A002
    keep: Sequence[str] | None = None,
    **read: str | None,
) -> dict[str, TableMapping]:
    """Return how each file of one's own is read.

    Raises
    ------
    DataError
        If a mapping is of a table that no file is given for, or of none where there are several.
    """
    files = [table for table, source in own.items() if source is not None]
    said = {name: value for name, value in read.items() if value is not None}
    found: dict[str, TableMapping] = {}
    faults: list[Fault] = []
    for name in map or ():
        mapping = as_mapping(name)
        table = mapping.table or (files[0] if len(files) == 1 else None)
        if table is None or table not in files or table in found:
            options = " or ".join(f"--{option}" for option in own)
            told = (
                f"is a mapping of {table}" if table else "says of no table that it is its mapping"
            )
            faults.append(Fault(name, f"{told}.", f"Give it once, with its file: {options}."))
            continue
        found[table] = mapping
    if faults:
        raise DataError(faults)
    if said or keep:
        if not files:
            options = " or ".join(f"--{option}" for option in own)
            names = [f"--{name}" for name in (*said, *(["keep"] if keep else []))]
            raise DataError([Fault(name, f"goes with {options}.") for name in names])
        for table in files:
            found[table] = found.get(table, TableMapping()).reading_as(said, keep or ())
    return found


def template_command(
    table: Annotated[str, typer.Argument(help="Which file: incidents, counts, ports or places.")],
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


def part_rows(
    sources: Mapping[str, str | None],
    *,
    rejected: Path | None,
    accepted: Path | None,
    mappings: Mapping[str, TableMapping] = {},
) -> None:
    """Write the faulty and the sound rows of each file of one's own, as they stand in it.

    Parameters
    ----------
    sources
        Files by the name of their table, None where the bundled one is used.
    rejected, accepted
        Where to write; of several files each gets its table's name into the name.
    mappings
        How each is read.

    Raises
    ------
    DataError
        If there is no file of one's own, or a name does not end in ``.csv``.
    """
    wanted = {"--rejected": rejected, "--accepted": accepted}
    if not any(wanted.values()):
        return
    own = {table: source for table, source in sources.items() if source is not None}
    if not own:
        names = " or ".join(f"--{table}" for table in sources)
        faults = [Fault(n, f"goes with {names}.") for n, path in wanted.items() if path]
        raise DataError(faults)
    for path in filter(None, wanted.values()):
        require_csv(path)

    named = {
        (file, table): file if len(own) == 1 else file.with_stem(f"{file.stem}-{table}")
        for file in (rejected, accepted)
        for table in own
        if file is not None
    }
    require_apart(read=own.values(), write=named.values())
    for table, source in own.items():
        parted = split_by(source, own_contracts()[table], mappings.get(table))
        for file, rows in ((rejected, parted.rejected), (accepted, parted.accepted)):
            if file is not None:
                name = named[file, table]
                write_atomic(name, csv_bytes(rows))
                out.print(f"{name}  {len(rows)} rows", soft_wrap=True)


def tell_reading(layers: Layers) -> None:
    """Say what of one's own files was read otherwise than written, and which columns stay out."""
    for file in layers.inputs:
        for line in layers.read_as.get(file.layer, ()):
            err.print(f"{file.name}: {line}.")
        aside = layers.set_aside[layers.set_aside["layer"].eq(file.layer)]
        personal = aside[aside["reason"].str.startswith("personal: holds ")]
        for column, reason in zip(personal["id"], personal["reason"], strict=True):
            kind = str(reason).removeprefix("personal: holds ")
            name = str(column).removeprefix("column ")
            err.print(
                f"{file.name}: the column {name} is left out; it may hold {kind}. "
                f"--keep {json.dumps(name, ensure_ascii=False)} keeps it."
            )


def require_csv(path: Path) -> None:
    """Raise if a file to write is not named as CSV, or cannot be written."""
    if path.suffix.lower() != ".csv":
        raise DataError(Fault(str(path), "is not a .csv file.", "Give a name ending in .csv."))
    require_writable(path)


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


def _contracts() -> Mapping[Table, Contract]:
    """Return what a table may become, in the region at work."""
    return {
        "incidents": INCIDENTS,
        "counts": COUNTS,
        "ports": ports_contract(),
        "places": POINTS,
    }


def adapt_command(
    file: Annotated[str, typer.Argument(help="A table: a file or an address.")],
    table: Annotated[Table | None, typer.Option("--as", help="What it is to become.")] = None,
    source: Annotated[
        str | None, typer.Option("--from", help="The publisher whose format it is; ? lists them.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A .toml file.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet, or a page's table.")] = None,
    header: Annotated[int | None, typer.Option(help="The row with the names of columns.")] = None,
    dates: Annotated[
        Literal["dmy", "mdy"] | None, typer.Option(help="Whether 04/01 is in January or in April.")
    ] = None,
    decimal: Annotated[str | None, typer.Option(help="What stands before decimals: . or ,")] = None,
    order: Annotated[
        str | None, typer.Option(help="Which comes first in a column of places: 'lat lon'.")
    ] = None,
    merged: Annotated[
        Literal["fill"] | None, typer.Option(help="Cells made one: give each their value.")
    ] = None,
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
    said = {"sheet": sheet, "header": header, "dates": dates, "decimal": decimal}
    said |= {"order": order, "merged": merged}
    given = {name: value for name, value in said.items() if value is not None}
    base = _publisher(source, table).reading_as(given, keep or ())
    raw, base = first_rows(file, base, _contracts())
    told = Proposal(base, [], [], {}, [])
    found = best_proposal(raw, base, _contracts(), table) if source is None else told
    if year is not None:
        found = found._replace(questions=[q for q in found.questions if "--year" not in q])
    mapping = with_year(found.mapping, year)
    _show(file, raw, mapping, found, published=source is not None)
    text = toml_text(mapping, comments=_comments(file, found))
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
    for ours in [c.name for c in contract.columns if c.name in made.raw.rows]:
        if ours.startswith("source_") or ours == "confidence":
            continue
        cells = rows[ours].head(SHOWN) if ours in rows else pd.Series(dtype=object)
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
    unused = [column for column in made.unused if column not in found.personal]
    if unused:
        out.print(f"Not used: {', '.join(map(shown, unused))}.", soft_wrap=True)
    for column, held in found.personal.items():
        out.print(f"Left out: {shown(column)}; it may hold {held}.", soft_wrap=True)


def _comments(file: str, found: Proposal) -> list[str]:
    lines = [f"Made by roxham adapt of {Path(name_of(file)).name}."]
    lines += [f"To be told: {' '.join(question.split())}" for question in found.questions]
    lines += [f"Not found: {', '.join(found.missing)}"] if found.missing else []
    return [" ".join(line.split()) for line in lines]

"""What the commands do for files of one's own: templates, and rows parted into good and bad."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from roxham.geo.errors import DataError, Fault, WriteError
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.write import csv_bytes
from roxham.geo.tables.contract import split_table
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.templates import columns_table, own_contracts, template

from .console import out, print_data, require_apart

__all__ = ["Accepted", "Rejected", "part_rows", "template_command", "with_own_files"]

Rejected = Annotated[
    Path | None, typer.Option("--rejected", help="Write faulty rows and reasons here, CSV.")
]
Accepted = Annotated[Path | None, typer.Option("--accepted", help="Write sound rows here, CSV.")]


def with_own_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--incidents``, ``--counts``, …; it gets them as one mapping, ``own``.

    The options stand where the command has its argument ``own``.
    """
    options = {
        data.own: inspect.Parameter(
            data.own,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None, typer.Option(help=f"Your own {data.own}: a file or an address.")
            ],
        )
        for data in DATASETS.values()
        if data.own is not None
    }
    given = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in given.parameters.items():
        kept = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        parameters += options.values() if name == "own" else [kept]

    @wraps(command)
    def with_options(**words: Any) -> None:
        command(own={name: words.pop(name) for name in options}, **words)

    with_options.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_options


def template_command(
    table: Annotated[str, typer.Argument(help="Which file: incidents, counts, ports or places.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A CSV file; beside it, its columns.")
    ] = None,
) -> None:
    """Write or print a file to fill in: the columns, and one row that is made up."""
    documented = None
    if output is not None:
        _require_csv(output)
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
    sources: Mapping[str, str | None], *, rejected: Path | None, accepted: Path | None
) -> None:
    """Write the faulty and the sound rows of each file of one's own, as they stand in it.

    Parameters
    ----------
    sources
        Files by the name of their table, None where the bundled one is used.
    rejected, accepted
        Where to write; of several files each gets its table's name into the name.

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
        _require_csv(path)

    named = {
        (file, table): file if len(own) == 1 else file.with_stem(f"{file.stem}-{table}")
        for file in (rejected, accepted)
        for table in own
        if file is not None
    }
    require_apart(read=own.values(), write=named.values())
    for table, source in own.items():
        parted = split_table(source, own_contracts()[table])
        for file, rows in ((rejected, parted.rejected), (accepted, parted.accepted)):
            if file is not None:
                name = named[file, table]
                write_atomic(name, csv_bytes(rows))
                out.print(f"{name}  {len(rows)} rows", soft_wrap=True)


def _require_csv(path: Path) -> None:
    if path.suffix.lower() != ".csv":
        raise DataError(Fault(str(path), "is not a .csv file.", "Give a name ending in .csv."))
    require_writable(path)

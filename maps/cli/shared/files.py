"""What the commands do for files of one's own: their options, and rows parted into good and bad."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.write import csv_bytes
from roxham.layers.facts.counts import counts_contract, tells_measures
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.mapping.read import as_mapping, split_by
from roxham.layers.templates import own_contracts, own_tables

from .console import err, out, require_apart

if TYPE_CHECKING:
    from roxham.layers import Layers
    from roxham.layers.mapping.model import TableMapping

__all__ = [
    "Accepted",
    "AsTable",
    "MapFile",
    "Rejected",
    "mappings_of",
    "one_mapping",
    "part_rows",
    "reading_goes_with",
    "require_csv",
    "require_table",
    "tell_left_out",
    "tell_reading",
    "with_own_files",
    "with_reading",
]

Rejected = Annotated[
    Path | None, typer.Option("--rejected", help="Write faulty rows and reasons here, CSV.")
]
MapFile = Annotated[
    str | None,
    typer.Option("--map", help="A mapping of your file, by roxham adapt; or a publisher."),
]
AsTable = Annotated[
    str | None,
    typer.Option("--as", help=f"What a table is or becomes: {', '.join(own_tables())}."),
]
Accepted = Annotated[Path | None, typer.Option("--accepted", help="Write sound rows here, CSV.")]


READING: Mapping[str, Any] = {
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
    "encoding": Annotated[
        str | None, typer.Option(help="How the letters of your file are written, if not in UTF-8.")
    ],
}
"""How a file of one's own is read, where it does not tell it itself."""
OPTIONS: Mapping[str, Any] = {
    "map": Annotated[
        list[str] | None,
        typer.Option("--map", help="A mapping of your file, by roxham adapt; or a publisher."),
    ],
    **READING,
    "keep": Annotated[
        list[str] | None, typer.Option("--keep", help="A personal column of yours that stays.")
    ],
}
"""What is said of several files of one's own."""


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

    @wraps(command)
    def with_options(**words: Any) -> None:
        own = {name: words.pop(name) for name in options}
        said = {name: words.pop(name) for name in reading}
        command(own=own, mappings=mappings_of(own, **said), **words)

    _sign(with_options, command, {"own": [*options.values(), *reading.values()], "mappings": []})
    return with_options


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that reads one file the options that say how: its argument ``read``.

    It gets those that are given, by the names of :class:`~roxham.layers.mapping.model.Read`.
    """
    reading = {name: _option(name, annotation) for name, annotation in READING.items()}

    @wraps(command)
    def with_options(**words: Any) -> None:
        said = {name: words.pop(name) for name in reading}
        command(read={name: value for name, value in said.items() if value is not None}, **words)

    _sign(with_options, command, {"read": [*reading.values()]})
    return with_options


def _sign(
    outer: Callable[..., None],
    command: Callable[..., None],
    places: Mapping[str, list[inspect.Parameter]],
) -> None:
    """Give a function the options of a command, others in place of some of its arguments."""
    given = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for name, parameter in given.parameters.items():
        kept = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        parameters += places.get(name, [kept])
    outer.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    outer.__annotations__ = {each.name: each.annotation for each in parameters}


def one_mapping(mapping: str | None, read: Mapping[str, str]) -> TableMapping:
    """Return how the one file of a command is read."""
    return (as_mapping({}) if mapping is None else _mapping(mapping)).reading_as(read)


def _mapping(name: str) -> TableMapping:
    return as_mapping(name, tables=own_contracts())


def require_table(name: str | None) -> None:
    """Raise if a table is said to be one that no command takes."""
    if name is not None and name not in own_tables():
        found = f"{shown(name)} is no table that a file can be."
        raise DataError(Fault("--as", found, f"Choose one of {', '.join(own_tables())}."))


def reading_goes_with(option: str, read: Mapping[str, str]) -> None:
    """Raise if it is said how a file is read, and none is given."""
    if read:
        raise DataError([Fault(f"--{name}", f"goes with {option}.") for name in read])


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
        mapping = _mapping(name)
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
            found[table] = (found.get(table) or as_mapping({})).reading_as(said, keep or ())
    return found


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
        mapping = mappings.get(table)
        contract = own_contracts()[table]
        if table == "counts" and tells_measures(source, mapping):
            contract = counts_contract(mapping.areas if mapping else ())
        parted = split_by(source, contract, mapping)
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
    tell_left_out(layers)


def tell_left_out(layers: Layers) -> None:
    """Say which columns of one's own files stay out, as they may hold what tells a person."""
    for file in layers.inputs:
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

"""The command line: ``roxham map``, ``roxham counts``, ``roxham data``."""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

import roxham
from roxham.geo.errors import DataError, Fault, RoxhamError, WriteError, shown
from roxham.geo.io.atomic import require_writable
from roxham.geo.quoting import MASK_KEY, hide_words, without_secrets

from . import access as cli_access
from . import check as cli_check
from . import claims as cli_claims
from . import export as cli_export
from . import files as cli_files
from . import roads as cli_roads
from . import routes as cli_routes
from .console import (
    MAX_FAULTS_SHOWN,
    err,
    faults_of,
    fitting,
    out,
    print_csv,
    print_table,
    report,
    require_apart,
)
from .own_files import with_own_files
from .travel import Access, Minutes, OnDay, Reach, Routes, asked_of, travel_of

if TYPE_CHECKING:
    from roxham.layers import Layers

__all__ = ["app", "main"]

app = typer.Typer(
    help="Map and analyse border crossings, first of all around Roxham Road.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

cli_roads.add_to(app)
cli_access.register(app)
cli_claims.register(app)
cli_routes.register(app)
cli_check.register(app)
cli_files.register(app)
cli_export.register(app)

STOPPED = 130
"""How Typer leaves when Ctrl-C was pressed."""
LOST = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What the system says of output that goes nowhere."""
PAGES = (".html", ".htm")
USAGE = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What every error in the words of a command line is; Typer gives it no public name."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Since = Annotated[str, typer.Option(help="First month, YYYY-MM.")]
Until = Annotated[str, typer.Option(help="Last month, YYYY-MM.")]


def main() -> None:
    """Run the command line; every fault is one line, and no traceback reaches the reader."""
    speak_utf8()
    hide_words(sys.argv[1:])
    try:
        left = app(standalone_mode=False)
        if left == STOPPED:
            err.print("Stopped. No file is left half written.")
        sys.exit(left)
    except USAGE as error:
        refuse(error)
        sys.exit(error.exit_code)
    except WriteError as error:
        report(error)
        sys.exit(1)
    except RoxhamError as error:
        report(error)
        sys.exit(2)
    except BrokenPipeError:
        drop_output()  # the reader of our output has gone, as in `roxham data | head`
        sys.exit(1)
    except OSError as error:
        told = f"Stopped: {error}. No file is left half written."
        if error.filename is None and error.errno in LOST:  # what has a name names it
            why = f"cannot be written: {error.strerror or error}."
            told = str(Fault("standard output", why, "Make room there, or send it elsewhere."))
            drop_output()
        err.print(told)
        sys.exit(1)
    except Exception as error:
        if os.environ.get("ROXHAM_DEBUG"):
            err.print(traceback.format_exc())
        err.print(
            f"A fault of roxham's own: {type(error).__name__}: {error}. "
            "No file is left half written. "
            "Please report it; ROXHAM_DEBUG=1 shows where it arose."
        )
        sys.exit(1)


def refuse(error: typer.BadParameter) -> None:
    """Say what of the command line cannot be understood, and where its help is."""
    told = error.format_message().strip()
    if told:  # without any word, the help has been printed and is all there is to say
        command = error.ctx.command_path if error.ctx else "roxham"
        err.print(f"{told}\nTry '{command} --help' for help.", style="red")


def drop_output() -> None:
    """Let go of what does not go out, or Python tries it again when it leaves."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def speak_utf8() -> None:
    """Print UTF-8 to a file or a pipe, whatever the locale; a terminal shows what it can."""
    if sys.stdout is None:  # closed, as by `>&-`: that nothing is heard is no success
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def show_version(value: bool) -> None:
    """Print the version and leave."""
    if value:
        typer.echo(f"roxham {roxham.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Hold the options before the command."""


@app.command("map")
@with_own_files
def map_command(
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The page; roxham.html unless a picture is asked for."),
    ] = None,
    since: Since = "2017-01",
    until: Until = "2024-12",
    own: Mapping[str, Any] = {},
    roads: Annotated[
        str, typer.Option(help="A road network to draw, any file `roxham roads` reads.")
    ] = "bundled",
    routes: Routes = None,
    reach: Reach = None,
    minutes: Minutes = "15,30,60",
    access: Access = None,
    on: OnDay = None,
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    png: Annotated[Path | None, typer.Option(help="A picture for print, PNG.")] = None,
    svg: Annotated[Path | None, typer.Option(help="A picture for print, SVG.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="A picture for print, PDF.")] = None,
    lang: Annotated[Literal["en", "fr"], typer.Option(help="Language of the picture.")] = "en",
    view: Annotated[
        Literal["core", "site", "region"], typer.Option(help="Part of the border in the picture.")
    ] = "core",
    embed: Annotated[
        bool, typer.Option("--embed", help="The map alone, for an iframe of your own page.")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Set faulty rows aside, and say so on the page.")
    ] = False,
    mask: Annotated[
        Literal["donut", "grid"] | None,
        typer.Option(help=f"Move the places of incidents, by the secret in {MASK_KEY}."),
    ] = None,
    allow_named: Annotated[
        bool, typer.Option("--allow-named", help="Keep victim_name where source and reason stand.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(help="Day the embargo is counted from; today by default.")
    ] = None,
    allow: Annotated[
        list[str] | None, typer.Option(help='A rule that may fail, and why: RULE="reason".')
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who allows it: a name or an office, for the page.")
    ] = None,
    rejected: cli_files.Rejected = None,
    accepted: cli_files.Accepted = None,
) -> None:
    """Draw the border page, one self-contained HTML file, or a picture of it for print."""
    check_period(since, until)
    pictures = asked_pictures(png=png, svg=svg, pdf=pdf)
    if output is None and not pictures:
        output = Path("roxham.html")
    if not pictures and (lang, view) != ("en", "core"):
        found = "--lang and --view are of pictures; the page holds both languages and every view."
        raise DataError(Fault("map", found, "Leave them out, or give --png, --svg or --pdf."))
    for file in filter(None, (output, *pictures)):
        require_writable(file)
    if output is not None and output.suffix.lower() not in PAGES:
        problem = f"is not a {PAGES[0]} file."
        raise DataError(Fault(str(output), problem, f"Give a name ending in {PAGES[0]}."))
    files = (output, *pictures, rejected, accepted)
    require_apart(read=(*own.values(), roads), write=files)
    title = title and without_secrets(title)
    if title is not None and not title.strip():
        raise DataError(Fault("--title", "is blank.", "Write a headline, or leave it out."))
    asked = asked_of(routes, reach, access, on, minutes)
    named = by if allow or own["ports"] is None else None  # who publishes ports is named, too
    day, allowed = cli_check.counted_from(as_of), cli_check.read_allowed(allow or [], named)

    from roxham.geo import load_roads
    from roxham.layers import load_layers
    from roxham.layers.provenance import inputs_of
    from roxham.maps import border_map, load_base, map_sheet, save_picture

    cli_files.part_rows(own, rejected=rejected, accepted=accepted)
    layers = load_layers(**own, since=since, until=until, as_of=day, allow_named=allow_named)
    if len(layers.rejected) and not skip_bad_rows:
        raise DataError(faults_of(layers.rejected))
    require_shown(layers, since, until)
    if mask is not None:
        layers = cli_check.masked_layers(layers, mask)
    given = roads != "bundled"
    network = cli_roads.open_walled(roads, own["ports"], by) if given else None
    base = load_base(network, inputs=inputs_of(roads=roads) if given else ())
    drawn = None
    if output is not None:
        travel = travel_of(asked, network or load_roads(), layers.ports)
        drawn = border_map(layers, title=title, base=base, embed=embed, **travel._asdict())
    notes = cli_roads.vouched_note(network)
    overrides = cli_check.write_checked(
        drawn, layers, output, allowed=allowed, ground=base.frames(), notes=notes, as_of=day
    )
    if pictures:
        if routes or reach or access:
            out.print(
                "The pictures show the map without routes, reach and access; the page has them."
            )
        told = [cli_check.override_note(one, lang) for one in overrides]
        sheet = map_sheet(layers, base, title=title, language=lang, view=view, notes=told)
        for file in pictures:
            save_picture(sheet, file)
    print_drawn(layers)
    for file in filter(None, (output, *pictures)):
        out.print(f"{file}  {file.stat().st_size / 1e6:.2f} MB", soft_wrap=True)


@app.command("counts")
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

    from roxham.geo.io.write import write_frame
    from roxham.layers import count_table, load_interceptions

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


@app.command("data")
def data_command() -> None:
    """List what ships: each resource with its rows, source, licence and date."""
    from roxham.layers import catalogue

    columns = ["resource", "rows", "source", "licence", "retrieved"]
    table = catalogue()[columns]
    if out.is_terminal:
        print_table(table)
    else:
        print_csv(table)


def asked_pictures(**files: Path | None) -> list[Path]:
    """Return the pictures to write; raise if one is named as another kind."""
    faults = [
        Fault(f"--{kind}", f"{path} is not a .{kind} file.", f"Give a name ending in .{kind}.")
        for kind, path in files.items()
        if path is not None and path.suffix.lower() != f".{kind}"
    ]
    if faults:
        raise DataError(faults)
    return [path for path in files.values() if path is not None]


def check_period(since: str, until: str) -> None:
    """Raise if the months are not months, or in the wrong order."""
    faults = [
        Fault(option, f"“{shown(text)}” is not a month.", "Write YYYY-MM, as in 2022-06.")
        for option, text in (("--since", since), ("--until", until))
        if not MONTH.fullmatch(text)
    ]
    if not faults and since > until:
        ways = "Swap them, or give both: by default they are 2017-01 and 2024-12."
        faults = [Fault("--since", f"{since} is after --until {until}.", ways)]
    if faults:
        raise DataError(faults)


def require_shown(layers: Layers, since: str, until: str) -> None:
    """Raise if nothing that has a date lies in the months: the page would be empty."""
    from roxham.layers.facts.datasets import DATASETS

    if any(len(rows) for name, rows in layers.tables.items() if DATASETS[name].when):
        return
    from roxham.geo.tables.edtf import NEVER, date_span

    dated = layers.set_aside.loc[layers.set_aside["date"].ne(""), "date"]
    days = {day for date in dated for day in date_span(date)} - set(NEVER)
    found = f"nothing is known from {since} to {until}"
    if days:
        found += f"; the tables go from {min(days):%Y-%m} to {max(days):%Y-%m}"
    raise DataError(Fault("--since, --until", f"{found}.", "Choose months among these."))


def print_drawn(layers: Layers) -> None:
    """Say what was drawn and what was set aside, and why."""
    table = fitting("layer", "rows", "set aside")
    aside = layers.set_aside
    for name, rows in layers.tables.items():
        reasons = aside.loc[aside["layer"] == name, "reason"].value_counts().sort_index()
        said = "; ".join(f"{count} {reason}" for reason, count in reasons.items())
        table.add_row(name, str(len(rows)), said)
    out.print(table)
    tell_empty(layers)
    tell_outside(layers)
    if len(layers.rejected):
        err.print(f"{len(layers.rejected)} faults; their rows were set aside:")
        for fault in faults_of(layers.rejected.head(MAX_FAULTS_SHOWN)):
            err.print(str(fault))
        if len(layers.rejected) > MAX_FAULTS_SHOWN:
            err.print(f"… and {len(layers.rejected) - MAX_FAULTS_SHOWN} faults more.")


def tell_empty(layers: Layers) -> None:
    """Say which files of one's own have a header and no rows: nothing of them is drawn."""
    aside = layers.set_aside[~layers.set_aside["reason"].str.startswith("personal")]
    told = {*aside["layer"], *layers.rejected["layer"]}
    for file in layers.inputs:
        if not len(layers[file.layer]) and file.layer not in told:
            err.print(f"{file.name} has no rows: the layer {file.layer} is empty.")


def tell_outside(layers: Layers) -> None:
    """Say how many places lie where the page's map does not reach."""
    from roxham.geo import ROXHAM

    west, south, east, north = ROXHAM.bounds
    for name in ("incidents", "ports"):
        rows = layers[name]
        outside = len(rows) - len(rows.cx[west:east, south:north])
        if outside:
            err.print(
                f"{outside} of {len(rows)} {name} lie outside the region of the map "
                f"({west:g} to {east:g} degrees east, {south:g} to {north:g} north): "
                "they stand in the tables, and the map has no ground there."
            )


if __name__ == "__main__":
    main()

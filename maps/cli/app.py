"""The command line: ``roxham`` and its commands, each imported when it is called."""

from __future__ import annotations

import codecs
import errno
import gc
import io
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup

import roxham
from roxham.geo.bounds import DEFAULTS, set_bound
from roxham.geo.errors import Fault, RoxhamError, WriteError
from roxham.geo.quoting import hide_words

from .shared.console import err, hear_ourselves, report
from .shared.interrupts import STOPPED, ignore, pressed, unwind

__all__ = ["app", "main"]

SPELLED = {"--embed=full": "--embed-full"}
"""An option that has a value or none, as the parser of the command line can read it."""
LOST = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What the system says of output that goes nowhere."""
USAGE = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What every error in the words of a command line is; Typer gives it no public name."""


class Command(NamedTuple):
    """The module that has a command, and the first line of what the command says of itself."""

    module: str
    help: str


COMMANDS = {
    "fetch": Command(
        "roads",
        "Download roads from OpenStreetMap and save them. Goes on where a break left off.",
    ),
    "roads": Command("roads", "Read a road network and say what is in it."),
    "crossings": Command("roads", "Find where roads cross a border."),
    "reach": Command(
        "access",
        "Write or print what is reached by road in so many minutes, as areas along the roads.",
    ),
    "access": Command(
        "access",
        "Write or print the nearest gate of each place on two days, what changed, and hospitals.",
    ),
    "context": Command(
        "access",
        "Write or print how far each incident's area is from roads, ports, towns and hospitals.",
    ),
    "claims": Command(
        "tables",
        "Hold statements against the tables: verdict, figure found, rows used, sources.",
    ),
    "routes": Command(
        "routes", "Write or print routes through the gates that were open on a date."
    ),
    "table": Command(
        "routes",
        "Write or print every origin, gate and destination, with the part on each side.",
    ),
    "check": Command(
        "check",
        "Hold a page or a folder of data, or else a whole region, to the twenty rules; or a table.",
    ),
    "template": Command(
        "adapt",
        "Write or print a file to fill in: the columns, and one row that is made up.",
    ),
    "adapt": Command(
        "adapt",
        "Propose which column of a file is which, show it, and write it down to be used again.",
    ),
    "export": Command(
        "export",
        "Write everything on the map as a data package, with licences and sources.",
    ),
    "map": Command(
        "map",
        "Draw the border page, one self-contained HTML file, or a picture of it for print.",
    ),
    "counts": Command(
        "tables",
        "Print, write or draw the counts of one measure, each with its low, high and source.",
    ),
    "init": Command(
        "init",
        "Write a folder for a region of your own, commented, with what can be worked out.",
    ),
    "regions": Command("init", "List the regions that ship."),
    "doctor": Command(
        "doctor",
        "Say what is installed, what works offline, what is kept, and which regions there are.",
    ),
    "data": Command(
        "tables",
        "List what ships, or what --region is made of: each with its rows, source, licence, date.",
    ),
}


class Later(TyperCommand):
    """A command that can be listed, and is imported when it is called."""

    def load(self) -> Any:
        """Return the command itself: the function ``NAME_command`` of its module."""
        assert self.name is not None
        module = import_module(f".{COMMANDS[self.name].module}", __package__)
        alone = typer.Typer(add_completion=False)
        command = getattr(module, f"{self.name}_command")
        in_region = import_module(".shared.region", __package__).in_region
        alone.command(self.name)(in_region(self.name, command))
        return typer.main.get_command(alone)

    def make_context(self, info_name: Any, args: list[str], *words: Any, **options: Any) -> Any:
        """Return the context of the command itself, in which it runs."""
        command = self.load()
        if not gc.isenabled():  # off since the start of the process
            gc.freeze()  # what was imported stays: no collection looks at it again
            gc.enable()
        unwind()
        args = [SPELLED.get(word, word) for word in args]
        err.has_rejected = any(one.name == "rejected" for one in command.params)
        return command.make_context(info_name, args, *words, **options)


class Commands(TyperGroup):
    """All commands, by name and first line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, command in COMMANDS.items():
            self.add_command(Later(name, help=command.help))


app = typer.Typer(
    cls=Commands,
    help="Map and analyse border crossings, first of all around Roxham Road.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; every fault is one line, and no traceback reaches the reader."""
    speak_utf8()
    hide_words(sys.argv[1:])
    try:
        left = app(standalone_mode=False)
    except Exception as error:  # within an import, some make another error of Ctrl-C
        left = STOPPED if pressed() else told(error)
    if left == STOPPED or pressed():
        ignore()  # pressed again, it would be told twice
        err.print("Stopped. No file is left half written.")
        left = STOPPED
    sys.exit(left)


def told(error: Exception) -> int:
    """Say what went wrong, and return how to leave."""
    if isinstance(error, USAGE):
        refuse(error)
        return error.exit_code
    if isinstance(error, RoxhamError):
        report(error)
        return 1 if isinstance(error, WriteError) else 2
    if isinstance(error, BrokenPipeError):
        drop_output()  # the reader of our output has gone, as in `roxham data | head`
        return 1
    if isinstance(error, OSError):
        said = f"Stopped: {error}. No file is left half written."
        if error.filename is None and error.errno in LOST:  # what has a name names it
            why = f"cannot be written: {error.strerror or error}."
            said = str(Fault("standard output", why, "Make room there, or send it elsewhere."))
            drop_output()
        err.print(said)
        return 1
    if os.environ.get("ROXHAM_DEBUG"):
        err.print(traceback.format_exc())
    err.print(
        f"A fault of roxham's own: {type(error).__name__}: {error}. "
        "No file is left half written. "
        "Please report it; ROXHAM_DEBUG=1 shows where it arose."
    )
    return 1


def refuse(error: typer.BadParameter) -> None:
    """Say what of the command line cannot be understood, and where its help is."""
    told = error.format_message().replace(": Value error, ", ": ").strip()  # as Pydantic begins
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
    verbose: Annotated[
        int,
        typer.Option(
            "-v", "--verbose", count=True, help="Say what is read, fetched, kept; -vv more."
        ),
    ] = 0,
    bounds: Annotated[
        list[str] | None,
        typer.Option(
            "--bound",
            metavar="NAME=NUMBER",
            help=f"Most that one file may ask: {', '.join(DEFAULTS)}.",
        ),
    ] = None,
) -> None:
    """Hold the options before the command."""
    hear_ourselves(verbose)
    for name, _, value in (word.partition("=") for word in bounds or ()):
        set_bound(name, value)

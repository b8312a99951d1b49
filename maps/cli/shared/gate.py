"""The rules before something is written: which may fail, by whose word, and what is said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from roxham.geo.tables.edtf import read_day
from roxham.layers.publication.check import check_data
from roxham.layers.publication.gate import RuleError, answered, overrides_of

from .console import coloured, err

if TYPE_CHECKING:
    import pandas as pd

    from roxham.layers.publication.gate import Override

__all__ = [
    "Allow",
    "AllowedBy",
    "counted_from",
    "hold_to_rules",
    "read_allowed",
    "tell_overrides",
    "telling_rules",
]

Allow = Annotated[
    list[str] | None, typer.Option(help='A rule that may fail, and why: RULE="reason".')
]
AllowedBy = Annotated[
    str | None, typer.Option("--by", help="Who allows it: a person or an office.")
]


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

"""What is to be asked about a table of theirs, which neither names nor values tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from roxham.geo.errors import shown
from roxham.geo.sheets.reading import JOINED, Reading
from roxham.geo.tables.contract import Contract
from roxham.geo.tables.conventions import Wanted, plain_cells
from roxham.geo.written.headers import plain_header
from roxham.geo.written.written_dates import month_number, read_dates

from .model import Period, Wide
from .periods import are_fiscal, grouped_period, is_fiscal, month_in, period_in

__all__ = ["as_wide", "no_year", "questions_of"]

SCALES = ("scalar_factor", "unit_mult", "unit_multiplier", "multiplier", "scale")
ONES = ("", "0", "1", "unit", "units", "unite", "unites")
THOUSANDS = re.compile(
    r".*\b(thousands?|milliers|tausend|tsd|miles|migliaia|millions?|millones|mio)\b.*|.*['’‘]000\b.*",
    re.IGNORECASE,
)


def as_wide(names: Sequence[str]) -> Wide:
    """Return what a mapping says of columns of months, of years, or of months under a group."""
    if all(month_in(name) is not None for name in names):
        return Wide(months=True)
    periods = {name: period_in(name) for name in names}
    said = {name: period for name, period in periods.items() if period is not None}
    return Wide(columns=said) if len(said) == len(names) else Wide(months=True, group="place")


def no_year(wide: Sequence[str]) -> bool:
    """Whether some columns are called after months of no year."""
    periods = [month_in(name) or (grouped_period(name) or ("",))[0] for name in wide]
    return any(len(period) == 2 for period in periods)


def _month_below(name: str) -> bool:
    """Whether a name in several rows ends in a month."""
    _, parted, own = name.rpartition(JOINED)
    return bool(parted) and month_number(own) is not None


def questions_of(
    sample: pd.DataFrame,
    contract: Contract,
    columns: dict[str, str],
    wide: Sequence[str],
    period: Period | None,
    reading: Reading,
) -> list[str]:
    """Return what cannot be told from names and values."""
    asked: dict[str, None] = {}
    known = {column.name: column for column in contract.columns}
    ours = {theirs: known[name] for name, theirs in columns.items() if name in known}
    cells = sample[list(ours)].rename(columns={theirs: c.name for theirs, c in ours.items()})
    wanted = [Wanted(c.name, c.kind, c.nulls) for c in ours.values()]
    for name, read in plain_cells(cells, wanted, reading).items():
        asked |= {f"{columns[name]}: {problem}": None for problem in [*read.problems.values()][:1]}
    if wide and no_year(wide) and not (period and period.year):
        asked["the months have no year: say --year, or write year_is into [period]"] = None
    if fiscal := [name for name in wide if is_fiscal(name)]:
        told = f"{shown(fiscal[0])}: in which month does it begin?"
        asked[f"{told} Write fiscal_starts into [period]"] = None
    if wide and as_wide(wide).group is not None:
        above = dict.fromkeys(found[1] for name in wide if (found := grouped_period(name)))
        asked[
            f"{', '.join(map(shown, [*above][:4]))}: read as places; write another column of ours "
            "as group into [wide] where they are none"
        ] = None
    for name in map(str, sample):
        texts = sample[name].str.strip() if plain_header(name) in SCALES else pd.Series([name])
        scale = [t for t in texts.unique() if t.casefold() not in ONES and THOUSANDS.fullmatch(t)]
        if scale:
            asked[f"{shown(scale[0])}: are counts in thousands? Write scale = 1000"] = None
    grouped = [name for name in sample if _month_below(str(name)) and not month_in(str(name))]
    if grouped and not wide:
        asked[
            f"{shown(grouped[0])}: of which year is it? Write each column into [wide.columns], as "
            f'in "{shown(grouped[0])}" = "2021-04"'
        ] = None
    short = [name for name in map(str, sample) if "two digits" in _problem(name)]
    if len(short) > 1 and not wide:
        asked[
            f'{shown(short[0])}: {_problem(short[0])}: as in "{shown(short[0])}" = "2021-04" in '
            "[wide.columns], each"
        ] = None
    halves = ("source_title", "source_publisher")
    told, lacking = sorted(halves, key=lambda half: half not in columns)
    if told in columns and lacking in known and lacking not in columns:
        asked[
            f"{shown(columns[told])}: is {told}, and [source] gives no row that has one its other "
            f"half. Write {lacking} into [columns], too, or leave {told} out"
        ] = None
    year = period.year if period is not None else None
    if isinstance(year, str) and (is_fiscal(year) or are_fiscal(sample[year])):
        asked[f"{year}: in which month does it begin? Write fiscal_starts into [period]"] = None
    return list(asked)


def _problem(name: str) -> str:
    """Return what is wrong with a name as a date."""
    return read_dates([name]).problems.get(name, "")

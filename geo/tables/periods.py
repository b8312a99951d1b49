"""A period that stands in several columns: a year, and beside it a month or another part."""

from __future__ import annotations

import pandas as pd

__all__ = ["join_parts"]

PARTS = {
    4: (12, "month", {"month", "month_no", "month_number", "mois", "mes"}),
    7: (31, "day", {"day", "day_of_month", "jour", "dia", "día"}),
}
"""By the length of what is known of a date: the most that the next part can be, what it is,
and what its column is called."""
OTHERS = {
    *("quarter", "trimestre", "trimester", "week", "semaine", "semana"),
    *("half", "half_year", "semester", "semestre", "season", "saison", "fiscal_month"),
    *("fiscal_quarter", "fiscal_period"),
}
"""Columns that say, beside a year, a part of it that is no month."""

Told = list[tuple[int, str, str]]


def join_parts(raw: pd.DataFrame, period: str, *, spelt: str) -> tuple[pd.DataFrame, Told]:
    """Read a year together with the columns beside it that say which part of it is meant.

    Parameters
    ----------
    raw
        Cells of text, one row for each position. Where ``period`` is no bare year, it stands.
    period
        The column that says when.
    spelt
        What the file calls it, for messages.

    Returns
    -------
    tuple
        The table, ``2021`` beside a month ``3`` made into ``2021-03`` (and beside a day ``9``
        into ``2021-03-09``), and what cannot be read so: position, column, problem.

    Examples
    --------
    >>> raw = pd.DataFrame({"year": ["2021", "2021", "2021"], "Month": ["3", "", "spring"]})
    >>> joined, told = join_parts(raw, "year", spelt="year")
    >>> joined["year"].tolist()
    ['2021-03', '2021', '2021']
    >>> told
    [(2, 'Month', 'stands beside year and is no month from 1 to 12; leave it empty for a whole \
year')]
    """
    names = {str(name).strip().casefold().replace(" ", "_"): str(name) for name in raw.columns}
    known = {words for *_, of in PARTS.values() for words in of} | OTHERS
    if not known & (names.keys() - {period}):
        return raw, []
    cells = _text(raw, period)
    bare = cells.str.fullmatch("[0-9]{4}")
    told: Told = []
    for length, (most, unit, words) in PARTS.items():
        for name in (names[word] for word in sorted(words & names.keys())):
            part = _text(raw, name)
            number = pd.to_numeric(part.where(part.str.fullmatch(r"[0-9]{1,2}(\.0)?")))
            sound = number.between(1, most)
            here = bare & cells.str.len().eq(length)
            problem = f"stands beside {spelt} and is no {unit} from 1 to {most}"
            told += _each(
                here & part.ne("") & ~sound, name, f"{problem}; leave it empty for a whole year"
            )
            two = number.astype("Int64").astype("string").str.zfill(2)
            cells = cells.mask(here & sound, cells + "-" + two)
    for name in (names[word] for word in sorted(OTHERS & names.keys())):
        problem = (
            f"stands beside {spelt} and says a part of it; write both in one column, in months"
        )
        told += _each(bare & cells.str.len().eq(4) & _text(raw, name).ne(""), name, problem)
    return raw.assign(**{period: cells}), told


def _text(raw: pd.DataFrame, name: str) -> pd.Series:
    return raw[name].fillna("").astype(str).str.strip()


def _each(bad: pd.Series, name: str, problem: str) -> Told:
    return [(int(i), name, problem) for i in bad.index[bad.astype(bool)]]

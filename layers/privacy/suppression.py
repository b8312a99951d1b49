"""Withhold small counts so that no total, no earlier release and no other table gives them back.

Primary suppression withholds every count below the threshold. Complementary suppression
withholds further cells until the totals that are published no longer pin a withheld one
down. What a reader can work out is found as an attacker would find it (:mod:`.worked_out`): the
least and the greatest value that fit what is public.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked, require_columns

from .worked_out import Key, Reader, Sum

__all__ = ["suppress_small", "suppressed"]

EXACT = 2**53
"""From here on a float has no exact whole numbers."""


@checked()
def suppress_small(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    total: Mapping[str, Hashable] | None = None,
    value: str = "count",
    threshold: int = 5,
    previous: pd.DataFrame | None = None,
    public: Iterable[pd.DataFrame] = (),
) -> pd.DataFrame:
    """Return a table of counts whose small cells cannot be worked out.

    Parameters
    ----------
    table
        One row for each cell, totals among them; ``value`` holds whole numbers of 0 or
        more, or null where the source itself withholds or lacks one.
    by
        Columns that name a cell, such as ``["province", "year"]``.
    total
        What stands in a column where the row is the total over it: ``{"province": "all"}``.
        The parts of a total that are in the table need not be all there are.
    value
        The column of counts.
    threshold
        Counts below it are withheld, 0 too: a 0 tells that nobody was there.
    previous
        The release before this one, as this function returned it. What it withheld stays
        withheld, and what it published is known to any reader.
    public
        Other tables with the same columns whose counts any reader can have, such as
        another publisher's of the same cells.

    Returns
    -------
    pandas.DataFrame
        The same rows and index: ``value`` null where withheld (Int64), ``suppressed``, and
        ``low, high`` (Int64): the value itself where it is published; else what a reader
        can work out and no more, ``high`` null where there is no bound.

    Raises
    ------
    DataError
        If the table is not one of counts, its parts add up to more than their total, a
        small cell is already public in ``previous`` or ``public``, or no cell is left to
        withhold for the protection of another.

    Examples
    --------
    >>> counts = pd.DataFrame({"province": ["CA", "CA-QC", "CA-ON", "CA-MB"],
    ...                        "count": [139, 100, 36, 3]})
    >>> safe = suppress_small(counts, by=["province"], total={"province": "CA"})
    >>> safe["count"].tolist(), safe["low"].tolist(), safe["high"].tolist()
    ([139, 100, <NA>, <NA>], [139, 100, 0, 0], [139, 100, 39, 39])
    """
    return suppressed(
        table, by=tuple(by), total=total, value=value, threshold=threshold, previous=previous,
        public=public, revised=False,
    )  # fmt: skip


def suppressed(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    total: Mapping[str, Hashable] | None,
    value: str,
    threshold: int,
    previous: pd.DataFrame | None = None,
    public: Iterable[pd.DataFrame] = (),
    revised: bool = True,
) -> pd.DataFrame:
    """Return what :func:`suppress_small` does, of figures that publishers revise, too.

    Where ``revised``, a total that is less than its parts, as one that is older than they are, is
    no fault: nothing is worked out by it. It is withheld where that would seem to tell a part.
    """
    counts = _counts(table, by, value, threshold)
    known: dict[Key, int] = {}
    for other in (*public, *([] if previous is None else [previous])):
        require_columns(other, "public or previous", (*by, value))
        known |= _known(other, by, value)
    before = _withheld(previous, by, value)
    small = {key for key, count in counts.items() if count is not None and count < threshold}
    faults = [
        Fault("table", f"is below {threshold} and already public. {_name(by, key)}", LEAVE)
        for key in sorted(small & set(known), key=str)
    ]
    if faults:
        raise DataError(faults)
    hidden = {key for key in before if counts.get(key) is not None}
    sums, broken = _sums(counts, by, dict(total or {}))
    if broken and not revised:
        raise DataError([_too_much(one, counts, by) for one in broken])
    # A count that has been revised since is not known any more.
    known = {k: n for k, n in known.items() if k in counts and counts[k] in (None, n)}
    reader = Reader(counts, hidden, sums, known, complete=True)
    for level in (*range(2, min(int(threshold), LEVELS)), int(threshold)):
        # A higher threshold withholds what each lower one does: two tables tell no more than one.
        more = {key for key, n in counts.items() if n is not None and n < level} - hidden
        while True:
            _hide(more, hidden, reader)
            _protect(reader, hidden, by, level)
            more = {one.total for one in broken if _seems_to_tell(one, counts, hidden)} - hidden
            if not more:
                break
    told = Reader(counts, hidden, sums, known, complete=False)
    ranges = {key: told.range_of(key) for key in told.unknown}
    return _with_withheld(table, value, counts, hidden, ranges, known)


LEVELS = 100
"""Up to this threshold, what one withholds is withheld by every higher one."""


def _hide(more: Iterable[Key], hidden: set[Key], reader: Reader) -> None:
    for key in more:
        hidden.add(key)
        reader.hide(key)


def _seems_to_tell(one: Sum, counts: Mapping[Key, int | None], hidden: set[Key]) -> bool:
    """Whether a total that does not fit its parts leaves something for those withheld."""
    open_ = sum(counts[key] or 0 for key in one.parts if key not in hidden)
    return not hidden.isdisjoint(one.parts) and open_ <= (counts[one.total] or 0)


def _with_withheld(
    table: pd.DataFrame,
    value: str,
    counts: Mapping[Key, int | None],
    hidden: set[Key],
    ranges: Mapping[Key, tuple[int, int | None]],
    known: Mapping[Key, int],
) -> pd.DataFrame:
    """Return the table with what is withheld, and from where to where a reader can say it is."""
    out = table.copy()
    out[value] = pd.array([pd.NA if k in hidden else n for k, n in counts.items()], "Int64")
    out["suppressed"] = [key in hidden for key in counts]
    ends = [ranges.get(key) or (n := known.get(key, counts[key]), n) for key in counts]
    out["low"] = pd.array([low for low, _ in ends], "Int64")
    out["high"] = pd.array([pd.NA if high is None else high for _, high in ends], "Int64")
    return out


LEAVE = "Publish a coarser table: a longer period, a larger area."


def _name(by: Sequence[str], key: Key) -> str:
    return ", ".join(f"{column} {part}" for column, part in zip(by, key, strict=True)) + "."


def _counts(
    table: pd.DataFrame, by: Sequence[str], value: str, threshold: int
) -> dict[Key, int | None]:
    """Return the count of every cell, None where there is none."""
    if isinstance(by, str) or not by:
        found = f"{by!r} is no list of columns."
        raise DataError(Fault("by", found, "Name at least one, as in ['place']."))
    missing = [column for column in (*by, value) if column not in table]
    if missing:
        raise DataError([Fault("table", "has no such column.", column=c) for c in missing])
    if threshold < 2 or not float(threshold).is_integer():
        raise DataError(f"threshold: {threshold} protects nobody. Give a whole number, 5 or more.")
    numbers = pd.to_numeric(table[value], errors="coerce").astype("Float64")
    bad = (table[value].notna() & numbers.isna()) | numbers.lt(0) | numbers.mod(1).ne(0)
    bad |= numbers.ge(EXACT)  # an infinity, or a number that has lost its last digits
    keys = list(table[list(by)].itertuples(index=False, name=None))
    faults = [
        Fault("table", "is not a whole number of 0 or more.", row=int(i) + 1, column=value)
        for i in np.flatnonzero(bad.fillna(False).to_numpy(dtype=bool))
    ]
    twice = table.duplicated(list(by), keep=False).to_numpy()
    faults += [
        Fault("table", f"is in more than one row. {_name(by, keys[i])}", row=int(i) + 1)
        for i in np.flatnonzero(twice)
    ]
    if faults:
        raise DataError(faults)
    return {
        tuple(key): None if pd.isna(number) else int(number)
        for key, number in zip(keys, numbers, strict=True)
    }


def _known(table: pd.DataFrame, by: Sequence[str], value: str) -> dict[Key, int]:
    """Return the cells that a table publishes."""
    rows = table[table[value].notna()]
    keys = rows[list(by)].itertuples(index=False, name=None)
    return {tuple(key): int(count) for key, count in zip(keys, rows[value], strict=True)}


def _withheld(table: pd.DataFrame | None, by: Sequence[str], value: str) -> set[Key]:
    """Return the cells that an earlier release withheld."""
    if table is None:
        return set()
    gone = table["suppressed"] if "suppressed" in table else table[value].isna()
    return set(table.loc[gone.astype(bool), list(by)].itertuples(index=False, name=None))


def _sums(
    counts: Mapping[Key, int | None], by: Sequence[str], total: Mapping[str, Hashable]
) -> tuple[list[Sum], list[Sum]]:
    """Return every sum of the table, over one column at a time, and those that do not add up."""
    strange = sorted(set(total) - set(by))
    if strange:
        raise DataError(f"total: {', '.join(strange)} is none of {', '.join(by)}.")
    sums, broken = list[Sum](), list[Sum]()
    for position, column in enumerate(by):
        if column not in total:
            continue
        parts: dict[Key, list[Key]] = {}
        for key in counts:
            if key[position] != total[column]:
                whole = (*key[:position], total[column], *key[position + 1 :])
                parts.setdefault(whole, []).append(key)
        for whole, keys in parts.items():
            if whole not in counts:
                continue
            known = [counts[key] for key in keys if counts[key] is not None]
            added, all_known = sum(n for n in known if n is not None), len(known) == len(keys)
            given = counts[whole]
            told = all_known and given is not None
            one = Sum(whole, tuple(keys), told and given == added, not told)
            (broken if given is not None and added > given else sums).append(one)
    return sums, broken


def _too_much(one: Sum, counts: Mapping[Key, int | None], by: Sequence[str]) -> Fault:
    added = sum(counts[key] or 0 for key in one.parts)
    problem = f"its parts add up to {added}, more than {counts[one.total]}. {_name(by, one.total)}"
    return Fault("table", problem, "Mend the table first.")


def _protect(reader: Reader, hidden: set[Key], by: Sequence[str], threshold: int) -> None:
    """Add cells to ``hidden`` until none can be pinned down.

    To withhold one more cell only widens what can be worked out about the others, so each
    needs to be looked at once.
    """
    waiting = sorted(hidden - set(reader.known), key=str)
    while waiting:
        key = waiting.pop()
        while reader.pins(key, threshold - 1):
            partner = _partner(key, reader, hidden, by)
            _hide([partner], hidden, reader)
            waiting.append(partner)


def _partner(
    exposed: Key,
    reader: Reader,
    hidden: set[Key],
    by: Sequence[str],
) -> Key:
    """Return the cell to withhold next, in the sums that tie the exposed one down.

    A part before a total; in a sum with but one withheld cell, which gives it away, before
    others; the smallest that is not 0.
    """
    counts, known = reader.counts, reader.known
    totals = {one.total for one in reader.sums}
    lines = _tied(exposed, hidden, reader.sums)
    free = {
        key: (key in totals, withheld != 1, exposed not in cells, counts[key] == 0, counts[key])
        for cells in lines
        for withheld in [sum(key in hidden for key in cells)]
        for key in sorted(cells, key=str)
        if counts[key] is not None and key not in hidden and key not in known
    }
    if free:
        return min(free, key=lambda key: free[key])
    raise DataError(
        Fault(
            "table",
            f"cannot be protected: nothing is left to withhold. {_name(by, exposed)}",
            LEAVE,
        )
    )


def _tied(exposed: Key, hidden: set[Key], sums: Sequence[Sum]) -> list[tuple[Key, ...]]:
    """Return the cells of each sum that a withheld cell stands in, or that shares one with it."""
    lines = [(one.total, *one.parts) for one in sums]
    reached, near = {exposed}, [exposed]
    while near:
        key = near.pop()
        new = {other for cells in lines if key in cells for other in cells if other in hidden}
        near += new - reached
        reached |= new
    return [cells for cells in lines if reached & set(cells)]

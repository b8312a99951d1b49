"""Figures that do not add up: areas against totals, months against years, none left out."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import kept_with_region
from roxham.geo.tables.contract import SOURCE, Column, Contract
from roxham.layers.areas import are_complete, parts_of, rest_of, wholes
from roxham.layers.facts.checks import read_layer, unique
from roxham.layers.intervals import Interval, with_bounds

__all__ = ["EXPLANATIONS", "find_mismatches"]

EXPLANATIONS = Contract(
    name="explanations",
    columns=(
        Column("what", meaning="which sum", choices=("provinces", "months")),
        Column("period", "date", "year or month"),
        Column("province", meaning="whose published figure"),
        Column("difference", "integer", "published less sum; another one is not explained by it"),
        Column("explanation", meaning="why they differ"),
        Column("explanation_fr", meaning="the same in French"),
        *SOURCE,
    ),
    checks=(unique("what", "period", "province"),),
)

SUMMED = {"provinces": "areas", "months": "months"}
"""What is summed, in words that fit any region."""
BOUNDS = tuple(
    f"{name}_{end}" for name in ("sum", "published", "difference") for end in ("low", "high")
)
REASON = ("explanation", "explanation_fr", "explanation_url")
TEXTS = ("missing", "status", *REASON, "statement", "source_url")
COLUMNS = ("what", "period", "province", "kind", *BOUNDS, *TEXTS)


class _Part(NamedTuple):
    """What is known of a figure or of a sum, and which of its parts are not known.

    ``more`` is whether there may be parts that the table nowhere holds.
    """

    number: Interval
    missing: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    more: bool = False


Cells: TypeAlias = dict[tuple[str, str], _Part]


@checked(interceptions=("period", "province", "count", "source_url"))
def find_mismatches(interceptions: pd.DataFrame) -> pd.DataFrame:
    """Find every published figure that its parts do not make up.

    A part that is withheld or rounded makes the sum a range; a total within it is no
    mismatch. Where a province has no annual figure but months, these count as what is
    known of it. An area that the table does not hold at all is unknown, not zero: a total
    larger than the areas that are held is no mismatch then, nor where the region does not say of
    the whole that the parts it lists are ``complete``. A part that was itself worked out
    from the total (``computed``) agrees with it by nature, and proves nothing.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``.

    Returns
    -------
    pandas.DataFrame
        One row for each, sorted: ``what`` (provinces: parts of a country against its total;
        months: against the year), ``period``, ``province`` (whose total), ``kind``
        (``contradiction``: both cannot be right; ``unplaced``: the total is larger and
        ``missing`` parts may hold the rest), ``sum_low, sum_high`` (the known parts),
        ``published_low, published_high``, ``difference_low, difference_high`` (published
        less sum; Int64), ``missing`` (codes, separated by spaces), ``status`` (explained or
        unexplained), ``explanation``, ``explanation_fr``, ``explanation_url`` (null where
        unexplained), ``statement`` (one sentence in English), ``source_url`` (separated by
        spaces).

    Raises
    ------
    DataError
        If a column is missing, or a count is no whole number.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> found = find_mismatches(load_interceptions().rows).set_index(["what", "period"])
    >>> print(found.at[("provinces", "2019"), "statement"])
    2019, CA: the known areas add up to 16,498 and 16,503 was published: 5 more. Not \
known in full: CA-AB, CA-NB, CA-ON, CA-SK.
    """
    cells = _cells(interceptions)
    listed = sorted(set(interceptions["province"]))
    reasons = _reasons(active_region())
    found = []
    for (period, province), published in cells.items():
        for what, parts in _sums(cells, listed, period, province):
            difference = published.number - parts.number
            short = difference.certainly(">", 0)
            if 0 in difference:
                continue
            if short and (parts.missing if what == "months" else parts.more and not parts.missing):
                continue  # months that are missing, or areas that nobody gave, are the rest
            kind = "unplaced" if short and parts.missing else "contradiction"
            found.append(
                {
                    "what": what,
                    "period": period,
                    "province": province,
                    "kind": kind,
                    **_bounds("sum", parts.number),
                    **_bounds("published", published.number),
                    **_bounds("difference", difference),
                    "missing": " ".join(parts.missing) or None,
                    **_explained(reasons, what, period, province, difference),
                    "statement": _said(what, period, province, parts, published.number),
                    "source_url": " ".join(dict.fromkeys(published.urls + parts.urls)),
                }
            )
    table = pd.DataFrame(found, columns=list(COLUMNS))
    table = table.astype({c: "Int64" if c in BOUNDS else "string" for c in COLUMNS})
    return table.sort_values(["what", "period", "province"], ignore_index=True)


@kept_with_region
def _reasons(region: Region) -> pd.DataFrame:
    """Return the sourced explanations; not to be changed."""
    return read_layer("explanations", None, EXPLANATIONS).rows


def _cells(interceptions: pd.DataFrame) -> Cells:
    """Return what is known of each period and province."""
    rows = with_bounds(interceptions)
    rows = rows[rows["low"].notna()]
    columns = (rows[c] for c in ("period", "province", "low", "high", "source_url"))
    return {
        (str(period), str(province)): _Part(Interval(low, high), urls=tuple(str(urls).split()))
        for period, province, low, high, urls in zip(*columns, strict=True)
    }


def _sums(cells: Cells, listed: list[str], period: str, province: str) -> list[tuple[str, _Part]]:
    """Return what a published figure should be the sum of."""
    year = len(period) == len("2022")
    parts = _provinces(cells, listed, period, province) if province in wholes() else None
    sums = [("provinces", parts), ("months", _months(cells, period, province) if year else None)]
    return [(what, found) for what, found in sums if found is not None]


def _provinces(cells: Cells, listed: list[str], period: str, whole: str) -> _Part | None:
    """Add up the areas of a period; one and the published rest where these are all."""
    areas = parts_of(whole)
    listed = [province for province in listed if province in areas]
    known = {p: cells[period, p] for p in listed if (period, p) in cells}
    if not known:
        return None
    rest = rest_of(whole)
    if rest is not None and (period, rest[1]) in cells and len(known) < len(areas):
        one = known.get(rest[0])
        return one and _added([one, cells[period, rest[1]]], ())
    missing = []
    for province in (p for p in listed if p not in known):
        months = _months(cells, period, province) if len(period) == len("2022") else None
        if months is not None:
            known[province] = months
        if months is None or months.missing:
            missing.append(province)
    # a region that lists some parts of a whole does not say that there is no other
    more = len(listed) < len(areas) or not are_complete(whole)
    return _added(list(known.values()), tuple(missing))._replace(more=more)


def _months(cells: Cells, year: str, province: str) -> _Part | None:
    """Add up the known months of a year."""
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    known = [cells[month, province] for month in months if (month, province) in cells]
    missing = tuple(month for month in months if (month, province) not in cells)
    return _added(known, missing) if known else None


def _added(parts: list[_Part], missing: tuple[str, ...]) -> _Part:
    urls = dict.fromkeys(url for part in parts for url in part.urls)
    return _Part(sum((part.number for part in parts), Interval(0, 0)), missing, tuple(urls))


def _explained(
    reasons: pd.DataFrame, what: str, period: str, province: str, difference: Interval
) -> dict[str, str | None]:
    """Return the sourced reason for exactly this difference, if there is one."""
    key = {"what": what, "period": period, "province": province}
    here = reasons[(reasons[list(key)] == pd.Series(key)).all(axis=1)]
    for reason in here.to_dict("records"):
        if difference == Interval.exact(int(reason["difference"])):
            texts = (reason["explanation"], reason["explanation_fr"], reason["source_url"])
            return {"status": "explained", **dict(zip(REASON, texts, strict=True))}
    return {"status": "unexplained", **dict.fromkeys(REASON)}


def _bounds(name: str, interval: Interval) -> dict[str, Any]:
    return {f"{name}_low": interval.low, f"{name}_high": interval.high}


def _said(what: str, period: str, province: str, parts: _Part, published: Interval) -> str:
    """Say a mismatch in one sentence."""
    difference = published - parts.number
    more = "more" if difference.certainly(">", 0) else "fewer"
    apart = difference if more == "more" else -difference
    all_ = "known " if parts.missing else ""
    said = f"{period}, {province}: the {all_}{SUMMED[what]} add up to {parts.number} and "
    said += f"{published} was published: {apart} {more}."
    return f"{said} Not known in full: {', '.join(parts.missing)}." if parts.missing else said

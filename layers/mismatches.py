"""Figures that do not add up: provinces against totals, months against years, none left out."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from roxham.geo.tables import SOURCE, Column, Contract

from .checks import read_layer, unique
from .interceptions import PROVINCES
from .intervals import Interval, interval_at, total, with_bounds

__all__ = ["EXPLANATIONS", "find_mismatches"]

EXPLANATIONS = Contract(
    name="explanations",
    columns=(
        Column("what", meaning="which sum", choices=("provinces", "months")),
        Column("period", "date", "year or month"),
        Column("province", meaning="whose published figure", choices=PROVINCES),
        Column("difference", "integer", "published less sum; another one is not explained by it"),
        Column("explanation", meaning="why they differ"),
        Column("explanation_fr", meaning="the same in French"),
        *SOURCE,
    ),
    checks=(unique("what", "period", "province"),),
)

BOUNDS = tuple(
    f"{name}_{end}" for name in ("sum", "published", "difference") for end in ("low", "high")
)
REASON = ("explanation", "explanation_fr", "explanation_url")
TEXTS = ("missing", "status", *REASON, "statement", "source_url")
COLUMNS = ("what", "period", "province", "kind", *BOUNDS, *TEXTS)
WHOLES = ("CA", "CA-XX")


class _Sum(NamedTuple):
    """A sum of known parts, and the parts that are not known."""

    known: Interval
    missing: tuple[str, ...]
    urls: tuple[str, ...]


def find_mismatches(interceptions: pd.DataFrame) -> pd.DataFrame:
    """Find every published figure that its parts do not make up.

    A part that is withheld or rounded makes the sum a range; a total within it is no
    mismatch. Where a province has no annual figure but months, these count as what is
    known of it. A part that was itself worked out from the total (``computed``) agrees with
    it by nature, and proves nothing.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``.

    Returns
    -------
    pandas.DataFrame
        One row for each, sorted: ``what`` (provinces: parts of Canada against its total;
        months: against the year), ``period``, ``province`` (whose total), ``kind``
        (``contradiction``: both cannot be right; ``unplaced``: the total is larger and
        ``missing`` parts may hold the rest), ``sum_low, sum_high`` (the known parts),
        ``published_low, published_high``, ``difference_low, difference_high`` (published
        less sum; Int64), ``missing`` (codes, separated by spaces), ``status`` (explained or
        unexplained), ``explanation``, ``explanation_fr``, ``explanation_url`` (null where
        unexplained), ``statement`` (one sentence in English), ``source_url`` (separated by
        spaces).

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> found = find_mismatches(load_interceptions().rows).set_index(["what", "period"])
    >>> print(found.at[("provinces", "2019"), "statement"])
    2019, CA: the known provinces add up to 16,498 and 16,503 was published: 5 more. Not \
known in full: CA-AB, CA-NB, CA-ON, CA-SK.
    """
    rows = with_bounds(interceptions)
    reasons = _reasons()
    found = []
    for i in rows.index[rows["low"].notna()]:
        published = interval_at(rows, i)
        period, province = str(rows.at[i, "period"]), str(rows.at[i, "province"])
        if published is None:
            continue
        for what, parts in _sums(rows, period, province):
            difference = published - parts.known
            short = difference.certainly(">", 0)
            if 0 in difference or (short and what == "months" and parts.missing):
                continue  # no mismatch; or the months that are missing are the rest
            kind = "unplaced" if short and parts.missing else "contradiction"
            found.append(
                {
                    "what": what,
                    "period": period,
                    "province": province,
                    "kind": kind,
                    **_bounds("sum", parts.known),
                    **_bounds("published", published),
                    **_bounds("difference", difference),
                    "missing": " ".join(parts.missing) or None,
                    **_explained(reasons, what, period, province, difference),
                    "statement": _said(what, period, province, parts, published),
                    "source_url": " ".join(
                        dict.fromkeys((str(rows.at[i, "source_url"]), *parts.urls))
                    ),
                }
            )
    table = pd.DataFrame(found, columns=list(COLUMNS))
    table = table.astype({c: "Int64" if c in BOUNDS else "string" for c in COLUMNS})
    return table.sort_values(["what", "period", "province"], ignore_index=True)


@cache
def _reasons() -> pd.DataFrame:
    """Return the sourced explanations; not to be changed."""
    return read_layer("explanations.csv", None, EXPLANATIONS).rows


def _sums(rows: pd.DataFrame, period: str, province: str) -> list[tuple[str, _Sum]]:
    """Return what a published figure should be the sum of."""
    sums: list[tuple[str, _Sum | None]] = []
    if province in WHOLES:
        sums.append(("provinces", _provinces(rows, period, province)))
    if len(period) == len("2022"):
        sums.append(("months", _months(rows, period, province)))
    return [(what, parts) for what, parts in sums if parts is not None]


def _provinces(rows: pd.DataFrame, period: str, whole: str) -> _Sum | None:
    """Add up the provinces of a period; Quebec and the published rest where these are all."""
    listed = sorted(
        set(rows["province"]) - set(WHOLES) - ({"CA-QC"} if whole == "CA-XX" else set())
    )
    here = rows[(rows["period"] == period) & rows["low"].notna()].set_index("province")
    known = [p for p in listed if p in here.index]
    if whole == "CA" and "CA-XX" in here.index and len(known) < len(listed):
        if "CA-QC" not in known:
            return None
        pair = here.loc[["CA-QC", "CA-XX"]]
        return _added(pair, ())
    parts, missing = [here.loc[known]], []
    for province in listed:
        if province in known:
            continue
        months = _months(rows, period, province) if len(period) == len("2022") else None
        if months is None:
            missing.append(province)
            continue
        if months.missing:
            missing.append(province)
        low, high = months.known.low, months.known.high
        parts.append(
            pd.DataFrame({"low": [low], "high": [high], "source_url": [" ".join(months.urls)]})
        )
    return _added(pd.concat(parts), tuple(missing)) if known else None


def _months(rows: pd.DataFrame, year: str, province: str) -> _Sum | None:
    """Add up the known months of a year."""
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    here = rows[(rows["province"] == province) & rows["period"].isin(months)]
    here = here[here["low"].notna()]
    return _added(here, tuple(sorted(set(months) - set(here["period"]))))


def _added(rows: pd.DataFrame, missing: tuple[str, ...]) -> _Sum | None:
    known = total(rows)
    urls = dict.fromkeys(url for text in rows["source_url"] for url in str(text).split())
    return None if known is None else _Sum(known, missing, tuple(urls))


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


def _said(what: str, period: str, province: str, parts: _Sum, published: Interval) -> str:
    """Say a mismatch in one sentence."""
    difference = published - parts.known
    more = "more" if difference.certainly(">", 0) else "fewer"
    apart = difference if more == "more" else -difference
    all_ = "known " if parts.missing else ""
    said = f"{period}, {province}: the {all_}{what} add up to {parts.known} and {published} was "
    said += f"published: {apart} {more}."
    return f"{said} Not known in full: {', '.join(parts.missing)}." if parts.missing else said

"""What the numbers say: figures worked out from the tables, beside what was printed.

The article that set this project off gave Quebec the count of all Canada. Nothing
here knows that: each verdict comes from comparing the table with the print.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files

import pandas as pd

from roxham.geo.tables import SOURCE, Column, Contract, read_table

from .checks import unique

__all__ = ["ARTICLE_FIGURES", "figures"]

FIGURES = (
    (
        "canada_2022",
        "Interceptions in Canada, 2022",
        "Interceptions au Canada, 2022",
        "interceptions",
    ),
    (
        "quebec_2022",
        "Interceptions in Quebec, 2022",
        "Interceptions au Québec, 2022",
        "interceptions",
    ),
    (
        "elsewhere_2022",
        "Interceptions outside Quebec, 2022",
        "Interceptions hors du Québec, 2022",
        "interceptions",
    ),
    (
        "ratio_2022_2021",
        "Quebec, 2022 over 2021",
        "Québec, 2022 par rapport à 2021",
        "times",
    ),
    ("share_2022", "Quebec's share, 2022", "Part du Québec, 2022", "%"),
)
NEARLY = 0.1
"""``nearly`` is upheld from 10 % below the printed number up to it."""
ARTICLE_FIGURES = Contract(
    name="article_figures",
    columns=(
        Column("figure_id", meaning="figure it speaks of", choices=tuple(f[0] for f in FIGURES)),
        Column("about", meaning="what the article says that the number is"),
        Column("printed", "number", "the number as printed"),
        Column("rule", meaning="how it is to be compared", choices=("exact", "nearly")),
        *SOURCE,
    ),
    checks=(unique("figure_id"),),
)


@dataclass(frozen=True)
class _Value:
    """A number with where it comes from, or the reason why there is none."""

    value: float | None
    formula: str = ""
    reason: str = ""
    urls: tuple[str, ...] = ()


def figures(interceptions: pd.DataFrame) -> pd.DataFrame:
    """Work out the figures of 2022 from annual counts and compare them with the print.

    Parameters
    ----------
    interceptions
        Rows of ``load_interceptions``; only annual rows are used.

    Returns
    -------
    pandas.DataFrame
        One row a figure: ``figure_id, title, title_fr, value`` (null if it
        cannot be worked out), ``unit`` (interceptions, times or %), ``formula``,
        ``reason`` (why there is no value), ``source_url`` (separated by spaces),
        ``printed``, ``printed_rule`` (exact or nearly) and ``printed_url`` (null if
        the article printed nothing),
        ``verdict`` (supported, contradicted, undecided; null if nothing was
        printed), ``printed_is`` (the figure that the printed number belongs to,
        where it is another one). Ratio and share have two decimals.

    Examples
    --------
    >>> from roxham.layers import load_interceptions
    >>> table = figures(load_interceptions().rows).set_index("figure_id")
    >>> table["value"].tolist()
    [39540.0, 39171.0, 369.0, 9.57, 99.07]
    >>> table.loc["quebec_2022", ["verdict", "printed_is"]].tolist()
    ['contradicted', 'canada_2022']
    """
    canada = _annual(interceptions, "2022", "CA")
    quebec = _annual(interceptions, "2022", "CA-QC")
    before = _annual(interceptions, "2021", "CA-QC")
    values = {
        "canada_2022": canada,
        "quebec_2022": quebec,
        "elsewhere_2022": _elsewhere(interceptions, canada, quebec),
        "ratio_2022_2021": _quotient(quebec, before, 1),
        "share_2022": _quotient(quebec, canada, 100),
    }
    with as_file(files("roxham.layers") / "data" / "article_figures.csv") as path:
        article = read_table(path, ARTICLE_FIGURES).rows.set_index("figure_id")
    rows = []
    for figure_id, title, title_fr, unit in FIGURES:
        found = values[figure_id]
        row = {
            "figure_id": figure_id,
            "title": title,
            "title_fr": title_fr,
            "value": found.value,
            "unit": unit,
            "formula": found.formula or None,
            "reason": found.reason or None,
            "source_url": " ".join(dict.fromkeys(found.urls)) or None,
            **dict.fromkeys(("printed", "printed_rule", "printed_url", "verdict", "printed_is")),
        }
        if figure_id in article.index:
            printed = float(article["printed"].to_dict()[figure_id])
            rule = str(article.at[figure_id, "rule"])
            row["printed"], row["printed_rule"] = printed, rule
            row["printed_url"] = article.at[figure_id, "source_url"]
            row["verdict"] = _verdict(found.value, printed, rule)
            if row["verdict"] == "contradicted":
                others = [k for k, v in values.items() if v.value == printed and k != figure_id]
                row["printed_is"] = others[0] if others else None
        rows.append(row)
    return pd.DataFrame(rows).astype({"value": "Float64", "printed": "Float64"})


def _annual(interceptions: pd.DataFrame, year: str, province: str) -> _Value:
    """Return the published total of a year, or why there is none."""
    here = (interceptions["period"] == year) & (interceptions["province"] == province)
    rows = interceptions[here]
    if len(rows) != 1:
        return _Value(None, reason=f"{len(rows) or 'no'} annual rows for {province} in {year}")
    count, url = rows["count"].iloc[0], str(rows["source_url"].iloc[0])
    if pd.isna(count):
        return _Value(None, reason=f"the count for {province} in {year} is withheld")
    return _Value(float(count), f"{int(count):,}", urls=(url,))


def _elsewhere(interceptions: pd.DataFrame, canada: _Value, quebec: _Value) -> _Value:
    """Return Canada less Quebec; every other way to it must agree."""
    published = _annual(interceptions, "2022", "CA-XX")
    if canada.value is None or quebec.value is None:
        return published if published.value is not None else _join(canada, quebec)
    value = canada.value - quebec.value
    formula = f"{canada.formula} − {quebec.formula}"
    annual = interceptions[interceptions["period"] == "2022"]
    provinces = annual[~annual["province"].isin(["CA", "CA-QC", "CA-XX"])]
    # A sum of some provinces can only fall short of the rest, or of a withheld count.
    total = float(provinces["count"].fillna(0).sum())
    urls = canada.urls + quebec.urls + published.urls
    if published.value is not None and published.value != value:
        reason = f"{formula} is {value:,.0f}, but {published.formula} was published"
        return _Value(None, formula, reason, urls)
    if value < 0 or total > value:
        reason = f"{formula} is {value:,.0f}, but the other provinces add up to {total:,.0f}"
        return _Value(None, formula, reason, urls)
    return _Value(value, formula, urls=urls)


def _quotient(top: _Value, bottom: _Value, factor: int) -> _Value:
    if top.value is None or bottom.value is None:
        return _join(top, bottom)
    formula = f"{top.formula} ÷ {bottom.formula}" + (f" × {factor}" if factor != 1 else "")
    urls = top.urls + bottom.urls
    if bottom.value == 0:
        return _Value(None, formula, "division by zero", urls)
    return _Value(round(factor * top.value / bottom.value, 2), formula, urls=urls)


def _join(*values: _Value) -> _Value:
    return _Value(None, reason="; ".join(dict.fromkeys(v.reason for v in values if v.reason)))


def _verdict(value: float | None, printed: float, rule: str) -> str:
    if value is None:
        return "undecided"
    upheld = value == printed if rule == "exact" else (1 - NEARLY) * printed <= value <= printed
    return "supported" if upheld else "contradicted"

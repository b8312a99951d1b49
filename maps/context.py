"""What the page's static text says: frames as plain records, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

import roxham
from roxham.geo.packages import catalogue
from roxham.layers import Layers

from .base import Base
from .chart import chart_data, monthly_rows
from .inline import asset_json
from .payload import plain

__all__ = ["both", "page_context", "written_date", "written_number"]

Pair = dict[str, Any]
"""A text in both languages, ``{"en": ..., "fr": ...}``."""

MONTHS = "January February March April May June July August September October November December"
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
LISTED = 6
"""Documents of one publisher that the sources panel names; the popups and tables name them all."""
FRAMES = ("interceptions", "incidents", "ports", "policy_events", "transfers", "encounters")


def both(key: str, **slots: object) -> Pair:
    """Return a message of the interface in both languages."""
    messages = asset_json("messages.json")
    return {lang: messages[lang][key].format(**slots) for lang in ("en", "fr")}


def written_number(value: Any, digits: int = 0) -> str:
    """Write a number in English; the page's script writes it anew in the reader's language.

    Examples
    --------
    >>> written_number(39171), written_number(9.57, 2), written_number(None)
    ('39,171', '9.57', '')
    """
    value = plain(value)
    return "" if not isinstance(value, int | float) else f"{value:,.{digits}f}"


def written_date(iso: Any) -> str:
    """Write an ISO date, coarse or not, in English; other text stays as it is.

    Examples
    --------
    >>> written_date("2023-03-25"), written_date("2022-06/2022-08"), written_date("2017")
    ('March 25, 2023', 'June 2022 – August 2022', '2017')
    """
    text = str(plain(iso) or "")
    if "/" in text:
        return " – ".join(written_date(part) for part in text.split("/", 1))
    found = DATE.fullmatch(text)
    if not found or not found[2] or not 1 <= int(found[2]) <= 12:
        return text
    month = MONTHS.split()[int(found[2]) - 1]
    return f"{month} {int(found[3])}, {found[1]}" if found[3] else f"{month} {found[1]}"


def records(frame: pd.DataFrame, texts: Iterable[str], values: Iterable[str] = ()) -> list[Pair]:
    """Return the rows of a frame: texts as pairs of both languages, values as they are.

    A column the frame lacks reads as unknown. ``row`` is the row's position.
    """
    out = []
    for position, row in enumerate(frame.to_dict("records")):
        record: Pair = {"row": position}
        for name in texts:
            english = plain(row.get(name))
            french = plain(row.get(f"{name}_fr"))
            record[name] = {"en": english, "fr": english if french is None else french}
        record |= {name: plain(row.get(name)) for name in values}
        out.append(record)
    return out


SOURCE = ("source_title", "source_publisher", "source_url", "source_date", "confidence")


def sources_of(frames: Mapping[str, pd.DataFrame]) -> list[Pair]:
    """Return each publisher once for each layer, with its documents."""
    out: list[Pair] = []
    for layer, frame in frames.items():
        if not {"source_title", "source_publisher", "source_url"} <= set(frame.columns):
            continue
        columns = frame[["source_publisher", "source_title", "source_url"]]
        cells = columns.map(lambda cell: str(plain(cell) or ""))
        documents: dict[str, list[tuple[str, str]]] = {}
        for publisher, title, url in cells.itertuples(index=False, name=None):
            documents.setdefault(publisher, []).append((title, url))
        for publisher, rows in sorted(documents.items()):
            different = sorted(set(rows))
            out.append(
                {
                    "layer": layer,
                    "publisher": publisher,
                    "rows": len(rows),
                    "documents": [
                        {"source_title": title, "source_url": url}
                        for title, url in different[:LISTED]
                    ],
                    "more": max(0, len(different) - LISTED),
                }
            )
    return out


def figure_records(figures: pd.DataFrame) -> list[Pair]:
    """Return the figures with their sources apart and the title a printed number belongs to."""
    values = (
        "figure_id",
        "value",
        "low",
        "high",
        "unit",
        "formula",
        "reason",
        "printed",
        "printed_rule",
        "printed_url",
    )
    rows = records(figures, ("title",), (*values, "verdict", "printed_is", "source_url"))
    titles = {row["figure_id"]: row["title"] for row in rows}
    for row in rows:
        urls = str(row["source_url"] or "").split()
        row["sources"] = [{"url": url, "host": urlsplit(url).netloc or url} for url in urls]
        # The formula is written with English numbers.
        french = re.sub(r"(?<=\d),(?=\d{3})", "\N{NO-BREAK SPACE}", str(row["formula"] or ""))
        row["formula"] = {"en": row["formula"], "fr": french or None}
        row["belongs"] = titles.get(row["printed_is"])
        row["digits"] = 0 if row["unit"] == "interceptions" else 2
    return rows


def going_south(incidents: pd.DataFrame) -> Pair | None:
    """Say how many of the incidents happened to people going south."""
    if "direction" not in incidents or incidents.empty:
        return None
    south = int(incidents["direction"].eq("southbound").sum())
    return both("incidents.south", south=south, all=len(incidents)) if south else None


def span(dates: pd.Series) -> tuple[str, str] | None:
    """Return the first and the last of a column of ISO dates or intervals."""
    if dates.empty:
        return None
    return dates.str.split("/").str[0].min(), dates.str.split("/").str[-1].max()


def page_context(layers: Layers, base: Base, *, title: str | None) -> dict[str, Any]:
    """Return everything the page's template says.

    Parameters
    ----------
    layers, base
        The frames of the page.
    title
        The headline, the same in both languages; the usual one by default.
    """
    frames = {name: getattr(layers, name) for name in FRAMES}
    monthly = layers.interceptions[layers.interceptions["period"].str.len() == 7]
    chart = chart_data(layers.interceptions, layers.policy_events)
    years = layers.encounters[layers.encounters["granularity"] == "fiscal_year"]
    return {
        "title": both("page.title") if title is None else {"en": title, "fr": title},
        "messages": asset_json("messages.json"),
        "version": roxham.__version__,
        "counts_span": span(monthly["period"]),
        "incidents_span": span(layers.incidents["date"]),
        "chart": chart,
        "monthly": monthly_rows(chart),
        "month_names": [date(2000, month, 1).strftime("%Y-%m") for month in range(1, 13)],
        "figures": figure_records(layers.figures),
        "timeline": records(layers.policy_events, ("title", "effect"), ("date", *SOURCE)),
        "incidents": records(
            layers.incidents,
            ("place_name", "summary"),
            ("date", "kind", "radius_m", "admin_area", *SOURCE),
        ),
        "south": going_south(layers.incidents),
        "ports": records(
            layers.ports,
            ("hours_ca", "hours_note"),
            ("kind", "ca_name", "us_name", "ca_road", "us_road", "status", *SOURCE),
        ),
        "encounters": records(years, (), ("fiscal_year", "period", "encounters", "note", *SOURCE)),
        "transfers": records(
            layers.transfers,
            ("to",),
            ("to_province", "period_start", "period_end", "count", *SOURCE),
        ),
        "sources": sources_of({**frames, **base.frames()}),
        "schematic": base.schematic,
        "resources": catalogue().to_dict("records"),
        "aside": layers.set_aside.fillna("").to_dict("records"),
        "rejected": layers.rejected.fillna("").to_dict("records"),
    }

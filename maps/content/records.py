"""What the page's static text says: frames as plain records, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

import roxham
from roxham.geo.region import Region
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.tables.edtf import is_date, read_date
from roxham.layers import Layers, regime_spans
from roxham.layers.bundle import WITHHELD
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.intervals import intervals_of, with_bounds
from roxham.layers.mapping.read import as_mapping
from roxham.layers.privacy.masking import is_masked
from roxham.layers.provenance import catalogue, sha256_of
from roxham.maps.ground import BESIDE, Base

from .chart import chart_data, drawn, gaps_told, monthly_rows
from .findings import facts_of, headline, standfirst, ways_told
from .measures import entry_years, undrawn
from .plain import plain
from .wording import (
    Pair,
    alike,
    both,
    counted,
    credits_of,
    filled,
    language_of,
    languages,
    local,
    messages,
    roads_note,
    rows_left,
    written_date,
)

__all__ = ["page_context"]


FIRST_CLAIMS = 4
"""Statements that are shown before the reader unfolds the others."""
LISTED = 6
"""Documents of one publisher that the sources panel names; the popups and tables name them all."""
ROWS = 1000
"""Rows that a table in the static text lists at most; the tables that scripts make have all."""
SIGNS = ("contradicted", "partly", "supported", "undecided")
"""Verdicts as the page's signs and words know them, in the order in which it tells them."""


def records(frame: pd.DataFrame, texts: Iterable[str], values: Iterable[str] = ()) -> list[Pair]:
    """Return the rows of a frame: texts as pairs of both languages, values as they are.

    A column the frame lacks reads as unknown. ``row`` is the row's position.
    """
    out = []
    for position, row in enumerate(frame.to_dict("records")):
        record: Pair = {"row": position}
        record |= {name: local(row, name) for name in texts}
        record |= {name: plain(row.get(name)) for name in values}
        out.append(record)
    return out


SOURCE = (
    *("source_title", "source_publisher", "source_url", "source_date"),
    *("confidence", "read_in"),
)


def table_record(name: str, frame: pd.DataFrame) -> Pair:
    """Return the first rows of a table of facts with how each of its columns is written."""
    columns = [shown for shown in DATASETS[name].columns if shown.name in frame]
    names = [shown.name for shown in columns]
    bounds = [bound for bound in ("low", "high") if bound in frame]
    return {
        "name": name,
        "drawn": DATASETS[name].drawn,
        "columns": columns,
        "rows": records(frame.head(ROWS), names, (*bounds, *SOURCE)),
    }


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


def resources(layers: Layers, base: Base) -> list[Pair]:
    """Return what the page was made from: files of its region, and others given in their place."""
    given = [*layers.inputs, *base.inputs]
    kinds = {
        file.layer: (DATASETS[file.layer].own if file.layer in DATASETS else None) or file.layer
        for file in given
    }
    gone = {kind for name in kinds.values() for kind in (name, *WITH.get(str(name), ()))}
    frames = {**layers.tables, **base.frames()}
    region = base.region
    rows: list[Pair] = [
        {
            "title": both("sources.given", layer=file.layer),
            "resource": file.name,
            "rows": len(frames[file.layer]),
            **_stated(frames[file.layer]),
            "sha256": _told_hash(layers, file.layer, file.sha256),
        }
        for file in given
    ]
    named = region.details.files if region.details else {}
    files = {kind: str(region.file(kind)) for kind in named if kind not in gone}
    own = {kind: file for kind, file in files.items() if not file.startswith(SHIPPED)}
    rows += [own_record(layers, region, kind, file, frames) for kind, file in own.items()]
    shipped = {file.removeprefix(SHIPPED) for file in files.values() if file.startswith(SHIPPED)}
    shipped |= {other for file in shipped for other in BESIDE.get(file, ())}
    words = messages()
    for row in catalogue().to_dict("records"):
        if row["resource"] not in shipped:
            continue
        key = f"resource.{row['resource']}"
        rows.append(
            {
                **{name: row[name] for name in ("resource", "rows", "sha256")},
                "title": {lang: words[lang].get(key, row["title"]) for lang in words},
                "source": alike(row["source"]),
                "licence": alike(row["licence"]),
            }
        )
    return rows


WITH = {"roads": ("nodes",)}
"""Files of a region that go where another is replaced."""
FRAMES = {
    **{data.own: name for name, data in DATASETS.items() if data.own is not None},
    "areas": "provinces",
    "nodes": "roads",
}
"""Kinds of files whose rows stand in a frame of another name."""


def _told_hash(layers: Layers, layer: str, sha256: str) -> str:
    """Return the hash of a file that the page shows the whole of, else none.

    By the hash of a file whoever has most of it can try what the rest is: a small count, a name,
    where a masked place was.
    """
    data = DATASETS.get(layer)
    aside = pd.concat([layers.set_aside["layer"], layers.rejected["layer"]])
    if data is not None and (data.embargo == "always" or aside.eq(layer).any()):
        return "–"
    return sha256 or "–"


def own_record(
    layers: Layers, region: Region, kind: str, file: str, frames: Mapping[str, pd.DataFrame]
) -> Pair:
    """Return a file of a region's own as the page lists it."""
    told: Any = region.details.sources.get(kind) if region.details else None
    mapping = region.mapping(kind)
    if told is None and mapping is not None:
        told = as_mapping(mapping).source
    frame = FRAMES.get(kind, kind)
    key = f"frame.{frame}"
    words = messages()
    table = layers.tables.get(frame)
    digest = sha256_of(Path(file)) if table is None else str(table.attrs.get("sha256", ""))
    return {
        "title": {lang: words[lang].get(key, kind) for lang in words},
        "resource": Path(file).name,
        "rows": len(frames[frame]) if frame in frames else None,
        **_stated(frames.get(frame), told),
        "sha256": _told_hash(layers, frame, digest),
    }


def _stated(rows: pd.DataFrame | None, told: Any = None) -> dict[str, Pair]:
    """Return source and licence of a file: as is said of it whole, else as its rows have it."""
    unknown = both("sources.not_stated")
    attrs = {} if rows is None else rows.attrs
    source = attrs.get("credit") if told is None else f"{told.publisher}, {told.title}"
    licence = ", ".join(one["name"] for one in attrs.get("licences", ()))
    licence = (told.licence if told is not None else None) or licence
    sourced = rows is not None and len(rows) and "source_title" in rows
    return {
        "source": alike(source) if source else both("sources.in_rows") if sourced else unknown,
        "licence": alike(licence) if licence else unknown,
    }


def retrieved(base: Base) -> str | None:
    """Return the day of the newest shipped table that the region uses; None if it uses none."""
    files = base.region.details.files.values() if base.region.details else ()
    used = {str(file).removeprefix(SHIPPED) for file in files if str(file).startswith(SHIPPED)}
    known = catalogue()
    days = known.loc[known["resource"].isin(used), "retrieved"]
    return None if days.empty else str(days.max())


ASIDE = {
    r"before (\S+)": "aside.before",
    r"after (\S+)": "aside.after",
    r"its period begins before (\S+)": "aside.begins",
    r"its period ends after (\S+)": "aside.ends",
    r"(?:embargo: )?within (\d+) days of .*": "aside.embargo",
}
"""Reasons of the bundle, as patterns, and the messages that say them in both languages."""
OUTSIDE = r"(?:its period )?(?:before|after|begins before|ends after) .*"
"""Reasons that a row lies outside the months asked for."""


def worded(reason: str) -> Pair:
    """Return why a row was set aside in both languages, or as it was written."""
    for pattern, key in ASIDE.items():
        if found := re.fullmatch(pattern, reason):
            what = {lang: written_date(found[1], lang) for lang in languages()}
            return {lang: both(key, what=what[lang])[lang] for lang in languages()}
    return alike(reason)


SHORT = re.compile(r"\(([A-Z][A-Za-z.]{1,7})\)$")
"""A publisher's short name, as it stands behind the long one."""


def known_documents(frames: Iterable[pd.DataFrame]) -> dict[str, Pair]:
    """Return title and publisher of each document that rows of tables name, by its address."""
    found: dict[str, Pair] = {}
    for frame in frames:
        if not {"source_title", "source_publisher", "source_url"} <= set(frame.columns):
            continue
        columns = frame[["source_url", "source_title", "source_publisher"]].drop_duplicates()
        for cells in columns.itertuples(index=False, name=None):
            url, title, publisher = (str(plain(cell) or "") for cell in cells)
            short = SHORT.search(publisher)
            told = {"title": title, "publisher": short[1] if short else publisher}
            if url and title:
                found.setdefault(url, told)
    return found


def documents_at(urls: Any, known: Mapping[str, Pair]) -> list[Pair]:
    """Return what addresses open that stand in one cell: as the tables name it, else its host."""
    return [
        {"url": url, "title": urlsplit(url).netloc or url, "publisher": "", **known.get(url, {})}
        for url in str(plain(urls) or "").split()
    ]


YEAR = re.compile(r"(?:19|20)\d\d")


def sources_in_short(figures: list[Pair]) -> list[Pair]:
    """Return every source of the figures once; each then names its own by publisher and year."""
    every: dict[str, Pair] = {}
    for row in figures:
        for one in row["sources"]:
            every.setdefault(one["url"], one)
        row["sources"] = [_in_short(one) for one in row["sources"]]
    return list(every.values())


def _in_short(document: Pair) -> Pair:
    years = YEAR.findall(document["title"])
    if not document["publisher"] or not years:
        return document
    return {**document, "publisher": "", "title": f"{document['publisher']}, {years[-1]}"}


def claim_records(claims: pd.DataFrame, known: Mapping[str, Pair]) -> list[Pair]:
    """Return the article's statements with verdicts as codes and what a wrong number is."""
    values = ("claim_id", "verdict", "expression", "sources", "belongs_to", "figure")
    rows = records(claims, ("statement", "found", "reason", "explanation"), values)
    for number, row in enumerate(rows, start=1):
        verdict = str(row["verdict"])
        row["sign"] = verdict if verdict in SIGNS else SIGNS[-1]
        row["number"] = number
        row["sources"] = documents_at(row["sources"], known)
        owners = [text.partition(" ") for text in str(row["belongs_to"] or "").split("; ") if text]
        row["belongs"] = [belonging(period, place) for period, _, place in owners]
    return sorted(rows, key=lambda row: SIGNS.index(row["sign"]))


def belonging(period: str, province: str) -> Pair:
    """Say whose count a number is that was printed as another's."""
    said = {}
    for lang, words in messages().items():
        place = words.get(f"province.{province}", province)
        said[lang] = filled(words["claims.belongs"], place=place, period=period)
    return said


def figure_records(
    figures: pd.DataFrame, claims: list[Pair], known: Mapping[str, Pair]
) -> list[Pair]:
    """Return the figures with their sources apart, and the statement that speaks of each."""
    values = ("figure_id", "value", "low", "high", "unit", "formula", "reason", "source_url")
    rows = records(figures, ("title",), values)
    spoken = {row["figure"]: row for row in claims}
    for row in rows:
        row["sources"] = documents_at(row["source_url"], known)
        row["formula"] = {lang: grouped(row["formula"], lang) for lang in languages()}
        row["claim"] = spoken.get(row["figure_id"])
        row["digits"] = 0 if row["unit"] == "interceptions" else 2
    return rows


def grouped(formula: str | None, lang: str) -> str | None:
    """Return a formula, which is written with English numbers, as a language groups them."""
    if not formula:
        return formula
    return re.sub(r"(?<=\d),(?=\d{3})", messages()[lang]["number.group"], formula)


def masked_by(incidents: pd.DataFrame) -> Pair | None:
    """Say by how much the places of incidents were moved, if they were."""
    if not is_masked(incidents):
        return None
    least, most = incidents["mask_min_m"].min(), incidents["mask_max_m"].max()
    return counted("mask.by", least=least, most=most)


def span(dates: pd.Series) -> tuple[str, str] | None:
    """Return the ends of a column of dates, each as coarse as the date it comes from."""
    parts = [part for text in dates.dropna() for part in text.split("/") if part not in ("", "..")]
    plain_parts = [part.rstrip("?~%") for part in parts if is_date(part)]
    if not plain_parts:
        return None
    return (
        min(plain_parts, key=lambda part: read_date(part).first),
        max(plain_parts, key=lambda part: read_date(part).last),
    )


def aside_records(aside: pd.DataFrame) -> list[Pair]:
    """Return what was set aside; rows without an id of their own as how many there are.

    So are counts of other months than those asked for: a long series has hundreds.
    """
    columns = ["layer", "id", "date", "reason"]
    events = {name for name, data in DATASETS.items() if data.event}
    outside = aside["reason"].map(lambda reason: re.fullmatch(OUTSIDE, str(reason)) is not None)
    series = ~aside["layer"].isin(events) & outside.astype(bool)
    aside = aside.assign(id=aside["id"].mask(series, WITHHELD), date=aside["date"].mask(series, ""))
    times = Counter(map(tuple, aside.fillna("")[columns].to_numpy().tolist()))
    return [
        {
            "layer": layer,
            "id": counted("aside.many", count=count) if name == WITHHELD else alike(name),
            "date": day,
            "reason": worded(str(reason)),
        }
        for (layer, name, day, reason), count in times.items()
    ]


def told_of(layers: Layers) -> dict[str, bool]:
    """Return which parts a page has: those with a row in its period, and those of a file given.

    Of a region's table whose rows all lie outside the period, what was set aside is told.
    """
    given = {file.layer for file in layers.inputs}
    has = {name: len(layers.tables.get(name, ())) > 0 or name in given for name in DATASETS}
    return has | {"figures": len(layers.figures) > 0, "claims": len(layers.claims) > 0}


def port_records(ports: pd.DataFrame, region: Region) -> list[Pair]:
    """Return ports with what both sides call them, and their roads."""
    name, road = region.columns("name"), region.columns("road")
    hours = region.columns("hours", prefix=True)
    rows = records(ports, (*name, *road, *hours, "hours_note"), ("kind", "status", *SOURCE))
    for row in rows:
        row |= {"called": _joined(row, name), "roads": _joined(row, road)}
        row |= {"hours": [row[side] for side in hours]}
    return rows


def _hours_told(ports: pd.DataFrame, region: Region) -> list[str]:
    """Return which messages head the hours of ports: of the first side, and of both if known."""
    second = region.columns("hours", prefix=True)[1]
    both_sides = second in ports and ports[second].notna().any()
    return ["ports.hours", f"column.{second}"] if both_sides else ["ports.hours"]


def _joined(row: Pair, names: Iterable[str]) -> Pair:
    """Return texts of a record as one, by language."""
    told = {lang: [row[name][lang] for name in names] for lang in languages()}
    return {lang: " / ".join(filter(None, texts)) for lang, texts in told.items()}


def fiscal_years(encounters: pd.DataFrame) -> list[Pair]:
    """Return encounters as one row a fiscal year: twelve ``months`` from October, and ``whole``.

    Its source is that of the year's total, else of its first row.
    """
    out: list[Pair] = []
    rows = with_bounds(encounters, count="encounters")
    for year, own in rows[rows["granularity"] != "partial"].groupby("fiscal_year", sort=True):
        counts = dict(zip(own.index, map(drawn, intervals_of(own)), strict=True))
        by_period = dict(zip(own["period"], counts.values(), strict=True))
        names = pd.period_range(f"{int(str(year)) - 1}-10", periods=12, freq="M").astype(str)
        totals = own[own["granularity"] == "fiscal_year"]
        told = (totals if len(totals) else own).head(1)
        out.append(
            {
                **records(told, ("note",), SOURCE)[0],
                "fiscal_year": int(str(year)),
                "period": f"{names[0]}/{names[-1]}",
                "months": [by_period.get(name) for name in names],
                "whole": counts[totals.index[0]] if len(totals) else None,
            }
        )
    return out


def page_context(layers: Layers, base: Base, *, title: str | None) -> dict[str, Any]:
    """Return everything the page's template says.

    Parameters
    ----------
    layers, base
        The frames of the page.
    title
        The headline, the same in both languages; the usual one by default.
    """
    frames = layers.tables
    monthly = layers.interceptions[layers.interceptions["period"].str.len() == 7]
    chart = chart_data(layers.interceptions, layers.policy_events)
    known = known_documents([*frames.values(), *base.frames().values(), regime_spans()])
    claims = claim_records(layers.claims, known)
    figures = figure_records(layers.figures, claims, known)
    article = records(layers.claims.head(1), (), SOURCE)
    facts = facts_of(layers)
    aside = aside_records(layers.set_aside)
    return {
        "title": headline(facts) if title is None else alike(title),
        "standfirst": standfirst(facts),
        "messages": messages(),
        "languages": languages(),
        "first": languages()[0],
        "has": told_of(layers),
        "version": roxham.__version__,
        "counts_span": span(monthly["period"]),
        "incidents_span": span(layers.incidents["date"]),
        "chart": chart,
        "chart_gaps": None if chart is None else gaps_told(chart),
        "undrawn": undrawn(layers),
        "monthly": [] if chart is None else monthly_rows(chart),
        "month_names": [date(2000, month, 1).strftime("%Y-%m") for month in range(1, 13)],
        "figures": figures,
        "figure_sources": sources_in_short(figures),
        "claims": claims,
        "claims_more": counted("claims.more", count=max(0, len(claims) - FIRST_CLAIMS)),
        "language_of": language_of,
        "article": article[0] if article else None,
        "timeline": records(layers.policy_events, ("title", "effect"), ("date", *SOURCE)),
        "sizes": {name: len(frame) for name, frame in frames.items()},
        "rows_left": rows_left,
        "incidents": records(
            layers.incidents.head(ROWS),
            ("place_name", "summary"),
            ("date", "kind", "radius_m", "admin_area", *SOURCE),
        ),
        "ways": ways_told(layers.incidents),
        "masked": masked_by(layers.incidents),
        "overrides": [],
        "ports": port_records(layers.ports.head(ROWS), base.region),
        "port_hours": _hours_told(layers.ports, base.region),
        "encounters": fiscal_years(layers.encounters),
        "entry_years": entry_years(
            layers.entries, None if chart is None else next(iter(chart["months"]), None)
        ),
        "fiscal_names": [f"2000-{(month + 8) % 12 + 1:02}" for month in range(1, 13)],
        "transfers": records(
            layers.transfers,
            ("to",),
            ("to_province", "period_start", "period_end", "count", "low", "high", *SOURCE),
        ),
        "tables": list(frames),
        "table_of": lambda name: table_record(name, frames[name]),
        "sources": sources_of({**frames, **base.frames()}),
        "schematic": base.schematic,
        "credit": credits_of(base),
        "roads_note": roads_note(base),
        "resources": resources(layers, base),
        "retrieved": retrieved(base),
        "aside": aside[:ROWS],
        "aside_lines": len(aside) + len(layers.rejected),
        "rejected": layers.rejected.head(ROWS).fillna("").to_dict("records"),
        "not_shown": len(layers.set_aside) + len(layers.rejected),
    }

"""What stands around the map on a printed sheet: headline, chart, legend, sources."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

import roxham
from roxham.geo import DataError
from roxham.geo.arguments import checked
from roxham.geo.errors import shown
from roxham.geo.region import using_region
from roxham.layers import Layers
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.publication.check import check_data, frames_of, said_of
from roxham.layers.publication.gate import answered, overrides_of
from roxham.maps.content.findings import facts_of, headline, standfirst, ways_of, ways_told
from roxham.maps.content.guard import sound_layers
from roxham.maps.content.measures import undrawn
from roxham.maps.content.records import masked_by, sources_of
from roxham.maps.content.wording import credits_of, languages, messages, roads_note
from roxham.maps.ground import Base

from .chart import draw_chart, draw_months
from .density import Shading, shade_mark
from .frame import Frame
from .map import draw_maps
from .sheet import Box, Path, Sheet, Text, Typeface, readable, wrapped
from .symbols import ROADS, colour, incident_area, port_mark, road_class
from .ways import way_mark, way_of
from .words import day, heading, lines, number, say

__all__ = [
    "chart_picture",
    "drawn_sheet",
    "map_pictures",
    "map_sheet",
    "override_note",
]

SIGNS = {
    "motorway": ("motorway",),
    "trunk": ("trunk", "primary"),
    "secondary": ("secondary",),
    "local": ("unclassified", "tertiary", "residential"),
}
"""Signs of the legend for roads, and the classes each stands for; the first one is drawn."""
MARGIN, GUTTER, COLUMN = 40.0, 36.0, 390.0
NARROWEST, WIDEST = 300.0, 20_000.0
SMALL = Typeface(11.5)


@checked()
def map_sheet(
    layers: Layers,
    base: Base,
    *,
    title: str | None = None,
    language: str | None = None,
    view: str | None = None,
    width: float = 1200,
    notes: Sequence[str] = (),
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
) -> Sheet:
    """Return the whole printed sheet: map, chart, legend, sources and disclaimer.

    Parameters
    ----------
    layers, base
        The frames of the page, EPSG:4326.
    title
        The headline; the page's own by default.
    language
        One of the region's; its first by default.
    view
        Which part of the border, by the id of one of the region's views; the first by default.
    width
        Width in pixels; the height follows. A wide view has its panels below the map.
    notes
        What else the foot of the sheet must say.
    allow, by, as_of
        As for :func:`roxham.maps.save_html`; the foot of the sheet says what was allowed.

    Returns
    -------
    Sheet
        To be written by ``save_picture``.

    Raises
    ------
    DataError
        If a view or language is none of the region's, or the width is beyond what can be drawn;
        if a rule of publication fails that nobody allows.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> from roxham.maps import load_base
    >>> sheet = map_sheet(load_layers(), load_base(), language="fr")
    >>> sheet.width, sheet.language
    (1200, 'fr')
    """
    allowed = overrides_of(allow or {}, by)
    with using_region(base.region):
        layers = sound_layers(layers)
        frames = frames_of(layers, {**base.frames(), **said_of(base.region, title)})
        given = answered(check_data(frames, as_of=as_of), allowed)
        told = [override_note(one, language or languages()[0]) for one in given]
    return drawn_sheet(
        layers, base, title=title, language=language, view=view, width=width, notes=[*notes, *told]
    )


def override_note(override: Mapping[str, str], language: str) -> str:
    """Return what a picture says of a rule that was overridden."""
    head = f"{say(language, 'rules.overridden')}{say(language, 'colon')} {override['rule']}"
    return f"{head} ({override['says']}): {override['reason']} — {override['by']}"


def drawn_sheet(
    layers: Layers,
    base: Base,
    *,
    title: str | None = None,
    language: str | None = None,
    view: str | None = None,
    width: float = 1200,
    notes: Sequence[str] = (),
) -> Sheet:
    """Return a sheet as :func:`map_sheet` does, whatever the rules say."""
    if not NARROWEST <= width <= WIDEST:
        raise DataError(f"width {width:g}: is not between {NARROWEST:g} and {WIDEST:g} pixels.")
    with using_region(base.region):
        spoken = language or languages()[0]
        return _sheet(sound_layers(layers), base, title, spoken, view, width, notes)


def _sheet(
    layers: Layers,
    base: Base,
    title: str | None,
    language: str,
    view: str | None,
    width: float,
    notes: Sequence[str],
) -> Sheet:
    apart = undrawn(layers, printed=True)
    notes = [*notes, apart[language]] if apart else notes
    views = base.views
    view = next(iter(views)) if view is None else view
    for what, given, known in (
        ("view", view, views),
        ("language", language, base.region.languages),
    ):
        if given not in known:
            raise DataError(f"{what} {shown(given)} is not one of {', '.join(known)}.")
    inner = width - 2 * MARGIN
    facts = facts_of(layers)
    head = title or headline(facts)[language]
    sheet = Sheet(width, 0, readable(head), say(language, "map.alt"), language)
    under = standfirst(facts)
    y = header(sheet, head, under[language] if under else "", language, inner, layers)
    (south, west), (north, east) = views[view]
    tall = (north - south) / (east - west) / math.cos(math.radians((south + north) / 2))
    wide = tall < 0.8
    column = inner if wide else min(COLUMN, 0.36 * inner)
    map_width = inner if wide else inner - column - GUTTER
    frame = Frame(Box(MARGIN, y, map_width, round(map_width * tall)), views[view])
    shading = draw_maps([sheet], frame, layers, base)
    bottom = y + frame.box.h
    if wide:
        half = (inner - GUTTER) / 2
        left = draw_chart(sheet, layers, MARGIN, bottom + 30, half, language)
        at = (MARGIN + half + GUTTER, bottom + 30)
        right = legend(sheet, layers, base, *at, half, language, shading)
    else:
        x = MARGIN + map_width + GUTTER
        after = draw_chart(sheet, layers, x, y, column, language)
        left, right = bottom, legend(sheet, layers, base, x, after + 28, column, language, shading)
    end = footer(sheet, max(left, right, bottom) + 26, inner, layers, base, language, notes)
    return on_paper(sheet, end)


def map_pictures(layers: Layers, base: Base, spoken: Sequence[str]) -> list[Sheet]:
    """Return the map with its main roads and its key, for the page where scripts do not run.

    There is one in each language; what all have alike is worked out once.
    """
    main = base.roads["highway"].map(road_class).isin(("motorway", "trunk", "primary", "secondary"))
    base = replace(base, roads=base.roads[main])
    frame = Frame(Box(0, 0, 720, 880), next(iter(base.views.values())))
    sheets = [
        Sheet(720, 880, say(lang, "page.title"), say(lang, "map.alt"), lang) for lang in spoken
    ]
    shading = draw_maps(sheets, frame, layers, base)
    width = frame.box.w - 2 * MARGIN
    for sheet in sheets:
        at = (MARGIN, frame.box.h + 24, width)
        end = legend(sheet, layers, base, *at, sheet.language, shading)
        on_paper(sheet, end + 12)
    return sheets


def chart_picture(chart: dict[str, Any], *, language: str | None = None) -> Sheet:
    """Return the monthly chart alone, for the page where scripts do not run."""
    language = language or languages()[0]
    title = say(language, "chart.title")
    sheet = Sheet(COLUMN + 26, 0, title, say(language, "chart.sub"), language)
    return on_paper(sheet, draw_months(sheet, chart, 0, 0, sheet.width - 8, language) + 4)


def on_paper(sheet: Sheet, height: float) -> Sheet:
    """Give a sheet its height, and paper under what is drawn."""
    sheet.height = math.ceil(height)
    (w, h) = sheet.width, sheet.height
    sheet.items.insert(0, Path([np.array([[0, 0], [w, 0], [w, h], [0, h]])], fill=colour("paper")))
    return sheet


def header(
    sheet: Sheet, title: str, under: str, language: str, width: float, layers: Layers
) -> float:
    y = lines(sheet, say(language, "page.kicker"), MARGIN, 30, width, Typeface(13), "muted")
    y = lines(sheet, title, MARGIN, y + 4, width, Typeface(34, 600, serif=True), "ink", 1.2)
    if under:
        face = Typeface(18, serif=True)
        y = lines(sheet, under, MARGIN, y + 8, min(width, 900), face, "ink")
    months = layers.interceptions["period"]
    months = months[months.str.len() == 7]
    if len(months):
        span = day(f"{months.min()}/{months.max()}", language)
        y = lines(
            sheet,
            f"{say(language, 'page.counts_span')} {span}",
            MARGIN,
            y + 6,
            width,
            Typeface(13),
            "muted",
        )
    return y + 18


def legend(
    sheet: Sheet,
    layers: Layers,
    base: Base,
    x: float,
    y: float,
    width: float,
    language: str,
    shading: Shading | None = None,
) -> float:
    """Draw the key to the symbols that the map shows; return where it ends."""
    y = heading(sheet, say(language, "legend.printed"), x, y, width)
    half = width / 2
    rows = list(legend_rows(layers, base, language, shading))
    for k, (draw, text) in enumerate(rows):
        column = k % 2
        top = y + 8 + (k // 2) * 24
        sheet.add(*draw(x + column * half + 15, top + 10))
        for n, line in enumerate(wrapped(text, Typeface(12.5), half - 46)[:2]):
            sheet.add(
                Text(x + column * half + 38, top + 14 + 12 * n, line, Typeface(12.5), colour("ink"))
            )
    y += 8 + math.ceil(len(rows) / 2) * 24
    ways = ways_told(layers.incidents)
    told = say(language, "legend.areas") if len(layers.incidents) else ""
    if ways is not None:
        told = f"{ways[language]} {told}"
    if shading is not None:
        told = say(language, "legend.shaded", count=number(shading.areas, language))
    return lines(sheet, told, x, y + 4, width, Typeface(12), "muted")


def legend_rows(
    layers: Layers, base: Base, language: str, shading: Shading | None = None
) -> Iterator[tuple[Any, str]]:
    ports = pd.DataFrame(layers.ports[["kind", "status"]]).drop_duplicates()
    if (ports["kind"] == "irregular_site").any():
        yield (
            lambda x, y: port_mark("irregular_site", None, x, y, 4.2),
            say(language, "legend.site"),
        )
    official = ports[ports["kind"] != "irregular_site"]
    for status in ("open", "closed", "unknown"):
        if (official["status"] == status).any():
            yield (
                lambda x, y, s=status: port_mark("port_of_entry", s, x, y),
                say(language, f"legend.printed_port.{status}"),
            )
    yield from incident_rows(layers, language) if shading is None else shade_rows(shading, language)
    drawn = set(map(road_class, base.roads["highway"]))
    for key, (name, *alike) in SIGNS.items():
        if drawn.isdisjoint((name, *alike)):
            continue
        ink, w, _, _ = ROADS[name]
        yield (
            lambda x, y, i=ink, w=w: [
                Path([np.array([[x - 14, y], [x + 14, y]])], stroke=colour(i), width=w)
            ],
            say(language, f"legend.road.{key}"),
        )
    yield (
        lambda x, y: [
            Path([np.array([[x - 14, y], [x + 14, y]])], stroke="#7a5a96", width=7, opacity=0.24),
            Path([np.array([[x - 14, y], [x + 14, y]])], stroke=colour("border"), width=1.8),
        ],
        say(language, "legend.border"),
    )


def incident_rows(layers: Layers, language: str) -> Iterator[tuple[Any, str]]:
    for kind in layers.incidents["kind"].value_counts().index:
        known = f"kind.{kind}" in messages()[language]
        text = say(language, f"kind.{kind}") if known else readable(str(kind))
        yield lambda x, y, k=kind: incident_area(k, x, y, 8), text
    ways = ways_of(layers.incidents)
    for way, count in ways.items() if ways.keys() - {"unknown"} else ():
        text = f"{say(language, f'legend.way.{way_of(way)}')} ({number(count, language)})"
        yield lambda x, y, w=way: way_mark(way_of(w), x, y, colour("muted")), text


def shade_rows(shading: Shading, language: str) -> Iterator[tuple[Any, str]]:
    for shade, span in enumerate(shading.spans):
        told = "–".join(number(end, language) for end in dict.fromkeys(span))
        text = say(language, "legend.overlap", span=told)
        yield lambda x, y, s=shade: shade_mark(s, x, y), text


def footer(
    sheet: Sheet,
    y: float,
    width: float,
    layers: Layers,
    base: Base,
    language: str,
    more: Sequence[str],
) -> float:
    sheet.add(
        Path([np.array([[MARGIN, y], [MARGIN + width, y]])], stroke=colour("frontier"), width=1)
    )
    keys = filter(None, ("disclaimer.nocross", roads_note(base), "disclaimer.boundary"))
    notes = [*(say(language, key) for key in keys), credits_of(base)[language]]
    if masked := masked_by(layers.incidents):
        notes[1:1] = [say(language, "mask.note"), masked[language]]
    for note in more:
        y = lines(sheet, readable(note), MARGIN, y + 8, width, SMALL, "ink")
    y = lines(sheet, " ".join(notes), MARGIN, y + 8, width, SMALL, "muted")
    colon = say(language, "colon")
    for layer, frame in layers.tables.items():
        if not DATASETS[layer].on_sheet:
            continue
        publishers = dict.fromkeys(record["publisher"] for record in sources_of({layer: frame}))
        if publishers:
            text = f"{say(language, f'frame.{layer}')}{colon} {'; '.join(publishers)}."
            y = lines(sheet, text, MARGIN, y + 3, width, SMALL, "muted")
    made = f"{say(language, 'sources.version')} {roxham.__version__}."
    return lines(sheet, made, MARGIN, y + 3, width, SMALL, "muted") + 24

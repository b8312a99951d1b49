"""The monthly chart of the printed sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from roxham.geo._types import Floats
from roxham.layers import Layers
from roxham.maps.content.chart import (
    chart_data,
    count_in,
    gaps_told,
    peaks_of,
    totals_told,
)

from .frame import parts_of
from .sheet import Disc, Path, Sheet, Text, Typeface, text_width
from .symbols import colour
from .words import day, heading, lines, number, say

__all__ = ["draw_chart", "draw_months"]

LEAST = 3.0
"""A range is never too thin to be seen: so many pixels, as on the page."""


def draw_chart(
    sheet: Sheet, layers: Layers, x: float, y: float, width: float, language: str
) -> float:
    """Draw interceptions by month with heading and events; return where the panel ends."""
    chart = chart_data(layers.interceptions, layers.policy_events)
    if chart is None:
        return y
    y = heading(sheet, say(language, "chart.title"), x, y, width)
    y = lines(sheet, say(language, "chart.sub"), x, y + 2, width, Typeface(12.5), "muted")
    y = draw_months(sheet, chart, x, y, width, language)
    for k, event in enumerate(chart["events"] if chart["months"] else [], start=1):
        title = event.get(f"title_{language}") or event["title"]
        text = f"{k}. {day(event['date'], language)}{say(language, 'colon')} {title}"
        y = lines(sheet, text, x, y, width, Typeface(12.5), "ink")
    return y


def draw_months(
    sheet: Sheet, chart: dict[str, Any], x: float, y: float, width: float, language: str
) -> float:
    """Draw the bars and their key, gaps as gaps; return where they end."""
    months: list[str] = chart["months"]
    if not months:
        return lines(sheet, say(language, "chart.empty"), x, y + 6, width, Typeface(14), "ink")
    top, height, left = y + 40, 190.0, x + 38
    base, step = top + height, (x + width - left) / len(months)
    counts = [ends(cell) for cell in chart["area"]]
    whole = [ends(cell) for cell in chart["whole"]]
    tick, ceiling = ticks_to(max(high for _, high in filter(None, [*counts, *whole, (0, 0)])))

    def at(value: float) -> float:
        return float(base - height * value / ceiling)

    for value in np.arange(0, ceiling + tick / 2, tick):
        grid = np.array([[left, at(value)], [x + width, at(value)]])
        line = (colour("frontier"), 0.6, 0.6) if value else (colour("ink"), 1.2, 1.0)
        sheet.add(Path([grid], stroke=line[0], width=line[1], opacity=line[2], cap="butt"))
        label = number(value, language)
        sheet.add(Text(left - 6, at(value) + 4, label, Typeface(11.5), colour("muted"), "end"))
    for first, last in gaps(counts):
        sheet.add(*gap_mark(left + first * step, top, (last - first + 1) * step, height))
    # A column is solid as far as it is certain, and open from there to what it can be.
    bars: dict[tuple[str, float], list[Floats]] = {}
    for k, count in enumerate(counts):
        if count is None:
            continue
        a, b = left + k * step, left + k * step + max(0.8, step * 0.82)
        total = whole[k] or (count[1], count[1])
        sure = max(count[1], total[0])
        stack = (
            ("port", 1.0, 0, count[0], 0),
            ("port", 0.35, count[0], count[1], LEAST),
            ("closed", 0.6, count[1], sure, 0),
            ("closed", 0.25, sure, total[1], LEAST),
        )
        for name, opacity, low, high, least in stack:
            if high > low:
                top_ = min(at(high), at(low) - least)
                corners = [[a, at(low)], [b, at(low)], [b, top_], [a, top_]]
                bars.setdefault((name, opacity), []).append(np.array(corners))
    for (name, opacity), boxes in bars.items():
        sheet.add(Path(boxes, fill=colour(name), opacity=opacity))
    dated = [left + position(months, event["date"]) * step for event in chart["events"]]
    for k, event in enumerate(dated, start=1):
        sheet.add(*event_mark(event, top, base, k))
    for k in peaks_of([None if count is None else count[1] for count in counts]):
        tops = [
            max((cell or (0, 0))[1] for cell in pair) for pair in zip(counts, whole, strict=True)
        ]
        told = f"{count_in(language, chart['area'][k])} · {day(months[k], language)}"
        sheet.add(*peak_mark(told, k, [at(top) for top in tops], left, step, x + width, dated))
    totals = totals_told(chart)
    sheet.add(*chart_years(months, totals, left, base, step, language))
    y = base + 26 + (22 if any(total is not None for total in totals.values()) else 0)
    y = chart_key(sheet, x, y, width, language, chart["keys"])
    if missing := gaps_told(chart):
        y = lines(sheet, missing[language], x, y, width, Typeface(12), "muted") + 4
    if any(low < high for low, high in filter(None, [*counts, *whole])):
        y = lines(sheet, say(language, "chart.range"), x, y, width, Typeface(12), "muted")
    return y


def ends(cell: Any) -> tuple[int, int] | None:
    """Return the least and the most that a count of the chart can be; None where unknown."""
    if cell is None:
        return None
    return (cell[0], cell[1]) if isinstance(cell, list) else (cell, cell)


def ticks_to(peak: float) -> tuple[float, float]:
    """Return the step of an axis of counts, of at most five whole steps, and where it ends.

    Examples
    --------
    >>> ticks_to(5712), ticks_to(0), ticks_to(10)
    ((2000, 6000), (1, 1), (5.0, 10.0))
    """
    peak = max(peak, 1)
    unit = 10 ** math.floor(math.log10(peak))
    steps = (unit * k for k in (0.25, 0.5, 1, 2, 2.5, 5))
    tick = next(step for step in steps if step % 1 == 0 and peak / step <= 4.5)
    return tick, tick * math.ceil(peak / tick)


def position(months: list[str], date: str) -> float:
    """Return where a day stands, in months from the first."""
    year, month, day_ = (int(part) for part in date.split("-"))
    return (year - int(months[0][:4])) * 12 + month - int(months[0][5:]) + (day_ - 1) / 31


def event_mark(x: float, top: float, base: float, k: int) -> Iterator[Path | Disc | Text]:
    """Yield the numbered line of a dated event."""
    line = np.array([[x, top - 8], [x, base]])
    yield Path([line], stroke=colour("ink"), width=1.2, dash=(2, 3), cap="butt")
    yield Disc(x, top - 16, 9, fill=colour("ink"))
    yield Text(x, top - 12, str(k), Typeface(11, 600), colour("paper"), "middle")


def peak_mark(
    text: str,
    k: int,
    tops: Sequence[float],
    left: float,
    step: float,
    right: float,
    dated: Sequence[float],
) -> Iterator[Path | Text]:
    """Yield the words of a peak, on the side of its column where fewer others reach them.

    The line of a date that the words stand over is broken there.
    """
    face = Typeface(11.5, 600)
    long, level = text_width(text, face), tops[k] + 4

    def in_way(first: float, last: float) -> float:
        inside = [
            i for i in range(len(tops)) if first < left + (i + 1) * step and left + i * step < last
        ]
        crossed = sum(first < line < last for line in dated)
        return crossed + sum(tops[i] < level for i in inside if i != k)

    after, before = left + (k + 1) * step + 3, left + k * step - 3
    sides = [(in_way(after, after + long), after, "start")] if after + long <= right else []
    if before - long >= left:
        sides.append((in_way(before - long, before), before, "end"))
    _, x, anchor = min(sides, default=(0.0, after, "start"), key=lambda side: side[0])
    halo = colour("paper")
    first = x if anchor == "start" else x - long
    for line in dated:
        if first < line < first + long:
            box = (line - 2, level - 13, line + 2, level + 5)
            yield Path(parts_of([shapely.box(*box)]), fill=halo)
    yield Text(x, level, text, face, colour("ink"), anchor, halo=3, halo_colour=halo)


def gaps(counts: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield the first and last position of each run without a figure."""
    start: int | None = None
    for k, count in enumerate([*counts, 0]):
        if count is None and start is None:
            start = k
        elif count is not None and start is not None:
            yield start, k - 1
            start = None


def gap_mark(x: float, y: float, w: float, h: float) -> Iterator[Path]:
    """Yield the hatching of a stretch without figures."""
    rows = []
    for offset in np.arange(-h, w, 6):
        a, b = max(0.0, offset), min(w, offset + h)
        if b > a:
            rows.append(np.array([[x + a, y + h - (a - offset)], [x + b, y + h - (b - offset)]]))
    if rows:
        yield Path(rows, stroke=colour("road-secondary"), width=0.8, opacity=0.7, cap="butt")


def chart_years(
    months: list[str],
    totals: dict[str, Any],
    left: float,
    base: float,
    step: float,
    language: str,
) -> Iterator[Path | Text]:
    """Yield the years below the axis, and under them what those with too few months come to."""
    face = Typeface(11.5)
    for year in sorted({month[:4] for month in months}):
        inside = [k for k, month in enumerate(months) if month.startswith(year)]
        a, b = left + inside[0] * step, left + (inside[-1] + 1) * step
        yield Path(
            [np.array([[a, base], [a, base + 5]])], stroke=colour("ink"), width=1, cap="butt"
        )
        yield Text((a + b) / 2, base + 16, year, face, colour("muted"), "middle")
        total = ends(totals.get(year))
        if total is not None:
            level = base + 26
            bracket = [[a + 2, level - 4], [a + 2, level], [b - 2, level], [b - 2, level - 4]]
            yield Path([np.array(bracket)], stroke=colour("ink"), width=1, cap="butt")
            text = "–".join(number(end, language) for end in dict.fromkeys(total))
            size = 11.5 if text_width(text, face) <= b - a else 9.5
            figure = Typeface(size, 600)
            yield Text((a + b) / 2, level + 14, text, figure, colour("ink"), "middle")


def chart_key(
    sheet: Sheet, x: float, y: float, width: float, language: str, keys: Sequence[str]
) -> float:
    at = x
    for key, ink, opacity in (("area", "port", 1.0), ("rest", "closed", 0.6), ("gap", "", 1.0)):
        if key not in keys:
            continue
        text = say(language, f"chart.key_{key}")
        w = 18 + text_width(text, Typeface(12.5)) + 16
        if at > x and at + w > x + width:
            at, y = x, y + 19
        square = np.array([[at, y], [at + 12, y], [at + 12, y + 12], [at, y + 12], [at, y]])
        if ink:
            sheet.add(Path([square], fill=colour(ink), opacity=opacity))
        else:
            sheet.add(
                *gap_mark(at, y, 12, 12), Path([square], stroke=colour("road-secondary"), width=0.8)
            )
        sheet.add(Text(at + 18, y + 10.5, text, Typeface(12.5), colour("ink")))
        at += w
    return y + 22

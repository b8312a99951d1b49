"""A series drawn with Matplotlib: columns, bands for what a count can be, hatches for gaps."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pandas as pd

from roxham.geo import DataError, Fault
from roxham.geo.extras import install_line
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.layers.facts.datasets import measures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "plot_series", "require_plot"]

FORMATS = (".svg", ".png")
COLUMN, BAND, GAP, INK = "#1d5f8a", "#8fb4cd", "#b9b2a2", "#26231f"
STRIPES = "////"
FEW = 8
WORDS = {
    "en": {
        "of": ":\n",
        "range": "what the count can be",
        "gap": "not known",
        "by": "counted by",
        "group": ",",
    },
    "fr": {
        "of": "\N{NO-BREAK SPACE}:\n",
        "range": "ce que le nombre peut être",
        "gap": "pas connu",
        "by": "compte de",
        "group": "\N{NARROW NO-BREAK SPACE}",
    },
}


def require_plot(path: Path) -> Path:
    """Return the file that a drawing goes to, or raise unless its name and place will do."""
    if path.suffix.lower() not in FORMATS:
        wanted = " or ".join(FORMATS)
        raise DataError(Fault(str(path), "is no file to draw into.", f"End it in {wanted}."))
    return require_writable(path)


class Drawn(Protocol):
    """What a series, such as :class:`roxham.layers.Series`, tells whoever draws it."""

    @property
    def measure(self) -> str: ...
    @property
    def of(self) -> str: ...
    @property
    def counted_by(self) -> str: ...
    @property
    def calendar(self) -> str: ...
    @property
    def places(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> pd.DataFrame: ...


def plot_series(
    series: Drawn, path: str | Path | None = None, *, lang: Literal["en", "fr"] = "en"
) -> Figure:
    """Draw a series; see :meth:`roxham.layers.Series.plot`."""
    target = None if path is None else require_plot(Path(path))
    rows = _without_breaks(series)
    if rows.empty or rows["low"].isna().all():
        told = f"{series} by {series.calendar}: nothing is known that could be drawn."
        raise DataError(f"{told} Choose another place or calendar.")
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DataError(
            f"A drawing needs Matplotlib, which is not installed ({error.name}). "
            f"Run {install_line('static')}."
        ) from error
    with mpl.rc_context({"svg.hashsalt": "roxham", "font.size": 9, "hatch.linewidth": 0.6}):
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        _draw(figure.add_subplot(), rows, series, lang)
        if target is not None:
            out = io.BytesIO()
            # Neither the hour nor the version of Matplotlib: the same series gives the same bytes.
            about: dict[str, Any] = {"Date": None, "Creator": None}
            svg = target.suffix.lower() == ".svg"
            metadata = about if svg else {"Software": None}
            figure.savefig(out, format=target.suffix[1:].lower(), dpi=150, metadata=metadata)
            write_atomic(target, out.getvalue())
    return figure


def _without_breaks(series: Drawn) -> pd.DataFrame:
    """Return one row for each period from the first to the last, null where none is known."""
    rows = series.rows.set_index("period")
    if rows.empty:
        return rows[["low", "high"]]
    first, last = rows.index.min(), rows.index.max()
    if series.calendar == "month":
        every = pd.period_range(first, last, freq="M").astype(str).tolist()
    else:
        prefix = first.rstrip("0123456789")
        years = range(int(first.removeprefix(prefix)), int(last.removeprefix(prefix)) + 1)
        every = [f"{prefix}{year}" for year in years]
    return rows[["low", "high"]].reindex(every)


def _draw(axes: Any, rows: pd.DataFrame, series: Drawn, lang: str) -> None:
    words = WORDS[lang]
    at = np.arange(len(rows))
    low, high = (rows[end].astype("Float64").to_numpy(float, na_value=np.nan) for end in rows)
    known = np.isfinite(low)
    wide = known & (high > low)
    axes.bar(at[known], low[known], width=0.82, color=COLUMN)
    if wide.any():
        spread = high[wide] - low[wide]
        axes.bar(at[wide], spread, width=0.82, bottom=low[wide], color=BAND, label=words["range"])
    for number, (first, last) in enumerate(_runs(~known)):
        label = words["gap"] if number == 0 else None
        axes.axvspan(
            first - 0.5,
            last + 0.5,
            facecolor="none",
            edgecolor=GAP,
            hatch=STRIPES,
            lw=0,
            label=label,
        )
    places = _ticks(rows.index, series.calendar)
    axes.set_xticks([place for place, _ in places], [text for _, text in places])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", words["group"]))
    beside = max(0, FEW - len(rows)) / 2  # few columns are no wider than many
    axes.set_xlim(-0.6 - beside, len(rows) - 0.4 + beside)
    _, kind = measures()[series.measure]
    of = f"{words['of']}{kind.word(series.of, lang)}" if series.of else ""
    axes.set_ylabel(f"{kind.word(series.measure, lang)}{of}")
    where = " + ".join(series.places)
    by = f", {words['by']} {series.counted_by}" if series.counted_by else ""
    axes.set_title(f"{where}{by}", loc="left", color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e4dfd2", linewidth=0.8)
    axes.set_axisbelow(True)
    if wide.any() or not known.all():
        place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": 2}
        axes.legend(**place, frameon=False, fontsize=8)


def _runs(gaps: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Return runs of true values as first and last positions."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gaps, [False]]).astype(int)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ticks(periods: pd.Index[Any], calendar: str) -> list[tuple[int, str]]:
    """Return where years begin and what they are called, twelve or so of them."""
    starts = [
        (k, period[:4] if period.endswith("-01") else period)
        for k, period in enumerate(map(str, periods))
        if calendar != "month" or period.endswith("-01") or len(periods) < 12
    ]
    step = -(-len(starts) // 13)
    return starts[::step]

"""How objects print: what they hold, never their rows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd

__all__ = ["Summarised", "Summary", "count", "frame_line", "rows_line", "shown_html", "shown_text"]

Summary = tuple[str, list[tuple[str, str]]]
"""A headline, and lines of a name and what is to be said of it."""


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "row"), count(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def frame_line(frame: object) -> str:
    """Return how many rows a frame has, and its first columns by name."""
    if not isinstance(frame, pd.DataFrame):
        return rows_line(frame)
    names = [str(name) for name in frame.columns]
    more = f", … ({len(names)} columns)" if len(names) > 6 else ""
    return f"{count(len(frame), 'row')}: {', '.join(names[:6])}{more}"


def rows_line(frame: object) -> str:
    """Return how many rows a frame has; of what is none, what it is."""
    if isinstance(frame, pd.DataFrame):
        return count(len(frame), "row")
    return "none" if frame is None else f"no frame, but {type(frame).__name__}"


def shown_text(summary: Summary) -> str:
    """Return a summary as lines of text."""
    head, lines = summary
    wide = max((len(name) for name, _ in lines), default=0)
    return "\n".join([head, *(f"  {name:<{wide}}  {said}".rstrip() for name, said in lines)])


def shown_html(summary: Summary) -> str:
    """Return a summary as a small table; every text is escaped."""
    head, lines = summary
    cells: Iterable[str] = (
        f'<tr><th style="text-align:left;padding-right:1em">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(said)}</td></tr>'
        for name, said in lines
    )
    return f"<div><b>{escape(head)}</b><table>{''.join(cells)}</table></div>"


class Summarised:
    """An object that is printed as its summary."""

    def _summary(self) -> Summary:
        """Return what it is, and what it holds."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return shown_text(self._summary())

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return shown_html(self._summary())

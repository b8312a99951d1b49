"""How the page writes a text that came from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

import pandas as pd
from markupsafe import Markup

__all__ = ["as_written", "characters_in", "finalized"]

Value = TypeVar("Value")
LEFT_OUT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def as_written(text: str) -> str:
    r"""Return a text without what no page can hold or no reader can see.

    Lines end with a line feed, as a browser reads them. Left out are the other control
    characters but the tabulator, which a browser drops or replaces here and keeps there,
    and halves of surrogate pairs, which UTF-8 cannot write. All else stays, marks of
    direction too: they act within their own element (``unicode-bidi: isolate``).

    Examples
    --------
    >>> as_written("a\x00b\r\nc\td\ud800")
    'ab\nc\td'
    """
    if not LEFT_OUT.search(text):
        return text
    return LEFT_OUT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def characters_in(frames: Iterable[pd.DataFrame]) -> set[str]:
    """Return every character that stands in the texts of frames.

    Examples
    --------
    >>> sorted(characters_in([pd.DataFrame({"name": ["ab", None], "count": [1, 2]})]))
    ['a', 'b']
    """
    found: set[str] = set()
    for frame in frames:
        for name in frame.columns:
            cells = frame[name]
            if pd.api.types.is_object_dtype(cells.dtype) or pd.api.types.is_string_dtype(cells):
                found.update(*(text for text in cells.tolist() if isinstance(text, str)))
    return found


def finalized(value: Value) -> Value | str:
    """Return what a template is about to print, texts as the page writes them."""
    return as_written(value) if isinstance(value, str) and type(value) is not Markup else value

"""Cells and rows as JSON can hold them, and JSON that no HTML parser misreads."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .text import as_written

__all__ = ["plain", "records", "safe_json"]

DECIMALS = 6
"""A number is kept to so many decimals."""
EXACT = 2**53
"""From here on JavaScript has no exact whole numbers; they are carried as text."""
UNSAFE = re.compile("[<>&\u2028\u2029]|\\{(?=[{%#])")
"""What could end a script element, start an entity or a template."""
UNSEEN = re.compile(
    r"(?P<kept>\\[\"\\nt])|(?P<line>\\r(?:\\n)?)|\\[bf]|\\u00[01][0-9a-f]|[\x7f-\x9f\ud800-\udfff]"
)
"""Escapes of JSON from left to right: those that stay, ends of lines, and what is left out."""


def plain(value: Any) -> str | int | float | bool | None:
    """Return one cell as JSON can hold it; unknown is null."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < EXACT else round(value, DECIMALS)
    if isinstance(value, bool | int):
        return value if abs(value) < EXACT else str(value)
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, list | tuple):
        return as_written(", ".join(map(str, value)))
    return as_written(str(value))


def safe_json(value: object) -> str:
    r"""Write a value as JSON that no HTML parser or template engine can misread.

    Parameters
    ----------
    value
        Anything JSON can hold; NaN and infinities raise.

    Returns
    -------
    str
        JSON with ``<``, ``>``, ``&``, U+2028, U+2029 and template openings
        written as ``\uXXXX`` escapes. Such characters stand only inside
        strings, so the value read back is the same, its texts as
        :func:`roxham.maps.content.text.as_written` gives them.

    Examples
    --------
    >>> safe_json({"a": "</script>{{ 7*7 }}"})
    '{"a":"\\u003c/script\\u003e\\u007b{ 7*7 }}"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = UNSEEN.sub(lambda found: found["kept"] or ("\\n" if found["line"] else ""), text)
    return UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def records(frame: pd.DataFrame, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of a small frame as JSON can hold them.

    Examples
    --------
    >>> records(pd.DataFrame({"a": ["x", None]}), ["a", "b"])
    [{'a': 'x'}, {'a': None}]
    """
    kept = [name for name in columns if name in frame]
    lists = [[plain(cell) for cell in frame[name].tolist()] for name in kept]
    return [dict(zip(kept, row, strict=True)) for row in zip(*lists, strict=True)]

"""Cells and rows as JSON can hold them, and JSON that no HTML parser misreads."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .text import as_written

__all__ = ["plain", "plain_cells", "records", "safe_json"]

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


SIGNS = ("\\", "\x7f", "<", ">", "&", "{{", "{%", "{#")
"""What of the two stands in a text of ASCII, where any does."""


def plain(value: Any) -> str | int | float | bool | None:
    """Return one cell as JSON can hold it; unknown is null.

    Of a moment its time and its distance from UTC are kept; midnight in no zone is a day.

    Examples
    --------
    >>> plain(pd.Timestamp("2024-03-10")), plain(pd.Timestamp("2024-03-10 02:30", tz="UTC"))
    ('2024-03-10', '2024-03-10 02:30+00:00')
    """
    if type(value) is str:
        return as_written(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else value.item()
        if value is pd.NaT:
            return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < EXACT else round(value, DECIMALS)
    if isinstance(value, bool | int):
        return value if abs(value) < EXACT else str(value)
    if isinstance(value, dt.datetime):
        return _moment(value) if _is_timed(value) else value.date().isoformat()
    if isinstance(value, list | tuple):
        return as_written(", ".join(map(str, value)))
    return as_written(str(value))


def _is_timed(value: object) -> bool:
    """Whether a value is a moment, and not a day that stands as its midnight."""
    if not isinstance(value, dt.datetime) or pd.isna(value):
        return False
    # Nanoseconds are pandas's own.
    parts = (value.hour, value.minute, value.second, value.microsecond)
    return value.tzinfo is not None or any(parts) or getattr(value, "nanosecond", 0) > 0


def _moment(value: dt.datetime) -> str:
    """Return a moment as RFC 3339 has it, seconds only where there are any."""
    whole = not (value.second or value.microsecond or getattr(value, "nanosecond", 0))
    return value.isoformat(sep=" ", timespec="minutes" if whole else "auto")


def plain_cells(values: Sequence[Any]) -> list[str | int | float | bool | None]:
    """Return the cells of a column as JSON can hold them.

    Where one of them has a time of day, midnight is a time too.

    Examples
    --------
    >>> plain_cells(list(pd.to_datetime(["2024-03-10 00:00", "2024-03-10 23:59"])))
    ['2024-03-10 00:00', '2024-03-10 23:59']
    """
    if {*map(type, values)} == {str}:
        return list(values if "".join(values).isprintable() else map(as_written, values))
    if not any(map(_is_timed, values)):
        return [plain(value) for value in values]
    moments = (isinstance(v, dt.datetime) and pd.notna(v) for v in values)
    return [_moment(v) if timed else plain(v) for v, timed in zip(values, moments, strict=True)]


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
    if text.isascii() and not any(sign in text for sign in SIGNS):
        return text  # such as packed columns, by the megabyte
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
    lists = [plain_cells(frame[name].tolist()) for name in kept]
    return [dict(zip(kept, row, strict=True)) for row in zip(*lists, strict=True)]

"""JSON that is a table: an array of objects, or an object that holds one such array."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from roxham.geo.bounds import require as require_bound
from roxham.geo.bounds import require_json, require_size, within_bounds
from roxham.geo.errors import DataError, Fault, shown

from .cells import Cells

__all__ = ["read_json", "records_in", "says_type"]


def read_json(path: Path, name: str) -> Cells:
    """Read an array of objects as cells of text; a row is numbered as its object, from 1.

    Raises
    ------
    DataError
        If it is no JSON, no such array, or an object has a name twice.
    """
    require_size(path, name)
    try:
        with within_bounds(name):
            text = path.read_bytes()
            require_json(text, name)
            value = json.loads(
                text,
                parse_int=str,
                parse_float=str,
                parse_constant=_no_number,
                object_pairs_hook=_once,
            )
    except DataError:
        raise
    except (ValueError, OSError) as error:
        raise DataError(Fault(name, f"is not JSON: {shown(error)}.")) from None
    if HALF.search(text):
        _require_whole(value, name)
    records = records_in(value)
    if records is None:
        raise DataError(Fault(name, "is no array of objects.", "Give one object for each row."))
    header = list(dict.fromkeys(key.strip() for record in records for key in record))
    require_bound("columns", len(header), name)
    rows = [
        [_text(value) for value in map({k.strip(): v for k, v in record.items()}.get, header)]
        for record in records
    ]
    return Cells(header, rows, list(range(1, len(rows) + 1)))


def records_in(value: object) -> list[dict[str, Any]] | None:
    """Return the objects of an array, or of the one array of objects that an object holds."""
    if isinstance(value, dict) and "type" not in value:
        arrays = [held for held in value.values() if records_in_array(held)]
        return arrays[0] if len(arrays) == 1 else None
    return value if records_in_array(value) else None  # type: ignore[return-value]


def records_in_array(value: object) -> bool:
    """Whether a value is an array of objects, one at least."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


HALF = re.compile(rb"\\u[dD][89a-fA-F]")
TYPE = re.compile(rb'"type"\s*:')


def says_type(path: Path) -> bool:
    """Whether a JSON file may be GeoJSON, every object of which says its type."""
    size = 1 << 20
    with path.open("rb") as file:
        before = b""
        while piece := file.read(size):
            if TYPE.search(before + piece):
                return True
            before = piece[-16:]
    return False


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _require_whole(value: object, name: str) -> None:
    """Refuse halves of letters, which no text can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = shown(ascii(error.object[error.start]).strip("'"))
        raise DataError(Fault(name, f"has half of a letter, {half}.", "Save it again.")) from None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has {shown(twice)} twice")
    return found

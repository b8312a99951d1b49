"""A mapping as a TOML file that a person can read and change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .model import TableMapping

__all__ = ["toml_text"]


def toml_text(mapping: TableMapping, *, comments: Sequence[str] = ()) -> str:
    """Return a mapping as TOML; reading it gives the same mapping.

    Examples
    --------
    >>> print(toml_text(TableMapping(table="places", columns={"name": "Ort"})), end="")
    as = "places"
    <BLANKLINE>
    [columns]
    name = "Ort"
    """
    said = mapping.model_dump(by_alias=True, exclude_defaults=True)
    lines = [f"# {line}" for line in comments]
    return "\n".join([*lines, *_table(said, ())]) + "\n"


def _table(said: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {key: value for key, value in said.items() if not isinstance(value, Mapping)}
    nested = {key: value for key, value in said.items() if isinstance(value, Mapping)}
    lines = []
    if path and (plain or not nested):
        lines = ["", f"[{'.'.join(map(_key, path))}]"]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value is not None]
    for key, value in nested.items():
        lines += _table(value, (*path, key))
    return lines


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if bare else _value(text)


def _value(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return str(value)

"""Columns that hold personal data: known by their names, left out unless asked for.

A person can be found by a name, an exact age, a home or the number of a case. Tables of
this project need none of them, so a column of that kind in someone's file is left out and
said to be. A name alone may be kept, on request, where it is public and there is a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeVar

import pandas as pd

from roxham.geo.sheets.reading import JOINED
from roxham.geo.tables.contract import Column

from .column_words import OTHERS, PART, WHOLE
from .personal_words import personal_words
from .plain_text import plain_text

__all__ = [
    "NAMED",
    "column_name",
    "drop_personal",
    "personal_cells",
    "personal_columns",
    "said_of_a_person",
    "unnamed",
]

Table = TypeVar("Table", bound=pd.DataFrame)

ALIKE = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None})
"""Arabic letters that are written for each other."""

NAMED = (
    Column("victim_name", meaning="a name that is public, only on request", required=False),
    Column("named_source_url", "url", "where the name was made public", required=False),
    Column("named_reason", meaning="why the name is given", required=False),
)
"""Columns that may be kept on request, and only together."""


def personal_columns(columns: Iterable[object], *, known: Iterable[str] = ()) -> dict[str, str]:
    """Return the columns that hold personal data, with what they hold.

    Parameters
    ----------
    columns
        Names of columns. They are judged by their words, in English, French, Spanish, German,
        Portuguese, Italian and Arabic.
    known
        Columns of a contract, which are what it says they are.

    Examples
    --------
    >>> personal_columns(["place_name", "Victim Name", "âge", "radius_m"], known=["place_name"])
    {'Victim Name': 'a name', 'âge': 'an age'}
    >>> personal_columns(["Case #", "# of people"])
    {'Case #': 'the number of a case'}
    """
    known = set(known)
    found = {}
    for column in map(str, columns):
        plain = {column_name(part) for part in (column, *column.split(JOINED))}
        kind = next(
            (k for k, pattern in _kinds().items() if any(map(pattern.fullmatch, plain))), None
        )
        if kind is not None and column not in known:
            found[column] = kind
    return found


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    """Return what a column may hold, by its name in small letters without accents."""
    found = {}
    for kind in dict.fromkeys([*WHOLE, *PART]):
        others = "|".join(map(column_name, OTHERS.get(kind, "").split()))
        part = f"(.*_)?({PART[kind]})(_.*)?" if kind in PART else ""
        patterns = filter(None, (WHOLE.get(kind), others, part))
        found[kind] = re.compile("|".join(patterns))
    return found


def column_name(name: str) -> str:
    """Return the name of a column as rules read it: small plain letters, ``_`` between words.

    Examples
    --------
    >>> column_name("seenOn"), column_name("Nombre de décès"), column_name("Case #")
    ('seen_on', 'nombre_de_deces', 'case_no')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.replace("#", " no "))
    return re.sub(r"[\W_]+", "_", plain_text(parted).plain.translate(ALIKE)).strip("_")


def drop_personal(
    table: Table, *, known: Iterable[str], keep: Iterable[str] = ()
) -> tuple[Table, dict[str, str]]:
    """Return a table without its columns of personal data, and what was left out.

    Parameters
    ----------
    table
        Any table; it is not altered.
    known
        Columns of its contract.
    keep
        Further columns that stay, asked for by name.

    Examples
    --------
    >>> rows = pd.DataFrame({"id": ["a"], "age": [34]})
    >>> kept, left_out = drop_personal(rows, known=["id"])
    >>> list(kept), left_out
    (['id'], {'age': 'an age'})
    """
    left_out = personal_cells(table, known={*known, *keep})
    return table.drop(columns=list(left_out)), left_out


def personal_cells(table: pd.DataFrame, *, known: Iterable[str]) -> dict[str, str]:
    """Return the columns of a table that hold personal data, by their names and what is in them.

    Examples
    --------
    >>> personal_cells(pd.DataFrame({"Nombre": ["120", "64"], "Nom": ["A", "B"]}), known=[])
    {'Nom': 'a name'}
    """
    found = personal_columns(table.columns, known=known)
    # "Nombre" is a name in Spanish and a number in French.
    return {c: kind for c, kind in found.items() if kind != "a name" or not _all_numbers(table[c])}


def _all_numbers(cells: pd.Series) -> bool:
    told = cells.dropna().astype(str).str.strip()
    told = told[told != ""]
    return bool(len(told)) and bool(told.str.fullmatch(r"[0-9][0-9 .,]*").all())


def unnamed(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    """Yield rows that give a name without a public source and a reason; a check of a contract."""
    if "victim_name" not in rows:
        return
    for column, wanted in (
        ("named_source_url", "a public source"),
        ("named_reason", "a reason"),
    ):
        given = rows[column].notna() if column in rows else pd.Series(False, index=rows.index)
        for i in rows.index[rows["victim_name"].notna() & ~given]:
            yield int(i), "victim_name", f"gives a name without {wanted} in {column}"


def said_of_a_person(texts: pd.Series) -> pd.Series:
    """Return what each text says by which a person could be found, null where nothing.

    See :func:`roxham.layers.privacy.personal_words.personal_words`.

    Examples
    --------
    >>> said_of_a_person(pd.Series(["A 34-year-old man", "Seven people"])).tolist()
    ['34-year-old', <NA>]
    """
    codes, different = pd.factorize(texts.astype("string"))  # many rows share a text
    found = [personal_words(str(text)) for text in different]
    told = pd.Series([words[0][1] if words else None for words in found], dtype="string")
    return pd.Series(told.reindex(codes).array, index=texts.index, dtype="string")

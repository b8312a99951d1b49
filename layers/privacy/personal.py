"""Columns that hold personal data: known by their names, left out unless asked for.

A person can be found by a name, an exact age, a home or the number of a case. Tables of
this project need none of them, so a column of that kind in someone's file is left out and
said to be. A name alone may be kept, on request, where it is public and there is a reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

import pandas as pd

from roxham.geo.tables.contract import Column

from .personal_words import personal_words

__all__ = ["NAMED", "drop_personal", "personal_columns", "said_of_a_person", "unnamed"]

Table = TypeVar("Table", bound=pd.DataFrame)

KINDS = {
    "a name": r"((first|last|full|given|family|middle|maiden|victims?|person|migrants?|deceased"
    r"|claimants?|officer|agent|driver|suspect)_?names?|names?|surname|forename|nom|prenom"
    r"|nom_(complet|de_famille)|noms?_(de_la_|des_)?victimes?|victims?|victimes?|deceased|alias)",
    "an age": r"(.*_)?(age|ages|aged|dob|birth|birthday|birthdate|naissance)(_.*)?",
    "a home": r"(.*_)?(home|homes|address|addresses|adresse|adresses|domicile|residence"
    r"|hometown|birthplace|postcode|postal_code|code_postal)(_.*)?",
    "the number of a case": r"(.*_)?(case|dossier|passport|passeport|uci|alien|visa|nas|ssn)"
    r"_?(no|num|number|numero|id|nr)|(.*_)?(passport|passeport|a_number)",
    "a way to reach someone": r"(.*_)?(phone|telephone|mobile|email|e_mail|courriel|facebook"
    r"|whatsapp|social)(_.*)?",
    "what a person is": r"(.*_)?(sex|sexe|gender|genre|ethnicity|ethnie|religion|nationality"
    r"|nationalite|citizenship|citoyennete)(_.*)?",
}
"""What a column holds, by the whole of its name in small letters without accents."""

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
        Names of columns. They are judged by their words, in English and in French.
    known
        Columns of a contract, which are what it says they are.

    Examples
    --------
    >>> personal_columns(["place_name", "Victim Name", "âge", "radius_m"], known=["place_name"])
    {'Victim Name': 'a name', 'âge': 'an age'}
    """
    known = set(known)
    found = {}
    for column in map(str, columns):
        plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain)
        plain = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
        kind = next((k for k, pattern in KINDS.items() if re.fullmatch(pattern, plain)), None)
        if kind is not None and column not in known:
            found[column] = kind
    return found


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
    left_out = personal_columns(table.columns, known={*known, *keep})
    return table.drop(columns=list(left_out)), left_out


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

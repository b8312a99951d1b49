"""Which letters the bytes of a text stand for, where it is not UTF-8.

A text is read in every encoding that programs save tables in. A reading holds if its letters are
those of one language; where two hold, and tell different words, it is for its owner to say.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

__all__ = ["ENCODINGS", "Decoded", "encoding_named", "read_words"]

ENCODINGS = (
    ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "cp1257"),
    ("iso8859-2", "mac-roman", "cp850", "cp866", "koi8-r"),
)
"""Those that are tried, the second ones where none of the first fits; of several that tell the same
the first is named."""
FURTHER = re.compile(
    r"utf-?8(-sig)?|utf-?16(-?[lb]e)?|utf-?32(-?[lb]e)?|(cp|windows-?)?(125\d|437|85\d|86\d)|latin-?\d+"
    r"|iso-?8859-\d+|koi8-[rut]|mac-?(roman|cyrillic|greek|turkish|latin2)|gb(k|2312|18030)|big5"
    r"|shift[-_]?jis|cp932|euc[-_]?(jp|kr)|ascii"
)
"""Those that may be named: encodings of texts, and none of Python's others."""
ALPHABETS = {
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúüªº",
    "de": "äöüß",
    "pt": "àáâãçéêíóôõúüªº",
    "it": "àèéìîòùú",
    "nl": "áéèëíïóöü",
    "sv": "åäöé",
    "da": "åæøé",
    "is": "áæðéíóöþúý",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    "hr": "čćđšž",
    "sq": "çë",
    "tr": "çğı\u0307öşüâîû",
    "lv": "āčēģīķļņšūž",
    "lt": "ąčęėįšųūž",
    "et": "äõöüšž",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنهوی",
}
"""Letters beyond a to z of languages, small."""
SIGNS = frozenset("«»“”„‘’‚‹›–—…•€£§°©®™¿¡·½¼¾±×²³µ\u00a0،؛؟№")
"""Signs that a table may hold; but for these, none stands between two letters."""
WITHIN = frozenset("’‘–—-·\u00a0")
APART = frozenset("£¼½¾±×")
"""Signs of numbers, which stand beside no letter."""
ACCENTED = 5
"""A Greek word of so many letters has an accent."""


class Decoded(NamedTuple):
    """An encoding that fits, how it tells a word, and the languages whose letters these are."""

    encoding: str
    example: str
    languages: frozenset[str]


def encoding_named(text: str) -> str | None:
    """Return an encoding by its name; None if it is none of a text.

    Examples
    --------
    >>> encoding_named("windows-1252"), encoding_named("Latin1"), encoding_named("rot13")
    ('cp1252', 'iso8859-1', None)
    """
    plain = text.strip().casefold()
    if not FURTHER.fullmatch(plain):
        return None
    try:
        return codecs.lookup(plain if not plain.isdecimal() else f"cp{plain}").name
    except LookupError:
        return None


def read_words(words: Collection[bytes], spoken: Iterable[str] = ()) -> list[Decoded]:
    """Return how words that are not ASCII can be read: one reading, or those that differ.

    Parameters
    ----------
    words
        Runs of letters and bytes above 127, as they stand in a text.
    spoken
        Languages to expect: where one reading alone is of these, it is the only one returned.

    Examples
    --------
    >>> [(one.encoding, one.example) for one in read_words(["Montréal".encode("cp1252")])]
    [('cp1252', 'Montréal')]
    >>> [one.example for one in read_words(["Přerov".encode("cp1250")])]
    ['Pøerov', 'Přerov', 'Pųerov']
    """
    found = next(filter(None, (_readings(words, tried) for tried in ENCODINGS)), {})
    expected = set(spoken)
    here = [one for one in found.values() if one.languages & expected]
    readings = here if len(here) == 1 else [*found.values()]
    if len(readings) > 1:  # an example that tells them apart
        shown = next(k for k, told in enumerate(zip(*found, strict=True)) if len(set(told)) > 1)
        word = list(words)[shown]
        return [one._replace(example=word.decode(one.encoding)) for one in readings]
    return readings


def _readings(words: Collection[bytes], tried: Iterable[str]) -> dict[tuple[str, ...], Decoded]:
    """Return the encodings that fit by what they tell."""
    found: dict[tuple[str, ...], Decoded] = {}
    for encoding in tried:
        try:
            read = [word.decode(encoding) for word in words]
        except UnicodeDecodeError:
            continue
        letters = {c for word in read for c in word.lower() if not c.isascii()} - SIGNS
        languages = {name for name, known in _alphabets().items() if letters <= known}
        if languages and all(map(_sound, read)) and tuple(read) not in found:
            example = max(read, key=len, default="")
            found[tuple(read)] = Decoded(encoding, example, frozenset(languages))
    return found


@cache
def _alphabets() -> dict[str, frozenset[str]]:
    return {name: frozenset(letters.lower()) for name, letters in ALPHABETS.items()}


def _sound(word: str) -> bool:
    """Whether a word can be one: of one script, its capitals and signs where they belong."""
    names = [unicodedata.name(c, "") for c in word if c.isalpha() or unicodedata.combining(c)]
    scripts = {name.partition(" ")[0] for name in names} - {"FEMININE", "MASCULINE", "MICRO"}
    if len(scripts) > 1:
        return False
    accented = any("TONOS" in name or "DIALYTIKA" in name for name in names)
    if scripts == {"GREEK"} and not word.isupper() and len(word) >= ACCENTED and not accented:
        return False
    for before, one, after in zip(" " + word, word, word[1:] + " ", strict=False):
        if one.isupper() and before.islower():
            return False
        if one in SIGNS - WITHIN and before.isalpha() and after.isalpha():
            return False
        if one in APART and (before.isalpha() or after.isalpha()):
            return False
    return True

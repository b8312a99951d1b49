"""Texts in which a pattern may find something, told of many at once.

Most texts say nothing that a rule looks for, and to ask each of them by Python's patterns is most
of what the rules cost. RE2, which Arrow brings, reads texts some thirty times sooner and knows no
lookaround. So it is asked for more than the patterns find: what stands before and behind does not
count for it, and what may repeat five times or more has no end. Whatever it names is then asked by
the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.layers.privacy.plain_text import LONGEST, parts_of, plain_texts

__all__ = ["Parts", "any_digit", "broad", "likely", "parts_read"]

FEW = 2_000
"""Letters of texts that are sooner asked one by one."""
AT_ONCE = 8
"""Alternatives asked for together: of more, RE2's table of states outgrows its bound."""
TOGETHER = 32
"""Texts asked for as one, before each of those that say anything: most of the time goes by text."""
MOST_REPEATED = 4
DIGITS = str.maketrans("123456789", "000000000")
ALTERED = "://"
"""In a text with an address, which a rule takes out before it looks; quotations, which the rule on
words takes out, leave more than one space, and its patterns have none."""
TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?:|\(\?P<\w+>|\{\d+(?:,\d*)?\}|.", re.DOTALL
)
WORDS = r"0-9A-Za-z_\x{80}-\x{10FFFF}"
"""What may be a letter or a number, in any script."""


@dataclass(frozen=True)
class Parts:
    """Parts of texts as they read, and which text each is of."""

    plain: list[str]
    of: NDArray[np.intp]
    altered: NDArray[np.bool_]
    """Of each text, whether it holds what a rule takes out first: it is asked as it is."""

    @cached_property
    def letters(self) -> int:
        """How many letters they have together."""
        return sum(map(len, self.plain))

    @cached_property
    def arrays(self) -> tuple[Any, NDArray[np.intp], Any]:
        """The parts as Arrow has them: of several at once the forms, whose each is, and each.

        Texts that differ in their digits alone have one form.
        """
        import pyarrow as pa

        forms = "\n".join(self.plain).translate(DIGITS).split("\n")  # a plain text has one line
        of_form, each = pd.factorize(np.array(forms, dtype=object))
        starts = range(0, len(each), TOGETHER)
        together = ["\n".join(each[at : at + TOGETHER]) for at in starts]
        return pa.array(together), of_form, pa.array(self.plain)


def likely(parts: Parts, patterns: Iterable[str]) -> NDArray[np.bool_]:
    """Tell of each text whether one of some patterns may find something in it.

    Parameters
    ----------
    parts
        What :func:`parts_read` returns of the texts.
    patterns
        What is looked for in plain texts.
    """
    all_of_them = np.ones(len(parts.altered), dtype=bool)
    if parts.letters < FEW:
        return all_of_them
    try:
        import pyarrow.compute as pc

        together, of_form, each = parts.arrays
    except (ImportError, UnicodeEncodeError):  # without Arrow, or with half of a letter
        return all_of_them
    found = np.zeros(len(each), dtype=bool)
    for part in dict.fromkeys(part for one in patterns for part in broad(one)):
        near = np.repeat(np.array(pc.match_substring_regex(together, any_digit(part))), TOGETHER)
        at = np.flatnonzero(near[of_form] & ~found)
        if len(at):
            found[at] = np.array(pc.match_substring_regex(each.take(at), part))
    told = parts.altered.copy()
    told[parts.of[found]] = True
    return told


def parts_read(texts: Sequence[str]) -> Parts:
    """Return texts as they read, long ones in the parts in which words are looked for.

    Examples
    --------
    >>> parts_read(["Âge", "a" * 3000]).of.tolist()
    [0, 1, 1]
    """
    altered = np.array([ALTERED in text for text in texts], dtype=bool)
    if max(map(len, texts), default=0) <= LONGEST:
        return Parts(plain_texts(texts), np.arange(len(texts)), altered)
    parts = [parts_of(text) if len(text) > LONGEST else [text] for text in texts]
    of = np.repeat(np.arange(len(texts)), [len(one) for one in parts])
    return Parts(plain_texts([part for one in parts for part in one]), of, altered)


@cache
def broad(pattern: str) -> tuple[str, ...]:
    r"""Return patterns of RE2, of which one matches wherever a pattern of plain texts does.

    Examples
    --------
    >>> broad(r"\bage (?!limit)\d{1,3}|\b[\w'-]{0,25} ans$")
    ("age \\d{1,3}|[0-9A-Za-z_\\x{80}-\\x{10FFFF}'-]{0,} ans",)
    """
    kept = ["".join(map(_broad, one)) for one in _alternatives(pattern)]
    return tuple("|".join(kept[at : at + AT_ONCE]) for at in range(0, len(kept), AT_ONCE))


@cache
def any_digit(part: str) -> str:
    r"""Return a pattern of RE2 that matches a text's form wherever another matches the text.

    Examples
    --------
    >>> any_digit(r"(?:19|20)\d{2,} [1-9a][^2x][^\d]")
    '(?:00|00)\\d{2,} (?:0|[1-9a]).[^\\d]'
    """

    def of_form(sign: str) -> str:
        if sign.isdecimal():
            return "0"
        if sign[0] != "[" or not re.search("[0-9]", sign):
            return sign
        return "." if sign[1] == "^" else f"(?:0|{sign})"

    return "".join(map(of_form, TOKEN.findall(part)))


def _alternatives(pattern: str) -> Iterator[list[str]]:
    """Yield the tokens of each alternative of a pattern, without lookarounds."""
    held: list[str] = []
    depth = 0
    around: int | None = None
    for sign in TOKEN.findall(pattern):
        depth += sign[0] == "("
        if around is None and sign[:2] == "(?" and sign[-1] in "=!":
            around = depth
        if around is None:
            if sign == "|" and depth == 0:
                yield held
                held = []
            else:
                held.append(sign)
        if sign == ")":
            around = None if around == depth else around
            depth -= 1
    yield held


def _broad(sign: str) -> str:
    """Return what of a sign RE2 is asked for."""
    if sign in ("^", "$", r"\b", r"\B"):
        return ""
    if sign[0] == "\\" and sign[1].isdecimal():  # what a group has found, again
        return ".*"
    if sign == r"\w":
        return f"[{WORDS}]"
    if sign[0] == "[":
        if sign[1] == "^" and r"\w" in sign.lower():
            return "."
        return sign.replace(r"\w", WORDS)
    if sign.startswith("(?P"):
        return "(?:"
    if sign[0] == "{":
        least, _, most = sign[1:-1].partition(",")
        if "," in sign and (not most or int(most) > MOST_REPEATED):
            return f"{{{least},}}"
    return sign

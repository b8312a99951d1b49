"""Texts in which a pattern may find something, told of many at once.

Most texts say nothing that a rule looks for, and to ask each of them by Python's patterns is most
of what the rules cost. RE2, which Arrow brings, reads texts some thirty times sooner and knows no
lookaround. So it is asked for more than the patterns find: what stands before and behind does not
count for it, and what may repeat five times may do so as often as it likes. Whatever it names is
then asked by the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat

from roxham.layers.privacy.plain_text import LONGEST

__all__ = ["broad", "likely"]

FEW = 8_000
"""Letters of texts that are sooner asked one by one."""
AT_ONCE = 4
"""Alternatives asked for together: of more, RE2's table of states outgrows its bound."""
MOST_REPEATED = 4
ALTERED = '://|["“«]'
"""What a rule takes out of a text before it looks."""
TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?:|\(\?P<\w+>|\{\d+(?:,\d*)?\}|.", re.DOTALL
)
WORDS = r"0-9A-Za-z_\x{80}-\x{10FFFF}"
"""What may be a letter or a number, in any script."""


def likely(
    texts: Sequence[str], plain: Sequence[str], patterns: Iterable[re.Pattern[str]]
) -> Iterable[bool]:
    """Tell of each text whether one of some patterns may find something in it.

    Parameters
    ----------
    texts
        As they were written.
    plain
        The same as they read: see ``plain_text``.
    patterns
        What is looked for in plain texts.
    """
    all_of_them = repeat(True, len(texts))
    if sum(map(len, plain)) < FEW:
        return all_of_them
    try:
        import pyarrow as pa
        import pyarrow.compute as pc

        written = pa.array(texts)
    except (ImportError, UnicodeEncodeError):  # without Arrow, or with half of a letter
        return all_of_them
    found = pc.greater(pc.utf8_length(written), LONGEST)
    found = pc.or_(found, pc.match_substring_regex(written, ALTERED))
    read = pa.array(plain)
    for part in dict.fromkeys(part for one in patterns for part in broad(one.pattern)):
        found = pc.or_(found, pc.match_substring_regex(read, part))
    told: list[bool] = found.to_pylist()
    return told


@cache
def broad(pattern: str) -> tuple[str, ...]:
    r"""Return patterns of RE2, of which one matches wherever a pattern of plain texts does.

    Examples
    --------
    >>> broad(r"\bage (?!limit)\d{1,3}|\b[\w'-]{0,25} ans$")
    ("age \\d{1,3}|[0-9A-Za-z_\\x{80}-\\x{10FFFF}'-]* ans",)
    """
    kept = ["".join(map(_broad, one)) for one in _alternatives(pattern)]
    return tuple("|".join(kept[at : at + AT_ONCE]) for at in range(0, len(kept), AT_ONCE))


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
            return "*" if least == "0" else "+"
    return sign

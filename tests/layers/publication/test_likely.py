"""What RE2 is asked for first is never less than what the patterns themselves find."""

import re
import sys
from collections.abc import Callable
from random import Random

import pytest

from roxham.layers.privacy.personal_words import personal_patterns, personal_words
from roxham.layers.privacy.plain_text import LONGEST, plain_text
from roxham.layers.privacy.told_places import DAY_PATTERNS, days_told
from roxham.layers.publication.likely import FEW, broad, likely, parts_read
from roxham.layers.publication.words import ADVICE, TERMS, advice, unfit

from .corpus.__main__ import harmless, hostile

PATTERNS = (*personal_patterns(), *DAY_PATTERNS, TERMS, ADVICE)
FILLED = ["Rang des Érables"] * (FEW // 10)


def asked(texts: list[str], patterns: tuple[re.Pattern[str], ...] = PATTERNS) -> list[bool]:
    many = [*texts, *FILLED]
    return list(likely(many, parts_read(many), patterns))[: len(texts)]


def test_whatever_a_pattern_finds_is_asked() -> None:
    known = [*(text for _, text in hostile()), *harmless()]
    chance = Random(7)
    spliced = [
        chance.choice(known)[: chance.randrange(40)]
        + chance.choice(["", " ", "-", ", ", "\u00a0", "é", "Ж", "3"])
        + chance.choice(known)[chance.randrange(40) :]
        for _ in range(5_000)
    ]
    texts = list(dict.fromkeys([*known, *spliced]))
    read = [plain_text(text).plain for text in texts]
    for pattern in PATTERNS:
        found = [pattern.search(plain) is not None for plain in read]
        told = asked(texts, (pattern,))
        assert 0 < sum(found) <= sum(told) < len(texts)
        assert [t for t, f, a in zip(texts, found, told, strict=True) if f and not a] == []


@pytest.mark.parametrize(
    ("text", "look", "patterns"),
    [
        ("Une dame de trente-quatre ans", personal_words, personal_patterns()),
        ("M. Иван Петров, 34", personal_words, personal_patterns()),
        ("aged https://example.org/a 34", personal_words, personal_patterns()),
        ("les «faux» réfugiés «x» clandestins", unfit, (TERMS,)),
        ("The safest place to cross", advice, (ADVICE,)),
        ("без охрана", advice, (ADVICE,)),
        ("x" * LONGEST + " aged 34", personal_words, personal_patterns()),
        ("é" * (LONGEST - 4) + " aged 34", personal_words, personal_patterns()),
        ("le 1er mars 2023", lambda text: [*days_told(text)], DAY_PATTERNS),
        ("on 3/4/23", lambda text: [*days_told(text)], DAY_PATTERNS),
    ],
)
def test_a_text_that_says_something_is_asked_among_many(
    text: str, look: Callable[[str], object], patterns: tuple[re.Pattern[str], ...]
) -> None:
    assert look(text)
    assert asked([text, "Main Street", "x" * 2 * LONGEST], patterns) == [True, False, False]


def test_few_texts_and_halves_of_letters_are_all_asked() -> None:
    assert list(likely(["Main Street"], parts_read(["Main Street"]), (TERMS,))) == [True]
    assert all(asked(["\ud800", "Main Street"]))


def test_without_arrow_all_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert all(asked(["Main Street"]))


def test_lookarounds_edges_and_long_repeats_are_left_out() -> None:
    assert broad(r"^(?<!x)\b(?P<n>\w{1,3})(?! (?:y|[)]))[^\w(]{0,25}$|(a)\1") == (
        r"(?:[0-9A-Za-z_\x{80}-\x{10FFFF}]{1,3}).{0,}|(a).*",
    )


def test_patterns_of_words_reach_over_no_quotation() -> None:
    assert not re.search(r"  |\\s|[ ][*+?{]", TERMS.pattern)

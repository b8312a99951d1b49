"""What RE2 is asked for first is never less than what the patterns themselves find."""

import datetime as dt
import re
import sys
from collections.abc import Callable
from random import Random

import numpy as np
import pandas as pd
import pytest

from roxham.layers.privacy.personal_words import personal_patterns, personal_words
from roxham.layers.privacy.plain_text import LONGEST, plain_text, plain_texts
from roxham.layers.privacy.told_places import DAY_PATTERNS, days_told
from roxham.layers.publication.check import check_tables
from roxham.layers.publication.likely import FEW, broad, likely, parts_read
from roxham.layers.publication.rules import failed
from roxham.layers.publication.words import ADVICE, TERMS, advice, unfit

from .corpus.__main__ import harmless, hostile

PATTERNS = (*personal_patterns(), *DAY_PATTERNS, TERMS.pattern, ADVICE.pattern)
FILLED = ["Rang des Érables"] * (FEW // 10)


def asked(texts: list[str], patterns: tuple[str, ...] = PATTERNS) -> list[bool]:
    many = [*texts, *FILLED]
    return list(likely(parts_read(many), patterns))[: len(texts)]


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
        found = [re.search(pattern, plain) is not None for plain in read]
        told = asked(texts, (pattern,))
        assert 0 < sum(found) <= sum(told) < len(texts)
        assert [t for t, f, a in zip(texts, found, told, strict=True) if f and not a] == []


@pytest.mark.parametrize(
    ("text", "look", "patterns"),
    [
        ("Une dame de trente-quatre ans", personal_words, personal_patterns()),
        ("M. Иван Петров, 34", personal_words, personal_patterns()),
        ("aged https://example.org/a 34", personal_words, personal_patterns()),
        ("les «faux» réfugiés «x» clandestins", unfit, (TERMS.pattern,)),
        ("The safest place to cross", advice, (ADVICE.pattern,)),
        ("без охрана", advice, (ADVICE.pattern,)),
        ("x" * LONGEST + " aged 34", personal_words, personal_patterns()),
        ("é" * (LONGEST - 4) + " aged 34", personal_words, personal_patterns()),
        ("le 1er mars 2023", lambda text: [*days_told(text)], DAY_PATTERNS),
        ("on 3/4/23", lambda text: [*days_told(text)], DAY_PATTERNS),
    ],
)
def test_a_text_that_says_something_is_asked_among_many(
    text: str, look: Callable[[str], object], patterns: tuple[str, ...]
) -> None:
    assert look(text)
    assert asked([text, "Main Street", "x" * 2 * LONGEST], patterns) == [True, False, False]


def test_few_texts_and_halves_of_letters_are_all_asked() -> None:
    assert list(likely(parts_read(["Main Street"]), (TERMS.pattern,))) == [True]
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


def test_texts_asked_together_are_told_as_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(3)
    known = [*(text for _, text in hostile()), *harmless(), *(f"Street {k}" for k in range(9_000))]
    parts = parts_read(chance.sample(known, len(known)))
    together = [likely(parts, (pattern,)) for pattern in PATTERNS]
    monkeypatch.setattr("roxham.layers.publication.likely.TOGETHER", 1)
    alone = parts_read(parts.plain)
    for told, pattern in zip(together, PATTERNS, strict=True):
        by_itself = likely(alone, (pattern,)) | parts.altered
        assert 0 < by_itself.sum() < len(known)
        np.testing.assert_array_equal(told, by_itself)


def test_many_texts_read_as_each_does() -> None:
    chance = Random(5)
    texts = [
        chance.choice(["Main Street", "Élan", "a\nb", "", "Ж 34", "A\tB"]) for _ in range(2000)
    ]
    texts += ["a\nb", "A\tB"] * 250 + ["Plain Road"] * 2000
    assert plain_texts(texts) == [plain_text(text).plain for text in texts]


def test_tables_asked_together_say_what_each_says_alone() -> None:
    def rows(column: str, told: str, count: int) -> pd.DataFrame:
        texts = [f"Street {k}" for k in range(count)]
        return pd.DataFrame({"highway": ["road"] * count, column: [*texts[:-1], told]})

    tables = [
        ("features", rows("name", "A man aged 34", 3_000)),
        ("features", rows("name", "Main Street", 2)),
        ("rows", rows("note", "on 1 March 2026", 1_500)),
        ("features", rows("name", "The safest place to cross", 4)),
    ]
    day = dt.date(2026, 4, 1)
    told = {one.rule: one.evidence for one in failed(check_tables(tables, as_of=day))}
    assert told == {
        one.rule: one.evidence
        for table in tables
        for one in failed(check_tables([table], as_of=day))
    }
    assert told["personal"].startswith("features.name row 2999 says “aged 34”")
    assert "rows row 1499 (note)" in told["retrospective"]
    assert told["terms"] == "features.name row 3 says “safest place to cross”"

"""Harmless sentences pass without anybody's leave; hostile ones do not, whatever their letters."""

from collections import Counter

from .corpus.__main__ import harmless, hostile, refused


def test_harmless_sentences_pass() -> None:
    assert len(set(harmless())) >= 300
    assert refused(harmless()) == []


def test_no_hostile_sentence_passes() -> None:
    kinds = Counter(kind for kind, _ in hostile())
    assert len(kinds) == 9
    assert min(kinds.values()) >= 10
    assert [text for _, text in hostile() if not refused([text])] == []

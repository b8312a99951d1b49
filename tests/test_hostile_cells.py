"""Cells made to be looked at for ever: every pattern that reads one comes to an end soon."""

from collections.abc import Callable
from time import process_time

import pytest

from roxham.geo.io.csv import active, inert
from roxham.geo.region.region_file import DOTTED, KEY
from roxham.geo.written.degrees import read_degrees
from roxham.geo.written.hours import hours_of
from roxham.layers.privacy.personal_words import personal_words
from roxham.layers.privacy.told_places import coordinates_told, days_told
from roxham.layers.publication.words import advice

MOST = 131_072
"""Letters of a cell of a CSV file."""


def _hours(text: str) -> None:
    assert hours_of(f"6:00-18:00{text}") is None


def _keys(text: str) -> None:
    assert not list(DOTTED.finditer(text))
    assert not KEY.match(text)


def _texts(text: str) -> None:
    assert not coordinates_told(text)
    assert not list(days_told(text))
    assert advice(text) == []
    personal_words(text)


@pytest.mark.parametrize(
    ("read", "repeated"),
    [
        (read_degrees, "0"),
        (inert, "-0"),
        (inert, ";'"),
        (active, "'"),
        (_hours, " "),
        (_hours, "0"),
        (_keys, "a"),
        (_keys, '"'),
        (_texts, "a "),
        (_texts, "man "),
        (_texts, "1-"),
    ],
)
def test_it_is_read_soon(read: Callable[[str], object], repeated: str) -> None:
    start = process_time()
    read(repeated * (MOST // len(repeated)) + "!")
    assert process_time() - start < 20


def test_what_is_told_in_the_midst_of_a_long_text_is_found() -> None:
    told = " A man of 34 years at 45.00512, -73.51581 on 2026-03-04, by the safest place to cross. "
    text = "word " * 1000 + told + "word " * 1000
    assert ("an age", "man of 34 years") in personal_words(text)
    assert coordinates_told(text)
    assert [day.date().isoformat() for day in days_told(text)] == ["2026-03-04"]
    assert advice(text) == ["safest place to cross"]

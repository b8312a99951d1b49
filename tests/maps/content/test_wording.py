"""Dates written by Python, before the page's script writes them in the reader's language."""

import pandas as pd
import pytest

from roxham.maps.content.records import span
from roxham.maps.content.wording import written_date


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2022-06-14", "June 14, 2022"),
        ("2022%", "about 2022 (uncertain)"),
        ("2022-24", "2022-24"),
        ("201X", "the 2010s"),
        ("20XX", "between 2000 and 2099"),
        ("2022-XX-XX", "2022, month unknown"),
        ("2022-06-XX", "June 2022, day unknown"),
        ("../2022-06-14", "June 14, 2022 and before"),
        ("2022/", "2022 – unknown"),
        ("2023-03-29/2023-03-30", "March 29–30, 2023"),
        ("2023-03-29/2023-04-02", "March 29 – April 2, 2023"),
        ("2022-06/2022-08", "June – August 2022"),
        ("2023-03-29/2023-03-29", "March 29, 2023"),
        ("2023-03/2023-03", "March 2023"),
        ("2022-12/2023-01", "December 2022 – January 2023"),
        ("2022-06/2022-08-31", "June 2022 – August 31, 2022"),
        ("2022-06-XX/2022-08-XX", "June 2022, day unknown – August 2022, day unknown"),
        ("2022-13", "2022-13"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_a_date_is_as_coarse_as_it_was(text: object, written: str) -> None:
    assert written_date(text) == written


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("2023-03-25", "25 mars 2023"),
        ("2023-03-01", "1er mars 2023"),
        ("2023-03-01/2023-03-02", "1er–2 mars 2023"),
        ("2023-03-29/2023-04-01", "29 mars – 1er avril 2023"),
        ("2022-06/2022-08", "juin – août 2022"),
        ("2022-06-XX", "juin 2022, jour inconnu"),
        ("2022%", "2022 environ (incertain)"),
        ("2022/", "2022 – inconnu"),
    ],
)
def test_a_date_is_written_in_the_language_asked_for(text: str, french: str) -> None:
    assert written_date(text, "fr") == french


def test_the_span_of_dates_leaves_open_ends_out() -> None:
    assert span(pd.Series(["2022-06~", "2021-03/..", "../2020", "2022"])) == ("2020", "2022")
    assert span(pd.Series(["2022-06/..", "2023-01-04"])) == ("2022-06", "2023-01-04")
    assert span(pd.Series([], dtype=str)) is None

"""Hours as people write them."""

from __future__ import annotations

import pytest

from roxham.geo.written.hours import hours_of, open_at


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("06:00-18:00", [(360, 1080)]),
        ("6:00 – 18:00", [(360, 1080)]),
        ("6 to 18", [(360, 1080)]),
        ("6h-18h", [(360, 1080)]),
        ("6 h 30 à 18 h", [(390, 1080)]),
        ("0600-1800", [(360, 1080)]),
        ("06.00-18.00", [(360, 1080)]),
        ("6am-12pm", [(360, 720)]),
        ("12 a.m. to 6:30 p.m.", [(0, 1110)]),
        ("06:00 to 10 p.m.", [(360, 1320)]),
        ("22:00-06:00", [(1320, 360)]),
        ("00:00-24:00", [(0, 1440)]),
        ("8-12, 14-18", [(480, 720), (840, 1080)]),
        ("24 hours", [(0, 1440)]),
        ("24/7", [(0, 1440)]),
        ("24 horas", [(0, 1440)]),
        ("24 heures sur 24", [(0, 1440)]),
        ("24h/24, 7j/7", [(0, 1440)]),
        ("24 Stunden", [(0, 1440)]),
        ("24 horas por dia", [(0, 1440)]),
        ("24 ore su 24", [(0, 1440)]),
        ("8 a 17 hs", [(480, 1020)]),
        ("8 a. m. a 5 p. m.", [(480, 1020)]),
        ("von 8 bis 17 Uhr", [(480, 1020)]),
        ("das 8h às 18h", [(480, 1080)]),
        ("dalle 8 alle 18", [(480, 1080)]),
        ("8 a 12 y 14 a 18", [(480, 720), (840, 1080)]),
        ("24 horas, lunes a viernes", None),
        ("06:00-18:00, weekdays", None),
        ("08:00–20:00, до 3,5 т", None),
    ],
)
def test_hours_are_read(text: str, spans: list[tuple[int, int]] | None) -> None:
    assert hours_of(text) == spans


@pytest.mark.parametrize("text", ["25:00-26:00", "6 to 99", "06:61-18:00", "13pm-14pm", "soon", "",
                                  "6-10 pm", "12-6 a.m.", "8 a.m. to 8", "8 a.m. – 5"])  # fmt: skip
def test_what_no_clock_shows_or_either_half_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        hours_of(text)


def test_an_hour_is_open_shut_or_not_known() -> None:
    assert [open_at("06:00-18:00", m) for m in (359, 360, 1079, 1080)] == [False, True, True, False]
    assert [open_at("22:00-06:00", m) for m in (0, 720, 1380)] == [True, False, True]
    assert open_at("06:00-18:00, weekdays", 720) is None

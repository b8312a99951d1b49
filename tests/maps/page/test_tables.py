"""Tables of a page that was written: read back out of its blocks."""

import json

from roxham.maps.elements.packed_words import address_text
from roxham.maps.elements.tables import payload_table
from roxham.maps.page import rules


def test_columns_as_pages_had_them_before_are_read() -> None:
    codes = {"values": ["north", "south"], "codes": [1, -1, 0]}
    table = payload_table({"kind": "ways", "n": 3, "columns": {"way": codes, "n": [1, None, 3]}})
    assert table["way"].tolist() == ["south", None, "north"]
    assert table["n"].isna().tolist() == [False, True, False]


def read(html: str) -> rules.Page:
    return rules.Page(html)


def test_what_a_style_loads_is_told() -> None:
    page = read('<p style="color: red"><i style="background: url(https://example.org/a.png)">x</i>')
    assert page.loads == ["i style background: url(https://example.org/a.png)"]


def test_a_damaged_block_of_messages_says_nothing() -> None:
    block = '<script type="application/json" id="a_messages">%s</script>'
    sound = json.dumps({"en": {"title": "A map"}})
    assert read(block % sound).messages == [{"en": {"title": "A map"}}]
    assert read(block % sound[:-1]).messages == [{}]
    assert read(block % "[1]").messages == [{}]


def test_addresses_of_data_are_read_but_those_of_pictures() -> None:
    assert address_text("data:text/html;base64,QSBtYXA=") == "A map"
    assert address_text("data:text/html;base64,QSBtYXA") == "A map"  # without its filling
    assert address_text("data:text/html;base64,Q") == ""  # cut short
    assert address_text("data:image/png;base64,QSBtYXA=") is None

"""What objects print: what they hold, never their rows."""

import html
import re
from typing import Any

import pandas as pd
import pytest

from roxham.geo import Checked, catchments, load_border, load_roads
from roxham.geo.network.stats import report
from roxham.geo.summary import frame_line, shown_html, shown_text
from roxham.layers import INCIDENTS, gates, load_incidents, load_layers, load_ports, load_series
from roxham.maps import load_base


def public() -> dict[str, Any]:
    roads, ports = load_roads(), load_ports()
    return {
        "Checked": ports,
        "Layers": load_layers(since="2022-01", until="2022-12"),
        "Base": load_base(),
        "Roads": roads,
        "Border": load_border(),
        "Series": load_series("encounters"),
        "Report": report(roads),
        "Catchments": catchments(roads, gates(ports.rows, on="2023-03-24")),
    }


def test_nothing_public_prints_its_rows() -> None:
    for name, value in public().items():
        text, shown = repr(value), value._repr_html_()
        assert name in text, name
        assert len(text) < 1000, name
        assert 50 < len(shown) < 2000, name
        assert not any(row in text + shown for row in ("https://", "POINT", "LINESTRING"))


def test_a_contract_prints_which_columns_it_needs_and_its_loader_names_them() -> None:
    _, needed, others = repr(INCIDENTS).splitlines()
    names = needed.removeprefix("  needed ").replace(",", "").split()
    assert names[:3] == ["id", "date", "place_name"]
    assert "summary_fr" not in names
    assert "summary_fr" in others
    documented = re.findall(r"\w+", str(load_incidents.__doc__))
    assert {*names} <= {*documented}


def test_a_summary_counts_what_is_there() -> None:
    layers = load_layers(since="2022-01", until="2022-12")
    lines = repr(layers).splitlines()
    assert lines[0] == "Layers of roxham, 2022-01 to 2022-12"
    assert f"  ports          {len(layers.ports)} rows" in lines
    rows, rejected = checked = load_incidents()
    assert f"{len(rows)} rows: id, date" in repr(checked)
    assert repr(checked).splitlines()[-1] == "  rejected  none"
    assert len(rejected) == 0
    assert repr(checked._replace(rejected=pd.DataFrame({"row": [1]}))).endswith("1 fault")


def test_a_frame_is_told_by_its_rows_and_first_columns() -> None:
    assert frame_line(pd.DataFrame({"a": [1]})) == "1 row: a"
    wide = pd.DataFrame([range(8)], columns=list("abcdefgh"))
    assert frame_line(wide) == "1 row: a, b, c, d, e, f, … (8 columns)"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", '"'])
def test_no_text_of_a_table_becomes_markup(text: str) -> None:
    shown = Checked(pd.DataFrame({text: [1]}), pd.DataFrame())._repr_html_()
    assert html.escape(text) in shown
    assert "<script" not in shown


def test_an_empty_summary_is_its_headline() -> None:
    assert shown_text(("Nothing", [])) == "Nothing"
    assert shown_html(("Nothing", [])) == "<div><b>Nothing</b><table></table></div>"

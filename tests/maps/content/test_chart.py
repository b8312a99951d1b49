"""What the chart is given: two series, and no rest of Canada where the counts leave none."""

import pandas as pd
import pytest

from roxham.maps.content.chart import chart_data
from tests.maps import samples

Row = tuple[str, int | None, str | None]


def drawn(*rows: Row) -> dict[str, list[object]]:
    table = pd.DataFrame(list(rows), columns=["province", "count", "precision"])
    table = table.astype({"count": "Int64"}).assign(period="2018-05", **samples.SOURCED)
    chart = chart_data(table, samples.layers().policy_events)
    assert chart is not None
    return {name: chart[name] for name in ("area", "rest", "whole")}


@pytest.mark.parametrize("others", [[], [("CA-ON", 10, "exact")], [("CA-XX", 20, "exact")]])
def test_the_rest_is_what_the_total_leaves(others: list[Row]) -> None:
    found = drawn(("CA-QC", 40, "exact"), ("CA", 60, "exact"), *others)
    assert found == {"area": [40], "rest": [20], "whole": [60]}


def test_a_total_keeps_its_own_bounds() -> None:
    found = drawn(("CA-QC", None, "suppressed"), ("CA", 85, "exact"))
    assert found == {"area": [[0, 5]], "rest": [[80, 85]], "whole": [85]}
    found = drawn(("CA-QC", 40, "exact"), ("CA", 45, "rounded_5"))
    assert found == {"area": [40], "rest": [[3, 7]], "whole": [[43, 47]]}


def test_a_total_that_its_provinces_contradict_leaves_no_rest() -> None:
    found = drawn(("CA-QC", 40, "exact"), ("CA-ON", 30, "exact"), ("CA", 60, "exact"))
    assert found == {"area": [40], "rest": [None], "whole": [None]}

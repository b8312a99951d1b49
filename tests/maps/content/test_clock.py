"""What the clock runs over."""

from dataclasses import replace

from roxham.maps.content.clock import clock_data
from tests.maps import samples


def test_months_asked_for_bound_the_clock() -> None:
    data = clock_data(replace(samples.layers(), since="2020-01", until="2022-06"))
    assert data is not None
    assert (data["first"], data["last"]) == ("2020-01", "2022-06")
    assert [r["regime"] for r in data["regimes"]] == ["agreement", "covid_order", "order_lifted"]
    assert data["regimes"][1]["title_fr"] == "Décret de refoulement lié à la COVID-19"
    assert all(r["source_url"].startswith("http") for r in data["regimes"])


def test_else_what_is_dated_does() -> None:
    data = clock_data(samples.layers())
    # Counts from January 2022, an incident in January 2023; whole years bound nothing.
    assert data is not None
    assert (data["first"], data["last"]) == ("2022-01", "2023-01")


def test_nothing_dated_is_no_clock() -> None:
    layers = samples.layers()
    empty = layers.with_tables(
        interceptions=layers.interceptions[:0], incidents=layers.incidents[:0]
    )
    assert clock_data(empty) is None

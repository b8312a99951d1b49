"""All layers at once: months asked for, rows set aside, faults kept."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import Layers, load_incidents, load_interceptions, load_layers
from roxham.layers.bundle import WITHHELD, with_masked_incidents
from roxham.layers.publication.check import check_data

from .samples import SOURCED, write_counts, write_incidents

AS_OF = dt.date(2026, 11, 1)


def incident_file(folder: Path, *dates: str) -> Path:
    return write_incidents(folder, *({"id": f"i{n}", "date": d} for n, d in enumerate(dates)))


def aside(layers: Layers, layer: str) -> dict[str, str]:
    rows = layers.set_aside[layers.set_aside["layer"] == layer]
    return dict(zip(rows["date"], rows["reason"], strict=True))


def test_without_limits_everything_is_shown() -> None:
    layers = load_layers(as_of=AS_OF)
    assert layers.set_aside.empty
    assert layers.rejected.empty
    assert len(layers.interceptions) == len(load_interceptions().rows)
    assert len(layers.incidents) == len(load_incidents().rows)
    assert layers.incidents.crs == "EPSG:4326"
    assert list(layers.set_aside) == ["layer", "id", "date", "reason"]
    assert list(layers.rejected)[:4] == ["layer", "file", "row", "column"]


def test_events_that_touch_the_months_are_shown(tmp_path: Path) -> None:
    path = incident_file(
        tmp_path, "2023-02", "2023-01-31/2023-02-01", "2023", "2023-01-31", "2023-03-01"
    )
    layers = load_layers(incidents=path, since="2023-02", until="2023-02", as_of=AS_OF)
    assert layers.incidents["id"].tolist() == ["i0", "i1", "i2"]
    assert aside(layers, "incidents") == {
        "2023-01-31": "before 2023-02",
        "2023-03-01": "after 2023-02",
    }


def test_counts_are_shown_only_whole(tmp_path: Path) -> None:
    periods = ["2021", "2022", "2022-01", "2022-02", "2023-01", "2023"]
    path = write_counts(tmp_path, *(f"{p},CA,1,{SOURCED}" for p in periods))
    layers = load_layers(counts=path, since="2022-02", until="2023-06", as_of=AS_OF)
    assert layers.interceptions["period"].tolist() == ["2022-02", "2023-01"]
    assert aside(layers, "interceptions") == {
        "2021": "before 2022-02",
        "2022": "its period begins before 2022-02",
        "2022-01": "before 2022-02",
        "2023": "its period ends after 2023-06",
    }


def test_nothing_is_lost_between_shown_and_set_aside() -> None:
    layers = load_layers(since="2022-06", until="2023-02", as_of=AS_OF)
    for layer, whole in (("interceptions", load_interceptions), ("incidents", load_incidents)):
        shown = getattr(layers, layer)
        assert len(shown) + len(aside_rows(layers, layer)) == len(whole().rows)
        assert 0 < len(shown) < len(whole().rows)
    assert set(layers.set_aside["layer"]) == {
        "interceptions",
        "incidents",
        "policy_events",
        "transfers",
        "encounters",
        "entries",
    }


def aside_rows(layers: Layers, layer: str) -> pd.DataFrame:
    return layers.set_aside[layers.set_aside["layer"] == layer]


def test_the_figures_do_not_depend_on_the_months() -> None:
    layers = load_layers(since="2024-01", as_of=AS_OF)
    assert layers.figures["value"].notna().all()


def test_recent_incidents_are_withheld(tmp_path: Path) -> None:
    path = incident_file(tmp_path, "2026-08-02", "2026-08-03", "2026-08-04", "2026")
    layers = load_layers(incidents=path, as_of=AS_OF)
    assert layers.incidents["date"].tolist() == ["2026-08-02", "2026-08-03"]
    held = aside_rows(layers, "incidents")
    assert held["reason"].tolist() == ["embargo: within 90 days of 2026-11-01"] * 2
    assert held[["id", "date"]].drop_duplicates().values.tolist() == [["–", ""]]


def test_the_embargo_is_counted_from_no_day_to_come() -> None:
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    with pytest.raises(DataError, match=r"as_of: .* is in the future"):
        load_layers(as_of=tomorrow)
    with pytest.raises(DataError, match=r"as_of: .* is in the future"):
        check_data({}, as_of=tomorrow)


def test_recent_counts_wait_unless_a_government_published_them(tmp_path: Path) -> None:
    press = SOURCED
    official = SOURCED.replace("example.org", "www.canada.ca")
    feigned = SOURCED.replace("example.org", "canada.ca.example.org")
    path = write_counts(
        tmp_path,
        f"2026-08,CA,9,{press}",
        f"2026-08,CA-QC,9,{official}",
        f"2026-08,CA-ON,9,{feigned}",
        f"2026-07,CA,9,{press}",
    )
    layers = load_layers(counts=path, as_of=AS_OF)
    assert layers.interceptions["province"].tolist() == ["CA-QC", "CA"]
    assert (
        aside_rows(layers, "interceptions")["reason"].tolist()
        == ["embargo: within 90 days of 2026-11-01"] * 2
    )


def test_an_incident_that_may_go_on_waits(tmp_path: Path) -> None:
    path = incident_file(tmp_path, "2022-06/..", "2022-03/2022-05", "../2022", "2022-06~")
    layers = load_layers(incidents=path, since="2022-01", as_of=AS_OF)
    assert layers.incidents["date"].tolist() == ["2022-03/2022-05", "../2022", "2022-06~"]
    assert layers.incidents["date_precision"].tolist() == ["interval", "interval", "month"]
    assert layers.incidents["location_precision"].tolist() == [2, 2, 2]


def test_faults_of_files_are_kept_with_their_layer(tmp_path: Path) -> None:
    layers = load_layers(incidents=incident_file(tmp_path, "soon", "2023-02"), as_of=AS_OF)
    assert layers.rejected[["layer", "row", "column", "found"]].values.tolist() == [
        ["incidents", 2, "date", "soon"]
    ]
    assert len(layers.incidents) == 1


@pytest.mark.parametrize(("since", "until"), [("2022", None), (None, "x"), ("2023-02", "2023-01")])
def test_months_are_checked_before_files(since: str | None, until: str | None) -> None:
    with pytest.raises(DataError, match=r"since|until"):
        load_layers(incidents="none.csv", since=since, until=until)


def test_masked_incidents_are_told_by_nothing_that_was_not_shown(tmp_path: Path) -> None:
    path = incident_file(tmp_path, "2023-02", "2022-12-05", "2023-02-30")
    layers = load_layers(incidents=path, since="2023-01", until="2024-12", as_of=AS_OF)
    masked = with_masked_incidents(layers, key="sixteen bytes or more", method="donut")
    assert masked.incidents["mask_method"].tolist() == ["donut"]
    assert masked.rejected["found"].tolist() == ["…"]
    asides = masked.set_aside.set_index("layer")
    assert asides.loc[["incidents"], ["id", "date", "reason"]].to_numpy().tolist() == [
        [WITHHELD, "", "before 2023-01"]
    ]
    others = layers.set_aside["layer"].ne("incidents")
    assert masked.set_aside[others].equals(layers.set_aside[others])
    assert others.any()

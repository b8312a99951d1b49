"""Any frame as a layer: drawn, named, read and filtered, and refused with every fault at once."""

import datetime as dt
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from roxham.geo import DataError
from roxham.maps import FeatureLayer, Legend, decode_layer, save_html
from tests.maps.conftest import Open

WGS84 = "EPSG:4326"
HOSTILE = [
    '<img src=x onerror="window.pwned=1">',
    "${window.pwned=2}",
    "</script><script>window.pwned=4</script>",
    "{{ 7*7 }}{% raw %}{# x",
    "'\"><svg onload=window.pwned=5>",
    "&lt;b&gt; &amp; &#60;",
    "__proto__",
]
MAP = "window[Object.keys(window).find((key) => key.startsWith('map_'))]"
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"


def streets() -> gpd.GeoDataFrame:
    """Return a line, a point and an area, well apart."""
    return gpd.GeoDataFrame(
        {
            "name": ["Main", "Spring", "Park"],
            "class": ["road", "water", "green"],
            "length_m": [1234.5, None, 0.0],
            "open": [True, False, True],
        },
        geometry=[
            shapely.LineString([(-73.02, 45), (-73.01, 45)]),
            shapely.Point(-73, 45),
            shapely.box(-72.99, 44.995, -72.98, 45.005),
        ],
        crs=WGS84,
    )


def saved(layer: FeatureLayer, path: Path) -> Path:
    page = folium.Map([45, -73], tiles=None, zoom_start=14)
    layer.add_to(page)
    Legend().add_to(page)
    return save_html(page, path)


def moments(*texts: str) -> pd.Series:
    return pd.Series([pd.Timestamp(text) for text in texts])


TORONTO = "America/Toronto"
MOMENTS: dict[str, tuple[pd.Series, list[str | None]]] = {
    "days": (moments("2024-03-10", "2024-03-11"), ["2024-03-10", "2024-03-11"]),
    "times": (
        moments("2024-03-10 02:30", "2024-03-10 23:59"),
        ["2024-03-10 02:30", "2024-03-10 23:59"],
    ),
    "midnight": (
        moments("2024-03-10 00:00", "2024-03-10 02:30"),
        ["2024-03-10 00:00", "2024-03-10 02:30"],
    ),
    "seconds": (
        moments("2024-03-10 02:30:05", "2024-03-10 02:30:05.25").astype("datetime64[ms]"),
        ["2024-03-10 02:30:05", "2024-03-10 02:30:05.250000"],
    ),
    "a zone": (
        moments("2024-03-10 07:30", "2024-07-15 04:00")
        .dt.tz_localize("UTC")
        .dt.tz_convert(TORONTO),
        ["2024-03-10 03:30-04:00", "2024-07-15 00:00-04:00"],
    ),
    "an hour that comes twice": (
        moments("2024-11-03 05:30", "2024-11-03 06:30")
        .dt.tz_localize("UTC")
        .dt.tz_convert(TORONTO),
        ["2024-11-03 01:30-04:00", "2024-11-03 01:30-05:00"],
    ),
    "python's own": (
        pd.Series([dt.datetime(2024, 3, 10, 2, 30), dt.datetime(2024, 3, 10)], dtype=object),
        ["2024-03-10 02:30", "2024-03-10 00:00"],
    ),
    "zones that differ": (
        pd.Series([dt.datetime(2024, 3, 10, tzinfo=dt.UTC), dt.date(2024, 3, 10)], dtype=object),
        ["2024-03-10 00:00+00:00", "2024-03-10"],
    ),
    "unknown": (moments("2024-03-10 02:30", "NaT"), ["2024-03-10 02:30", None]),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_moments_keep_their_time_and_their_zone(name: str) -> None:
    cells, wanted = MOMENTS[name]
    frame = gpd.GeoDataFrame(
        {"when": cells}, geometry=gpd.points_from_xy([-73, -73.1], [45, 45]), crs=WGS84
    )
    layer = FeatureLayer(frame, name="Moments", by="when")
    assert decode_layer(layer.payload)["when"].tolist() == wanted
    assert layer.payload["style"]["classes"] == [text for text in wanted if text is not None]


def test_the_columns_asked_for_travel_and_no_others() -> None:
    frame = streets()
    before = frame.copy()
    layer = FeatureLayer(frame, name="Streets", columns=["length_m"], label="name", by="class")
    assert list(decode_layer(layer.payload).columns) == ["length_m", "name", "class", "geometry"]
    assert layer.payload["style"]["headings"] == [("length_m", "length_m")]
    assert frame.equals(before)


def test_what_is_rare_is_drawn_as_other() -> None:
    values = [*"aabbccddeeff", "g", None]
    frame = gpd.GeoDataFrame({"k": values}, geometry=[shapely.Point(0, 0)] * len(values), crs=WGS84)
    style = FeatureLayer(frame, name="x", by="k").payload["style"]
    assert style["classes"] == list("abcdef")
    assert style["colours"] == [f"class-{k}" for k in range(1, 8)]


def test_every_fault_is_told_at_once() -> None:
    frame = streets()
    mixed = shapely.GeometryCollection([shapely.Point(-73.5, 45)])
    frame = frame.set_geometry(
        gpd.GeoSeries([shapely.Point(-73.5, 45), mixed, shapely.Point(-73, 45)], crs=4326)
    )
    with pytest.raises(DataError) as caught:
        FeatureLayer(frame, name="Streets", columns=["nme"], by="kind", color="red")
    told = str(caught.value)
    assert len(caught.value.faults) == 4
    for words in (
        "column nme",
        "column kind",
        "name, class, length_m",
        "'red'",
        "row 2",
        "Explode",
    ):
        assert words in told, words


def test_another_crs_is_refused() -> None:
    with pytest.raises(DataError, match="EPSG:4326"):
        FeatureLayer(streets().to_crs("EPSG:32618"), name="Streets")


@pytest.mark.browser
def test_each_form_is_named_read_and_filtered(open_page: Open, tmp_path: Path) -> None:
    layer = FeatureLayer(streets(), name="Streets", by="class")
    opened = open_page(saved(layer, tmp_path / "a.html"), ready=".rx-legend")
    page = opened.page
    assert page.locator(".rx-legend li span").all_text_contents() == ["road", "water", "green"]
    at = page.evaluate(
        f"""() => [[45, -73.015], [45, -73], [45, -72.985]].map((place) => {{
          const {{ x, y }} = {MAP}.latLngToContainerPoint(place);
          return [x, y];
        }})"""
    )
    for (x, y), name, length in zip(
        at, ("Main", "Spring", "Park"), ("1,234.5", None, "0"), strict=True
    ):
        page.mouse.move(x, y)
        assert page.locator(".rx-hover").inner_text() == name
        page.mouse.click(x, y)
        card = page.locator(".rx-card").last  # the one before fades out
        assert card.locator("h3").inner_text() == name
        terms = card.locator("dt").all_text_contents()
        assert ("length_m" in terms) == (length is not None)
        assert length is None or length in card.locator("dd").all_text_contents()
        page.evaluate(f"{MAP}.closePopup().setView([45, -73], 14, {{ animate: false }})")
    stage = f"roxham.stageOf({MAP})"
    picture = "document.querySelector('.rx-canvas').toDataURL()"
    page.evaluate(SETTLE)
    before = page.evaluate(picture)
    find = f"(at) => at.map(([x, y]) => {stage}.find(L.point(x, y))?.i ?? null)"
    assert page.evaluate(find, at) == [0, 1, 2]
    told = page.evaluate(
        f"""() => {{
          let told = null;
          {stage}.filterListeners.add((layer, mask) => (told = [layer.kind, mask && [...mask]]));
          {stage}.filter({stage}.layers[0], Uint8Array.of(0, 0, 1));
          return told;
        }}"""
    )
    assert told == ["features", [0, 0, 1]]
    page.evaluate(SETTLE)
    assert page.evaluate(find, at) == [None, None, 2]
    assert page.evaluate(picture) != before
    page.evaluate(f"{stage}.filter({stage}.layers[0], null)")
    page.evaluate(SETTLE)
    assert page.evaluate(picture) == before
    opened.quiet()


@pytest.mark.browser
def test_hostile_text_in_every_place_reads_as_written(open_page: Open, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        dict.fromkeys(HOSTILE, HOSTILE),
        geometry=[shapely.Point(-73 + k / 1000, 45) for k in range(len(HOSTILE))],
        crs=WGS84,
    )
    layer = FeatureLayer(frame, name=HOSTILE[0], by=HOSTILE[3])
    opened = open_page(saved(layer, tmp_path / "a.html"), ready=".rx-legend")
    cards = opened.page.evaluate(
        f"""() => {{
          const [layer] = roxham.stageOf({MAP}).layers;
          return Array.from({{ length: layer.n }}, (_, i) => {{
            const card = roxham.painters.features.popup(layer, i);
            return [card.querySelector("h3").textContent,
                    [...card.querySelectorAll("dt")].map((term) => term.textContent)];
          }});
        }}"""
    )
    assert cards == [[text, HOSTILE] for text in HOSTILE]
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()


@pytest.mark.browser
def test_layers_lie_in_the_order_of_the_page(open_page: Open, tmp_path: Path) -> None:
    page = folium.Map([45, -73], tiles=None, zoom_start=14)
    for name in ("first", "second"):
        FeatureLayer(streets(), name=name).add_to(page)
    Legend().add_to(page)
    opened = open_page(save_html(page, tmp_path / "a.html"), ready=".rx-legend")
    stage = f"roxham.stageOf({MAP})"
    titles = f"{stage}.layers.map((layer) => layer.extra.title)"
    assert opened.page.evaluate(titles) == ["first", "second"]
    # As when the first is decoded last, or is hidden and shown again.
    opened.page.evaluate(
        f"(([first]) => {{ {stage}.remove(first); {stage}.add(first); }})({stage}.layers)"
    )
    assert opened.page.evaluate(titles) == ["first", "second"]
    opened.quiet()


@pytest.mark.browser
def test_a_long_drag_leaves_no_edge_blank(open_page: Open, tmp_path: Path) -> None:
    layer = FeatureLayer(streets(), name="Streets", by="class")
    page = open_page(saved(layer, tmp_path / "a.html"), ready=".rx-legend").page
    box = page.locator(".leaflet-container").bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    for share in (0.7, 0.6, 0.5, 0.4, 0.3):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
    page.evaluate(SETTLE)
    drawn = page.locator(".rx-canvas").bounding_box()
    page.mouse.up()
    assert drawn
    assert drawn["x"] <= box["x"]
    assert drawn["x"] + drawn["width"] >= box["x"] + box["width"]

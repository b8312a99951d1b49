"""A border in another language and script: the Danube between Bulgaria and Romania."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import shapely

from roxham.geo import NoRouteError, Study, load_region
from roxham.geo.region import Region, using_region
from roxham.layers import Layers, dated_routes, find_place, gates, load_layers
from roxham.maps import Base, border_map, load_base, map_sheet
from roxham.maps.content.wording import messages, written_date, written_numbers
from roxham.maps.page.page import page_html
from roxham.maps.printed.sheet import Text
from roxham.maps.resources import widths
from tests.maps.command import Run
from tests.maps.conftest import Open

SOURCE = ("source_title", "source_publisher")
DANUBE = Path(__file__).parents[3] / "examples" / "danube"
ELSEWHERE = re.compile(
    r"Quebec|Québec|Roxham Road|Canad|Vermont|New York|OpenStreetMap", re.IGNORECASE
)


NAMED = """() => {
  const { view, placed } = roxham.stageOf(map_roxham);
  const degrees = (px, py) => {
    const [x, y] = [(px + view.origin.x) / view.scale, (py + view.origin.y) / view.scale];
    return [360 * x - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
  };
  return placed.map(({ label: { text }, box: { x, y, w, h } }) =>
    [text, [0, 0.5, 1].map((share) => degrees(x + share * w, y + h / 2))]);
}"""
"""Labels of the map, and where they begin, have their middle and end."""


@pytest.fixture(scope="module")
def danube() -> Study:
    return load_region(DANUBE)


@pytest.fixture
def there(danube: Study) -> Iterator[Region]:
    with using_region(danube) as region:
        yield region


@pytest.fixture(scope="module")
def drawn(danube: Study) -> tuple[Layers, Base]:
    with using_region(danube):
        return load_layers(), load_base()


@pytest.fixture(scope="module")
def page(drawn: tuple[Layers, Base], tmp_path_factory: pytest.TempPathFactory) -> Path:
    layers, base = drawn
    file = tmp_path_factory.mktemp("danube") / "danube.html"
    file.write_text(page_html(border_map(layers, base=base)), encoding="utf-8")
    return file


def test_land_and_sea_go_on_beyond_the_bounds_and_no_margin_is_blank(danube: Study) -> None:
    assert danube.details is not None
    assert danube.details.ground is not None
    margins = shapely.box(*danube.details.ground).difference(danube.polygon)
    ground = shapely.union_all([*danube.jurisdictions.geometry, *danube.water.geometry])
    assert margins.difference(ground).area < 0.01 * margins.area
    others = danube.jurisdictions[~danube.jurisdictions["country"].isin(danube.sides)]
    assert "RS" in set(others["id"])
    assert others["country"].isna().all()


def test_every_row_says_where_it_comes_from(drawn: tuple[Layers, Base]) -> None:
    layers, base = drawn
    frames = [layers.ports, layers.policy_events, base.border, base.water, base.places, base.roads]
    for frame in frames:
        assert len(frame)
        for column in ("source_title", "source_publisher", "source_url", "confidence"):
            assert frame[column].notna().all()
        assert frame["source_url"].str.startswith("http").all()
    assert len(layers.rejected) == 0


def test_towns_stand_on_their_side_and_ports_on_the_line(danube: Study, there: Region) -> None:
    places, ports = danube.places, load_layers().ports
    assert (danube.border.side_of(places.geometry) == places["country"]).all()
    assert danube.border.distance_m(ports.geometry).max() < 10


@pytest.mark.parametrize(
    ("day", "open_gates", "regime"),
    [
        ("2010-03-18", 7, "union"),  # the five undated, Ruse since 1954, and Vidin's ferry
        ("2010-03-19", 8, "union"),  # with Nikopol
        ("2013-06-14", 9, "union"),  # the bridge at Vidin, and the ferry's last days
        ("2013-06-16", 8, "union"),
        ("2024-12-31", 11, "union"),
        ("2025-01-01", 11, "schengen"),
        ("2025-07-01", 11, "open"),
    ],
)
def test_gates_and_rules_of_a_day(
    drawn: tuple[Layers, Base], there: Region, day: str, open_gates: int, regime: str
) -> None:
    found = gates(drawn[0].ports, on=day, region=there)
    assert len(found) == open_gates
    assert set(found["regime"]) == {regime}
    assert found["rule"].str.contains("[а-я]").all()
    assert found["rule_en"].str.contains("[a-z]").all()


@pytest.mark.parametrize(
    ("origin", "destination", "gate", "bulgaria", "romania"),
    [
        ("Букурещ", "Варна", "ruse-giurgiu", 203_000, 67_000),  # I-2 and DN5, end to end
        ("craiova", "ВРАЦА", "oryahovo-bechet", 78_200, 71_000),  # II-15 and DN55
        ("Vidin", "Крайова", "vidin-calafat", 5_000, 84_600),  # I-1 and DN56
    ],
)
def test_routes_add_up_on_paper(
    danube: Study,
    there: Region,
    origin: str,
    destination: str,
    gate: str,
    bulgaria: int,
    romania: int,
) -> None:
    ends = find_place(origin), find_place(destination)
    route = dated_routes(danube.roads, *ends, on="2025-12-01").iloc[0]
    assert route["gate"] == gate
    assert (route["length_bg_m"], route["length_ro_m"]) == (bulgaria, romania)
    assert route["length_m"] == bulgaria + romania


def test_before_the_bridge_no_road_led_from_vidin_to_craiova(danube: Study, there: Region) -> None:
    ends = find_place("Видин"), find_place("Craiova")
    with pytest.raises(NoRouteError, match="no road leads to an open gate"):
        dated_routes(danube.roads, *ends, on="2010-01-01")


def test_dates_and_numbers_are_bulgarian_before_any_script_runs(there: Region) -> None:
    assert written_date("2013-06-14") == "14 юни 2013\N{NO-BREAK SPACE}г."
    assert written_date("2025-01-01/2025-01-03") == "1–3 януари 2025\N{NO-BREAK SPACE}г."
    assert written_date("2017-10") == "октомври 2017\N{NO-BREAK SPACE}г."
    assert written_date("2007-05/2007-06", "en") == "May – June 2007"
    assert written_numbers(1234567.5, 1)["bg"] == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,5"


def test_the_page_speaks_of_this_border_alone(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    said = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    assert ELSEWHERE.findall(said) == []
    assert '<html lang="bg" dir="ltr">' in html
    for text in ("Дунав без гранични проверки", "14 юни 2013", "Шенген по суша", "Видин / Калафат"):
        assert text in said
    assert html.count("unicode-range") == 15  # Cyrillic, the Romanian letters, one Greek title


def test_a_reader_has_it_in_both_languages(
    page: Path, drawn: tuple[Layers, Base], open_page: Open
) -> None:
    opened = open_page(page, width=360)
    body = opened.page.locator("body")
    assert opened.page.title() == "Дунав без гранични проверки"
    assert "Гранични пунктове" in body.inner_text()
    opened.page.locator("summary", has_text="Гранични пунктове").click()
    opened.page.locator(".rx-table .rx-sort").first.click()
    first = opened.page.locator(".rx-table tbody th").first.inner_text()
    assert first.startswith("Видин")
    opened.page.get_by_role("button", name="English").click()
    assert opened.page.evaluate("document.documentElement.lang") == "en"
    assert opened.page.title() == "The Danube without border checks"
    assert "Oryahovo / Bechet" in body.inner_text()
    assert not re.search(r"\b(?:undefined|NaN|null)\b", body.inner_text())
    layers, base = drawn
    told = [layers.ports, layers.policy_events, base.roads]
    kept = {"Български"} | cyrillic(" ".join(f[c].str.cat(sep=" ") for f in told for c in SOURCE))
    assert cyrillic(body.inner_text()) <= kept  # titles of sources stay in their own language
    lands = base.jurisdictions
    places = {str(name).upper(): land for name, land in lands.set_index("name_en").geometry.items()}
    named = {text: spots for text, spots in opened.page.evaluate(NAMED) if text in places}
    assert {"BULGARIA", "ROMANIA"} <= set(named)
    for text, spots in named.items():  # no name of a land stands on another
        others = shapely.union_all([land for name, land in places.items() if name != text])
        assert not shapely.MultiPoint(spots).intersects(others), text
    opened.quiet()


def cyrillic(text: str) -> set[str]:
    """Return the words in Cyrillic letters."""
    return set(re.findall(r"[а-яА-Я]+", text))


@pytest.mark.parametrize("language", ["bg", "en"])
def test_the_printed_sheet_has_a_glyph_for_every_letter(
    drawn: tuple[Layers, Base], there: Region, language: str
) -> None:
    layers, base = drawn
    sheet = map_sheet(layers, base, language=language)
    known = {letter for letters in widths().values() for letter in letters}
    told = "".join(item.text for item in sheet.items if isinstance(item, Text))
    assert set(told) <= known
    assert messages()[language]["page.title"] in " ".join(sheet.texts())
    assert ("Свищов" in sheet.texts() or "Русе" in sheet.texts()) == (language == "bg")


def test_the_folder_is_checked_whole(run: Run) -> None:
    said = run("check", "--region", str(DANUBE))
    assert (said.code, said.err) == (0, "")


def test_a_language_from_right_to_left_turns_the_page(tmp_path: Path) -> None:
    text = (DANUBE / "region.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[files\].*", '[files]\nborder = "border.geojson"\n', text, flags=re.DOTALL)
    text = text.replace('["bg", "en"]', '["ar", "bg"]').replace("{ bg =", '{ ar = "نهر", bg =')
    text = re.sub(r'^(bg = ".*")$', r'ar = "الدانوب"\n\1', text, flags=re.MULTILINE)
    text = re.sub(r'^en = ".*"\n', "", text, flags=re.MULTILINE)
    text = re.sub(r', en = "[^"]*"', "", text)
    (tmp_path / "region.toml").write_text(text, encoding="utf-8")
    (tmp_path / "border.geojson").write_bytes((DANUBE / "border.geojson").read_bytes())
    html = page_html(border_map(region=load_region(tmp_path)))
    assert '<html lang="ar" dir="rtl">' in html
    assert "الدانوب" in html


def test_ports_are_told_in_the_language_asked_for(drawn: tuple[Layers, Base]) -> None:
    ports = pd.DataFrame(drawn[0].ports).set_index("port_id")
    names = ["bg_name", "bg_name_en", "ro_name", "ro_name_en"]
    assert [ports.at["ruse-giurgiu", name] for name in names] == [
        "Русе",
        "Ruse",
        "Гюргево",
        "Giurgiu",
    ]

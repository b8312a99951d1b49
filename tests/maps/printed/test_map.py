"""The printed twin: complete, legible, the same bytes twice, and text only ever as text."""

import json
import re
import struct
import sys
from dataclasses import replace
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from roxham.geo import DataError
from roxham.geo.region import active_region
from roxham.layers import load_layers
from roxham.layers.publication.check import check_data, said_of
from roxham.layers.publication.gate import RuleError
from roxham.layers.publication.rules import failed
from roxham.maps import load_base, map_sheet, save_picture
from roxham.maps.content.chart import chart_data
from roxham.maps.content.plain import plain
from roxham.maps.printed.chart import gaps, peak_mark
from roxham.maps.printed.frame import Frame
from roxham.maps.printed.layout import chart_picture, drawn_sheet, map_pictures
from roxham.maps.printed.map import scale_bar
from roxham.maps.printed.sheet import Box, Disc, Sheet, Text, Typeface, text_width, wrapped
from roxham.maps.printed.sheet import Path as Drawn
from roxham.maps.printed.symbols import HATCHED, ROADS, colour, hatching, incident_area, road_class
from roxham.maps.printed.words import day, number
from roxham.maps.printed.write import sheet_svg, sheets_svg
from roxham.maps.resources import FONTS, asset
from tests.maps import samples
from tests.maps.command import Run

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    "$\\frac{1}{0}$ and $x$",
    "{{ 7*7 }} ${7*7} {% raw %}",
    "&lt;b&gt; &amp; ]]> <!--",
    "line\nbreak\x00\x07 end",
    "\u202egnirts a",
    "日本語 العربية 🚧",
    "x" * 10_000,
]


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return map_sheet(load_layers(), load_base())


@pytest.fixture(scope="module")
def note() -> Sheet:
    """A sheet so small that Matplotlib draws it at once."""
    square = np.array([[5.0, 5.0], [55.0, 5.0], [55.0, 55.0], [5.0, 5.0]])
    words = Text(10, 40, "Café", Typeface(14, 600, serif=True), "#1c1b19", halo=3, spacing=1)
    items: list[Drawn | Disc | Text] = [
        Drawn([square], fill="#cfe0e6", stroke="#26231f", dash=(4, 2)),
        Disc(30, 30, 9, fill="#bd3413"),
        words,
    ]
    return Sheet(120, 60, "A note", items=items)


def meet(one: Box, two: Box) -> bool:
    """Whether two boxes share any ground."""
    across = one.x < two.x + two.w and two.x < one.x + one.w
    return across and one.y < two.y + two.h and two.y < one.y + one.h


def boxes(sheet: Sheet) -> list[tuple[str, Box]]:
    """Return the texts of the map with the room each takes, a little inside its box."""
    roles = {"place", "port", "shield", "area", "region"}
    found = []
    for item in sheet.items:
        if isinstance(item, Text) and item.role in roles:
            w = text_width(item.text, item.face, item.spacing)
            x = item.x - (w / 2 if item.anchor == "middle" else 0)
            found.append(
                (item.text, Box(x, item.y - item.face.size * 0.75, w, item.face.size * 0.8))
            )
    return found


def test_no_two_labels_share_any_ground(sheet: Sheet) -> None:
    placed = boxes(sheet)
    assert len(placed) > 60
    assert [(a, b) for (a, one), (b, two) in combinations(placed, 2) if meet(one, two)] == []


@pytest.mark.parametrize("view", ["core", "site", "region"])
def test_every_label_stays_on_the_map(view: str) -> None:
    sheet = drawn_sheet(load_layers(), load_base(), view=view)
    assert all(box.x >= 40 and box.x + box.w <= 1160 for _, box in boxes(sheet))
    assert "Roxham Road" in sheet.texts()


def test_the_sheet_says_what_the_page_says(sheet: Sheet) -> None:
    said = " ".join(sheet.texts())
    assert "Roxham Road does not cross the line" in said
    assert "imply no endorsement" in said
    assert "© OpenStreetMap contributors" in said
    assert "Immigration, Refugees and Citizenship Canada" in said
    assert {"10 km", "5 mi", "N", "Legend", "Interceptions by month"} <= set(sheet.texts())
    assert "3. March 25, 2023: Additional Protocol in force" in said


@pytest.mark.parametrize("view", ["site", "region"])
def test_a_wide_view_takes_the_whole_width_and_leaves_no_hole(view: str) -> None:
    drawn = drawn_sheet(load_layers(), load_base(), view=view)
    legend = next(i for i in drawn.items if isinstance(i, Text) and i.text == "Legend")
    north = next(i for i in drawn.items if isinstance(i, Text) and i.role == "north")
    assert north.x > legend.x > drawn.width / 2 - 20
    assert legend.y > north.y + 400


def test_a_narrow_view_says_where_it_lies(sheet: Sheet) -> None:
    narrow = drawn_sheet(load_layers(), load_base(), view="site")
    frames = [
        [item for item in one.items if isinstance(item, Drawn) and item.stroke == colour("site")]
        for one in (sheet, narrow)
    ]
    boxes = [[item for item in items if item.width == 2 and not item.fill] for items in frames]
    assert [len(items) for items in boxes] == [0, 1]
    (around,) = boxes[1][0].parts
    (left, top), (right, bottom) = around.min(axis=0), around.max(axis=0)
    # of the widest view's 4 degrees in 132 pixels, those of this view, and 2 pixels at each side
    assert right - left == pytest.approx((73.66 - 73.33) / (75.1 - 71.1) * 132 + 4, abs=0.1)
    assert 0 < bottom - top < right - left


def test_a_page_without_scripts_has_chart_and_key() -> None:
    layers, base = load_layers(), load_base()
    data = chart_data(layers.interceptions, layers.policy_events)
    assert data is not None
    chart = chart_picture(data)
    assert {"6,000", "Quebec", "2022", "16,136"} <= set(chart.texts())
    (still,) = map_pictures(layers, base, ["en"])
    assert {"Legend", "Death", "Documented irregular site"} <= set(still.texts())
    assert all(item.y < still.height for item in still.items if isinstance(item, Text))


def test_the_french_sheet_is_french() -> None:
    texts = map_sheet(load_layers(), load_base(), language="fr").texts()
    assert {"Légende", "Interceptions par mois", "Chemin Roxham", "Lac Champlain"} <= set(texts)
    assert any(text.startswith("3. 25 mars 2023\N{NO-BREAK SPACE}: ") for text in texts)
    english = {"Legend", "Death", "Quebec", "Motorway", "Roxham Road", "N/A"}
    assert english.isdisjoint(texts)


@pytest.mark.parametrize(
    ("iso", "english", "french"),
    [
        ("2023-03-25", "March 25, 2023", "25 mars 2023"),
        ("2023-03-01", "March 1, 2023", "1er mars 2023"),
        ("2023-08", "August 2023", "août 2023"),
        ("2023", "2023", "2023"),
    ],
)
def test_dates_read_as_each_language_writes_them(iso: str, english: str, french: str) -> None:
    assert (day(iso, "en"), day(iso, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("told", "units"), [("{km} км", {"км"}), ("{km} km ({mi} mi)", {"km", "mi"})]
)
def test_the_scale_bar_has_the_units_of_the_language(told: str, units: set[str]) -> None:
    sheet, frame = Sheet(400, 400, "", "", "bg"), Frame(Box(0, 0, 400, 400), ((45, -74), (46, -73)))
    scale_bar(sheet, frame, told)
    assert {text.split()[1] for text in sheet.texts()} == units


def test_numbers_read_as_each_language_writes_them() -> None:
    assert (number(39171, "en"), number(39171, "fr")) == ("39,171", "39\u00a0171")


def test_months_without_figures_are_runs_of_their_own() -> None:
    assert list(gaps([1, None, None, 2, None])) == [(1, 2), (4, 4)]


def test_the_frame_shows_its_view_whole_and_in_the_middle() -> None:
    frame = Frame(Box(10, 20, 300, 300), ((44.0, -74.0), (45.0, -73.0)))
    corners = frame.place(np.array([[-74.0, 44.0], [-73.0, 45.0]]))
    assert (corners >= [10, 20]).all()
    assert (corners <= [310, 320]).all()
    assert np.isclose(corners.mean(axis=0), [160, 170]).all()
    # One degree of longitude is 111.3 km at the equator, and 78.7 km at 45 degrees.
    assert frame.metres(78_715, 45.0) == pytest.approx(corners[1, 0] - corners[0, 0], rel=1e-3)


def test_hatching_stays_within_its_circle() -> None:
    ends = np.vstack(hatching(5, 5, 10, 0.7, 3))
    assert np.allclose(np.hypot(*(ends - 5).T), 10)


def test_a_vague_area_is_an_outline_and_a_faint_tint() -> None:
    def drawn(radius: float) -> tuple[int, float]:
        disc, lines, edge = incident_area("death", 0, 0, radius)
        assert isinstance(lines, Drawn)
        assert isinstance(disc, Disc)
        assert isinstance(edge, Disc)
        assert edge.radius == radius  # the area itself is as large as it is said to be
        return len(lines.parts), disc.opacity

    (some, near), (none, far) = drawn(HATCHED), drawn(HATCHED + 1)
    assert some > 3
    assert none == 0
    assert far < near < 0.1


def test_the_svg_holds_nothing_that_runs_or_fetches(sheet: Sheet) -> None:
    root = ET.fromstring(sheet_svg(sheet))
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds == {"svg", "g", "title", "desc", "path", "circle", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {n for n in names if n.startswith("on") or "href" in n or n == "style"}
    assert "url(" not in sheet_svg(sheet)


def hostile_sheet(text: str) -> Sheet:
    layers, base = samples.layers(), samples.base()
    ports = layers.ports.assign(ca_name=text, us_name=text, ca_road=text, us_road=text)
    places = base.places.assign(name=text, name_fr=text)
    roads = base.roads.assign(ref=text, name=text)
    return map_sheet(
        layers.with_tables(ports=ports), replace(base, places=places, roads=roads), title=text
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_reads_as_written(text: str) -> None:
    if "\0" in text:
        with pytest.raises(DataError, match="title: holds characters that stand for none"):
            hostile_sheet(text)
        return
    root = ET.fromstring(sheet_svg(hostile_sheet(text)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "g", "title", "desc", "path", "circle", "text")
    }
    said = "".join(root.itertext())
    kept = re.sub(r"[\x00-\x1f\u202e]", "", text.replace("\n", " "))
    assert kept.split(" ")[0] in said


def test_hostile_text_is_printed_too(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for text in (HOSTILE[1], HOSTILE[4], HOSTILE[6]):
        face = Typeface(12)
        items: list[Drawn | Disc | Text] = [Text(5, 20, text, face, "#000000", halo=2)]
        save_picture(Sheet(200, 40, text, items=items), tmp_path / "a.png")
        save_picture(Sheet(200, 40, text, items=items), tmp_path / "a.pdf")


def test_a_png_has_the_pixels_asked_for_and_the_same_bytes_twice(
    note: Sheet, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    first, second = (
        save_picture(note, tmp_path / n, scale=1.5).read_bytes() for n in ("a.png", "b.png")
    )
    assert first == second
    assert struct.unpack(">II", first[16:24]) == (180, 90)


@pytest.mark.parametrize("ending", [".svg", ".pdf"])
def test_the_same_sheet_gives_the_same_bytes(note: Sheet, tmp_path: Path, ending: str) -> None:
    if ending == ".pdf":
        pytest.importorskip("matplotlib")
    first, second = (save_picture(note, tmp_path / f"{n}{ending}").read_bytes() for n in "ab")
    assert first == second


def test_a_sheet_keeps_the_rules_or_says_who_allowed_it() -> None:
    layers, base = samples.layers(), samples.base()
    few = layers.interceptions.iloc[:1].assign(count=3, low=3, high=3, source_url="https://x.org/a")
    small = layers.with_tables(interceptions=few)
    for drawn, title, rule in ((layers, "A man aged 34", "personal"), (small, None, "small-cells")):
        with pytest.raises(RuleError, match=f"^{rule}: "):
            map_sheet(drawn, base, title=title)
        allow = {rule: "The ministry published it"}
        said = map_sheet(drawn, base, title=title, allow=allow, by="A. Desk").texts()
        assert "The ministry published it" in " ".join(said)


def test_what_a_region_says_is_held_to_the_rules() -> None:
    given = active_region()
    assert given.details is not None
    told = replace(
        given, details=given.details.model_copy(update={"kicker": {"en": "No patrols at night"}})
    )
    bad = failed(check_data(said_of(told)))
    assert [one.rule for one in bad] == ["terms"]
    assert failed(check_data(said_of(given, "A headline"))) == []


def test_widths_are_those_of_the_vendored_fonts() -> None:
    tools = pytest.importorskip("fontTools.ttLib")
    widths = json.loads(asset("widths.json"))
    assert len(widths) == 20
    for name, known in widths.items():
        path = files("roxham.maps").joinpath("assets", FONTS["sans" in name], f"{name}.woff2")
        with path.open("rb") as packed:
            font = tools.TTFont(packed)
            names = font.getBestCmap()
            measured = {chr(c): font["hmtx"][names[c]][0] for c in names if c >= 32}
        assert known == measured


def test_a_long_word_is_broken_and_nothing_is_lost() -> None:
    face = Typeface(10)
    lines = wrapped("a " + "m" * 500, face, 60)
    assert "".join(lines) == "a" + "m" * 500
    assert all(text_width(line, face) <= 60 for line in lines)


def test_roads_are_classed_as_on_the_page() -> None:
    script = asset("js/kinds/shared/road_classes.js")
    pattern = r'(\w+): \{ width: ([\d.]+), colour: "([a-z-]+)", from: ([\d.]+), shield: ([\d.]+) \}'
    page = {
        name: (ink, float(width), float(zoom), float(shield))
        for name, width, ink, zoom, shield in re.findall(pattern, script)
    }
    assert page == ROADS
    assert list(page) == list(ROADS), "the order is the rank"


def test_a_road_of_several_classes_is_drawn_as_the_highest_on_page_and_sheet() -> None:
    several = [["residential", "primary_link"], ["track", "tertiary"], ["motorway", "trunk"], []]
    assert [road_class(one) for one in several] == [
        *("primary", "tertiary", "motorway", "unclassified")
    ]
    told = [road_class(plain(one)) for one in several]  # as the page is given them
    assert told == [road_class(one) for one in several]


def test_another_ending_is_refused(sheet: Sheet, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.gif is not a picture\. Give a name ending in \.svg"):
        save_picture(sheet, tmp_path / "a.gif")


def test_without_matplotlib_the_error_names_what_to_install(
    sheet: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DataError, match=r"Run pip install .*matplotlib"):
        save_picture(sheet, tmp_path / "a.png")
    assert save_picture(sheet, tmp_path / "a.svg").exists()


def test_the_command_writes_pictures_alone_or_with_the_page(run: Run, tmp_path: Path) -> None:
    said = run("map", "--svg", "a.svg", "--lang", "fr", "--view", "site")
    assert said.code == 0
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Légende" in drawn
    texts = ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
    assert all(float(text.attrib["textLength"]) > 0 for text in texts)  # in whatever font
    assert not (tmp_path / "roxham.html").exists()


def test_the_command_refuses_a_wrong_ending_before_it_draws(run: Run, tmp_path: Path) -> None:
    said = run("map", "--svg", "a.png", "--pdf", "b.txt")
    assert said.code == 2
    assert "--svg" in said.err
    assert "--pdf" in said.err
    assert list(tmp_path.iterdir()) == []


def marks(svg: str, language: str) -> list[tuple[str, dict[str, str], str | None]]:
    """Return what is drawn in a language, in its order, with what its groups say of it."""

    def walk(
        node: ET.Element, said: dict[str, str]
    ) -> list[tuple[str, dict[str, str], str | None]]:
        if node.get("lang", language) != language:
            return []
        said = said | {k: v for k, v in node.attrib.items() if k != "lang"}
        inner = [mark for child in node for mark in walk(child, said)]
        return inner if node.tag == f"{SVG}g" else [(node.tag, said, node.text), *inner]

    return [mark for child in ET.fromstring(svg)[2:] for mark in walk(child, {})]


def test_one_picture_in_several_languages_has_once_what_they_share() -> None:
    layers, base = load_layers(), load_base()
    sheets = [picture for lang in ("en", "fr") for picture in map_pictures(layers, base, [lang])]
    both = sheets_svg(map_pictures(layers, base, ["en", "fr"]))
    alone = [sheet_svg(sheet) for sheet in sheets]
    assert both == sheets_svg(sheets)
    assert [marks(both, lang) for lang in ("en", "fr")] == [
        marks(svg, lang) for svg, lang in zip(alone, ("en", "fr"), strict=True)
    ]
    assert len(both) < 1.25 * max(map(len, alone))
    assert sheets_svg(sheets[:1]) == alone[0]


def test_the_line_of_a_date_is_broken_under_the_words_of_a_peak() -> None:
    tops = [100.0] * 30
    tops[20] = 40.0
    free, crossed = [10.0], [65.0, 195.0]
    told = [
        list(peak_mark("5,530", 20, tops, 0.0, 10.0, 400.0, lines)) for lines in (free, crossed)
    ]
    assert [type(item) for item in told[0]] == [Text]
    [words] = [item for item in told[0] if isinstance(item, Text)]
    assert (words.anchor, words.y) == ("start", 44.0)
    both_sides = list(peak_mark("5,530", 20, tops, 0.0, 10.0, 400.0, [195.0, 220.0]))
    assert [type(item) for item in both_sides] == [Drawn, Text]
    [gap] = [item for item in both_sides if isinstance(item, Drawn)]
    assert gap.parts[0][:, 0].min() < 220 < gap.parts[0][:, 0].max()


def test_no_name_covers_the_dot_of_a_large_town() -> None:
    (picture,) = map_pictures(load_layers(), load_base(), ["en"])
    dots = [i for i in picture.items if isinstance(i, Disc) and i.radius in (3, 3.6, 4)]
    names = [i for i in picture.items if isinstance(i, Text) and i.role == "place"]
    assert len(dots) > 5
    for name in names:
        box = Box(name.x, name.y - 10, text_width(name.text, name.face), 12)
        assert not [d for d in dots if meet(box, Box(d.x - 2, d.y - 2, 4, 4))], name.text

"""The page's own files: what is vendored, what is joined, what is said in each language."""

import hashlib
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from roxham import maps
from roxham.layers.privacy.personal_words import personal_words
from roxham.maps.content.wording import messages
from roxham.maps.resources import (
    FACES,
    asset_json,
    content_policy,
    font_faces,
    leaflet,
    runtime_script,
    scripts_of,
    shipped_kinds,
    style_sheet,
    translations,
)
from roxham.maps.resources import SCRIPTS as SCRIPTS_BEYOND

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "maps" / "assets"
SCRIPTS = sorted((ASSETS / "js").rglob("*.js"))
TOP = re.compile(r"^(?:export )?(?:const|let|class|(?:async )?function) (\w+)", re.MULTILINE)


def test_vendored_files_are_the_ones_listed() -> None:
    listed = json.loads((ASSETS / "vendor" / "vendor.json").read_text())
    found = {
        f"{package['folder']}/{name}": digest
        for package in listed
        for name, digest in package["sha256"].items()
    }
    present = {
        str(path.relative_to(ASSETS / "vendor").as_posix()): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in (ASSETS / "vendor").glob("*/**/*")
        if path.is_file()
    }
    assert present == found
    assert all(f"{package['folder']}/LICENSE" in present for package in listed)


def test_fonts_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ASSETS / "vendor").rglob("*.woff2")}
    always = [size for name, size in sizes.items() if re.search(r"-latin-\d", name)]
    assert len(always) == len(FACES)
    assert sum(always) < 120_000
    assert sum(sizes.values()) < 400_000
    assert len(sizes) == len(FACES) * (1 + len(SCRIPTS_BEYOND))


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Montréal, « œuvre » – 5 €, № ≈", ()),
        ("Turnu Măgurele", ("latin-ext",)),
        ("Свищов, Київ, Ґ", ("cyrillic",)),
        ("Ορεστιάδα", ("greek",)),
        ("Свищов – Călărași", ("latin-ext", "cyrillic")),
        ("القاهرة 北京", ()),
    ],
)
def test_a_page_holds_fonts_for_the_scripts_of_its_letters(
    text: str, scripts: tuple[str, ...]
) -> None:
    assert scripts_of(text) == scripts
    faces = font_faces(scripts)
    assert faces.count("@font-face") == len(FACES) * len(scripts)
    for script in scripts:
        assert f"unicode-range: {SCRIPTS_BEYOND[script]};" in faces


@pytest.mark.parametrize("language", translations())
def test_every_message_is_there_in_every_language(language: str) -> None:
    english, words = asset_json("messages/en.json"), asset_json(f"messages/{language}.json")
    assert set(words) == set(english)
    assert [key for key, text in words.items() if not text.strip() and key != "number.group"] == []
    slots = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in words.items()}
    dates = {"date.first", "length.km"}  # one may leave out the day, the other the miles
    told = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in english.items()}
    assert {k: v for k, v in slots.items() if k not in dates} == {
        k: v for k, v in told.items() if k not in dates
    }
    assert all(slots[key] <= told[key] for key in dates)
    assert len(words["date.months"].split()) == 12


def test_a_translation_leaves_nothing_in_english() -> None:
    english, bulgarian = asset_json("messages/en.json"), asset_json("messages/bg.json")
    words = {k: re.sub(r"\{\w+\}", "", v) for k, v in bulgarian.items()}
    latin = {k for k, v in words.items() if re.search(r"[a-z]{2}", v) and v == english[k]}
    assert latin <= {"language.direction", "sources.hash", "unit.percent"}


@pytest.mark.parametrize("language", translations())
def test_no_sentence_of_the_page_reads_as_what_tells_who_a_person_is(language: str) -> None:
    for key, text in asset_json(f"messages/{language}.json").items():
        for number in ("2", "12", "1,203"):
            assert personal_words(re.sub(r"\{[^}]*\}", number, text)) == (), key


def test_every_message_that_is_asked_for_is_there() -> None:
    known = messages()["en"]
    texts = [*SCRIPTS, ASSETS / "page.html.j2", *(ROOT / "maps").rglob("*.py")]
    asked = {
        key
        for path in texts
        for key in re.findall(
            r"""\b(?:t|say|both)\(\s*"([a-z]\w*(?:\.\w+)?)"[,)\s]""", path.read_text()
        )
    }
    assert len(asked) > 60
    assert sorted(asked - set(known)) == []


def test_modules_can_be_joined() -> None:
    names: list[str] = []
    for path in SCRIPTS:
        text = path.read_text()
        for line in text.splitlines():
            assert not line.startswith("import ") or re.fullmatch(
                r'import \{[^}]*\} from "(\./|(\.\./)+)(\w+/)*\w+\.js";', line
            ), path
        names += TOP.findall(text)
        # Indents and comments are left out of the page: no text may go over lines.
        assert [line for line in text.splitlines() if line.count("`") % 2] == [], path
        imported = re.findall(r'from "([^"]+)"', text)
        assert all((path.parent / name).exists() for name in imported), path
    assert sorted(n for n in set(names) if names.count(n) > 1) == []
    joined = runtime_script()
    assert set(names) <= set(TOP.findall(joined))
    assert not re.search(r"^\s*//|^[ \t]", joined, re.MULTILINE)
    assert "\nfunction formatOne(text,style){\n" in joined  # without needless spaces
    assert '\nconst SVG = "http://www.w3.org/2000/svg";\n' in joined  # but for those with texts
    assert "import {" not in joined
    assert "export " not in joined


def test_each_room_of_scripts_stands_on_those_before_it() -> None:
    rooms = ("core", "stage", "kinds/shared", "kinds", "panels", "page")

    def room_of(path: Path) -> str:
        return path.parent.relative_to(ASSETS / "js").as_posix()

    assert {room_of(path) for path in SCRIPTS} == set(rooms)
    for path in SCRIPTS:
        named = re.findall(r'from "([^"]+)"', path.read_text())
        asked = {room_of((path.parent / name).resolve()) for name in named}
        assert asked <= set(rooms[: rooms.index(room_of(path)) + 1]), path


def test_each_room_of_scripts_holds_four_to_twelve() -> None:
    own = [path for path in SCRIPTS if path.name != "index.js"]  # which only lists the others
    sizes = Counter(path.parent.relative_to(ASSETS / "js").as_posix() for path in own)
    assert {room: n for room, n in sizes.items() if not 4 <= n <= 12} == {}


def test_every_layer_is_of_a_kind_that_the_page_draws_and_has_words_for(node: str) -> None:
    index = (ASSETS / "js" / "kinds" / "index.js").as_uri()
    script = f'import {{ KINDS }} from "{index}"; console.log(JSON.stringify(Object.keys(KINDS)));'
    told = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    drawn = set(json.loads(told.stdout))
    assert drawn == shipped_kinds()
    assert drawn == {getattr(maps, name).kind for name in dir(maps) if name.endswith("Layer")}
    words = messages()["en"]
    assert [kind for kind in sorted(drawn) if f"layer.{kind}" not in words] == []


def test_no_text_can_become_markup() -> None:
    for path in SCRIPTS:
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert word not in path.read_text(), path
    for text in (runtime_script(), leaflet()[0]):
        assert "</script" not in text.lower()
        assert "<!--" not in text
    assert not any(
        "</style" in text.lower()
        for text in (leaflet()[1], style_sheet("page.css"), style_sheet("map.css"))
    )


def test_nothing_points_outside() -> None:
    for style in (leaflet()[1], style_sheet("page.css"), style_sheet("map.css")):
        assert all(
            url.startswith(("data:", "#")) for url in re.findall(r"""url\(["']?([^"')]*)""", style)
        )
    assert "sourceMappingURL" not in leaflet()[0]


def test_the_policy_hashes_what_a_browser_hashes() -> None:
    html = "<style>a</style><script type='application/json'>x</script><script>\n<b>&amp;</script>"
    policy = dict(
        part.split(" ", 1)
        for part in content_policy(html, images=["https://t.example"]).split("; ")
    )
    # printf '\n<b>&amp;' | openssl dgst -sha256 -binary | base64
    assert policy["script-src"] == "'sha256-417ldsI+5+PtTzKZblFCkriTOhG7OCG7t2YyJe1aBhs='"
    assert policy["img-src"] == "data: https://t.example"
    assert policy["default-src"] == "'none'"


def test_the_scripts_own_tests(node: str) -> None:
    files = [str(path) for path in sorted((ROOT / "tests" / "js").glob("*.test.mjs"))]
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def rules_of(name: str) -> list[list[str]]:
    """Return the selectors of each rule of a style sheet, those in media queries too."""
    text = re.sub(r"/\*.*?\*/", "", (ASSETS / name).read_text(), flags=re.DOTALL)
    heads = re.findall(r"([^{}]*)\{", re.sub(r"@[^{;]*[{;]", "", text))
    return [[one.strip() for one in re.split(r",(?![^(]*\))", head)] for head in heads]


PARTS = ("chart", "areas", "ask", "clock", "table")
"""Parts of the page with a style sheet of their own, each under a class of its name."""


def test_the_styles_of_a_part_hit_nothing_outside_it() -> None:
    assert {f"{part}.css" for part in PARTS} == {p.name for p in ASSETS.glob("*.css")} - {
        "map.css",
        "page.css",
        "embed.css",
    }
    for part in PARTS:
        own = re.compile(rf"\.rx-{part}(?![a-z])")
        loose = [one for rule in rules_of(f"{part}.css") for one in rule if not own.search(one)]
        assert loose == [], part


def test_no_part_uses_a_class_that_the_page_or_another_part_styles_everywhere() -> None:
    everywhere = {
        one
        for name in ("map.css", "page.css")
        for rule in rules_of(name)
        for one in rule
        if re.fullmatch(r"\.rx-[a-z-]+", one)
    }
    assert ".rx-button" in everywhere
    for part in PARTS:
        for rule in rules_of(f"{part}.css"):
            used = {name for one in rule for name in re.findall(r"\.rx-[a-z-]+", one)}
            # The page's button is one thing everywhere; a part only says where it stands.
            assert used & everywhere <= {".rx-button", ".rx-step", ".rx-page"}, (part, rule)

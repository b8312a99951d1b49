"""What is found of a statement is said in each language of the region, or in English."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from roxham.geo import using_region
from roxham.layers import check_claims, load_layers

ROOT = Path(__file__).parents[3]
HEAD = "claim_id,statement,expression,explanation,"
SOURCE = "source_title,source_publisher,source_url,source_date,confidence"
ROW = "Article,Paper,https://example.org/a,2024-01-01,single"
CLAIMS = [
    'A1,x,"event_on(""2025"", ""law"")",,',
    'A2,x,"weekday(""2025-01-01"") == ""Wednesday""",,',
    'A3,x,"event_on(""2025"", ""flood"")",,',
    "A4,x,,Никоя таблица не казва.,",
]


def danube(folder: Path, words: str = "", languages: str = '["bg", "en"]') -> Path:
    """Return a copy of the region whose first language is Bulgarian."""
    copy = folder / "danube"
    copy.mkdir()
    for file in (ROOT / "examples" / "danube").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    text = (copy / "region.toml").read_text(encoding="utf-8")
    text = text.replace('languages = ["bg", "en"]', f"languages = {languages}") + words
    (copy / "region.toml").write_text(text, encoding="utf-8")
    rows = "".join(f"{line}{ROW}\n" for line in CLAIMS)
    (folder / "claims.csv").write_text(f"{HEAD}{SOURCE}\n{rows}", encoding="utf-8")
    return copy


def test_the_first_language_of_a_region_has_no_suffix(tmp_path: Path) -> None:
    with using_region(danube(tmp_path)):
        found = check_claims(load_layers(), tmp_path / "claims.csv").set_index("claim_id")
    assert "Шенген" in str(found.at["A1", "found"])
    assert "Schengen" in str(found.at["A1", "found_en"])
    assert [found.at["A2", name] for name in ("found", "found_en")] == ["сряда", "Wednesday"]
    assert found.at["A3", "reason"] == "2025, flood: няма ред в policy_events"
    assert found.at["A3", "reason_en"] == "2025, flood: no row in policy_events"
    assert not [name for name in map(str, found) if name.endswith("_fr")]


def test_a_region_gives_its_own_words_and_else_english_stands(tmp_path: Path) -> None:
    words = '\n[words.ro]\n"statement.Wednesday" = "miercuri"\n'
    with using_region(danube(tmp_path, words, '["bg", "en", "ro"]')):
        found = check_claims(load_layers(), tmp_path / "claims.csv").set_index("claim_id")
    assert found.at["A2", "found_ro"] == "miercuri"
    assert found.at["A3", "reason_ro"] == "2025, flood: no row in policy_events"


def test_each_translation_has_the_slots_of_the_english() -> None:
    text = (files("roxham.layers") / "data" / "statement_words.json").read_text(encoding="utf-8")
    shipped = json.loads(text)
    translated = [name for name in shipped if name != "en"]
    pages = [f.stem for f in (ROOT / "maps/assets/messages").iterdir()]
    assert set(shipped) == set(pages)
    for lang in translated:
        for key, words in shipped["en"].items():
            slots = {part.partition("}")[0] for part in words.split("{")[1:]}
            assert {p.partition("}")[0] for p in shipped[lang][key].split("{")[1:]} == slots, key

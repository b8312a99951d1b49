"""Texts that are not UTF-8: read where one reading holds, and asked about where several do."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.geo.io.csv import read_cells, read_parts
from roxham.geo.io.sources import read_raw
from roxham.geo.sheets.encodings import ALPHABETS, encoding_named, read_words
from roxham.geo.sheets.reading import Reading


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (["Größe", "Zürich"], "cp1252"),
        (["QUÉBEC", "Décès", "Île"], "cp1252"),
        (["Łódź", "Kraków"], "cp1250"),
        (["Łódź", "Kraków"], "iso8859-2"),
        (["Видин", "Враца"], "cp1251"),
        (["Видин", "Враца"], "koi8-r"),
        (["Видин", "Враца"], "cp866"),
        (["Αθήνα", "Έβρος"], "cp1253"),
        (["İzmir", "Muğla", "Çorum", "Kuşadası"], "cp1254"),
        (["الرباط", "المجموع"], "cp1256"),
        (["Québec", "Île"], "mac-roman"),
        (["Québec", "Rivières"], "cp850"),
        (["<5–9", "l’année", "12 €"], "cp1252"),
    ],
)
def test_one_reading_is_found(words: list[str], encoding: str) -> None:
    found = read_words([word.encode(encoding) for word in words], ["fr"])
    assert len(found) == 1
    assert found[0].example in words
    assert words[0].encode(encoding).decode(found[0].encoding) == words[0]


@given(st.sampled_from(["fr", "de", "pl", "cs", "ru", "ar", "el"]), st.data())
def test_a_language_is_among_the_readings_of_its_own_letters(
    language: str, data: st.DataObject
) -> None:
    codecs = {"pl": "cp1250", "cs": "cp1250", "ru": "cp1251", "ar": "cp1256", "el": "cp1253"}
    encoding = codecs.get(language, "cp1252")
    letters = [c for c in ALPHABETS[language] if c.encode(encoding, "ignore")]
    word = data.draw(st.text(st.sampled_from(letters), min_size=1, max_size=4))
    read = read_words([word.encode(encoding)])
    assert word in [word.encode(encoding).decode(one.encoding) for one in read]
    assert len({one.example for one in read}) == len(read)


def test_no_encoding_of_pythons_own_can_be_named() -> None:
    assert [encoding_named(name) for name in ("Windows-1252", "1251", "UTF-16")] == [
        *("cp1252", "cp1251", "utf-16"),
    ]
    assert {encoding_named(name) for name in ("rot13", "zip", "idna", "unicode_escape", "")} == {
        None
    }


def write(tmp_path: Path, text: str, encoding: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


def raw(path: Path, **said: str) -> tuple[pd.DataFrame, list[str]]:
    read = read_raw(
        path,
        name="a.csv",
        table="t",
        known=["ort"],
        require=lambda header: None,
        reading=Reading(**said),  # type: ignore[arg-type]
    )
    return read.rows, read.told


def test_a_table_is_read_as_found_and_said(tmp_path: Path) -> None:
    rows, told = raw(write(tmp_path, "ort;n\nGröße;1\n", "cp1252"))
    assert rows["ort"].tolist() == ["Größe"]
    assert told == ["the text is read as cp1252 “Größe”"]
    parts = read_parts(tmp_path / "a.csv", name="a.csv", size=1)
    assert [part.rows for part in parts] == [[["Größe", "1"]]]


def test_two_readings_are_asked_about_and_answered(tmp_path: Path) -> None:
    path = write(tmp_path, "ort;n\nGdańsk;1\n", "cp1250")
    with pytest.raises(DataError, match=r"2 ways: cp1252 “Gdañsk”, cp1250 “Gdańsk”.*--encoding"):
        raw(path)
    assert raw(path, encoding="cp1250")[0]["ort"].tolist() == ["Gdańsk"]
    with pytest.raises(DataError, match=r"is no text in utf-8 \(byte 9\)"):
        raw(path, encoding="utf-8")
    with pytest.raises(DataError, match="is no encoding of a text"):
        raw(path, encoding="rot13")


def test_the_languages_of_the_region_settle_what_else_has_two_readings(tmp_path: Path) -> None:
    path = write(tmp_path, "ort\nQuébec\nTrois-Rivières\n", "cp1252")  # čs: Rivičres
    assert len(read_words([b"Rivi\xe8res"])) == 2
    assert raw(path)[0]["ort"].tolist() == ["Québec", "Trois-Rivières"]


@pytest.mark.parametrize("size", [1, 1 << 22])
def test_a_broken_letter_in_utf8_is_no_other_encoding(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roxham.geo.sheets.decoding.PIECE", size)
    path = tmp_path / "a.csv"
    path.write_bytes("ort\nQuébec\nMontréal\n".encode() + b"Qu\xc3bec\n")
    with pytest.raises(DataError, match=r"UTF-8 with a broken letter \(byte 24\)"):
        read_cells(path, name="a.csv")


def test_a_saved_page_says_how_it_is_written(tmp_path: Path) -> None:
    page = (
        '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
        "<table><tr><th>ort</th></tr><tr><td>Gdańsk</td></tr></table></html>"
    )
    assert raw(write(tmp_path, page, "cp1250"))[0]["ort"].tolist() == ["Gdańsk"]

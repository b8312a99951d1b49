"""Headers of other people's tables: near ones are proposed, all kinds of faults told at once."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.geo.tables.contract import Column, Contract, read_table, reads, swapped_axes
from roxham.geo.written.headers import WORDS, is_header, meant

SITES = Contract(
    "sites",
    (
        Column("name", also=("nom", "nombre")),
        Column("lat", "lat"),
        Column("lon", "lon"),
        Column("seen", "integer"),
        Column("source_url", "url"),
    ),
    checks=(swapped_axes(),),
)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        *(("latitude", "lat"), ("Lat.", "lat"), ("LATITUD", "lat"), ("Breitengrad", "lat")),
        *(("Longitude (°)", "lon"), ("Long.", "lon"), ("lng", "lon"), ("خط الطول", "lon")),
        *(("x", "lon"), ("Y", "lat")),
    ],
)
def test_degrees_are_known_by_many_names(theirs: str, ours: str) -> None:
    assert meant(["id", theirs], ours, WORDS[ours]) == theirs


@pytest.mark.parametrize("theirs", ["plate", "long_name", "along", "translation", "lot"])
def test_a_name_that_only_sounds_so_is_not_meant(theirs: str) -> None:
    assert meant([theirs], "lat", WORDS["lat"]) is None
    assert meant([theirs], "lon", WORDS["lon"]) is None


def test_a_column_that_is_another_of_ours_is_not_proposed() -> None:
    assert meant(["name"], "nam_e", ["name"], taken=["name"]) is None


def test_a_line_of_numbers_or_a_title_is_no_header() -> None:
    assert is_header(["jahr", "ort"])
    assert not is_header(["2022", "5"])
    assert not is_header(["Table 3", ""])
    assert not is_header(["Title alone"])


def test_columns_that_lack_and_rows_at_fault_are_told_in_one_round(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("Nom,latitude,lon,seen,source_url\nA,45,-73,many,ftp://x\nB,45,-373,5,soon\n")
    with pytest.raises(DataError) as caught:
        read_table(path, SITES, name="s.csv")
    told = [(fault.row, fault.column, fault.remedy) for fault in caught.value.faults]
    assert told == [
        (1, "name", "Rename Nom so, if that is it."),
        (1, "lat", "Rename latitude so, if that is it."),
        (2, "seen", ""),
        (2, "source_url", ""),
        (3, "lon", ""),
        (3, "source_url", ""),
    ]


def test_a_check_is_asked_of_rows_that_are_at_fault_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,lat,lon,seen,source_url\nA,-73,45,many,https://example.org/a\n")
    rejected = read_table(path, SITES).rejected
    assert rejected["column"].tolist() == ["lat", "seen"]


def test_a_check_that_says_nothing_of_what_it_reads_gets_sound_rows_only(tmp_path: Path) -> None:
    seen = []

    def check(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        seen.append(len(rows))
        return iter(())

    path = tmp_path / "s.csv"
    path.write_text("year,text\n2022,a\nsoon,b\n")
    columns = (Column("year", "integer"), Column("text"))
    read_table(
        path, Contract("notes", columns, checks=(check, reads("text")(lambda rows: check(rows))))
    )
    assert seen == [1, 2]

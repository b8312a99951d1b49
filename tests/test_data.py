"""What ships: every resource is listed, measured, licensed; every row has its source."""

import json
import re
from pathlib import Path

import frictionless
import geopandas as gpd
import pandas as pd
import pytest

from roxham.layers import load_entries

from .datapackages import PACKAGES, measured

SOURCE = ["source_title", "source_publisher", "source_url", "source_date", "confidence", "note"]
TABLES = [p for folder in PACKAGES for p in sorted(folder.glob("*.*")) if p.suffix != ".json"]


def package(folder: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((folder / "datapackage.json").read_text())  # type: ignore[no-any-return]


def rows_of(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.DataFrame(gpd.read_file(path).drop(columns="geometry")).fillna("").astype(str)


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda p: p.parent.name)
def test_a_package_lists_each_file_with_its_licence(folder: Path) -> None:
    resources = package(folder)["resources"]
    assert [r["path"] for r in resources] == sorted(p.name for p in TABLES if p.parent == folder)
    for resource in resources:
        for key in ("title", "description", "sources", "licenses", "retrieved"):
            assert resource[key], (resource["path"], key)
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(resource["retrieved"]))


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda p: p.parent.name)
def test_a_package_measures_each_file_as_it_is(folder: Path) -> None:
    for resource in package(folder)["resources"]:
        found = measured(folder / str(resource["path"]))
        assert {key: resource[key] for key in found} == found, resource["path"]


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda p: p.parent.name)
def test_a_package_is_valid_frictionless(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"), limit_errors=5)
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_every_row_names_its_source(path: Path) -> None:
    # Of the entries one source has all rows: it stands once for each port, and in what is loaded.
    rows = load_entries().rows if path.name == "entries.csv" else rows_of(path)
    rows = rows.fillna({"note": ""})
    assert len(rows) > 0
    assert set(SOURCE) <= set(rows.columns)
    for column in ("source_title", "source_publisher"):
        assert rows[column].str.strip().ne("").all()
    assert rows["source_url"].str.fullmatch(r"https?://[^\s]+\.[^\s]+").all()
    assert set(rows["confidence"]) <= {"confirmed", "single", "computed", "conflicting"}
    assert not rows["note"].str.contains("recalled|from memory", case=False).any()


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_publishers_are_told_as_such_and_copies_beside_them(path: Path) -> None:
    rows = rows_of(path)
    publishers = rows.get("source_publisher", pd.Series(dtype=str))  # none: its ports have it
    copied = publishers[publishers.str.contains(r"\b(?:copy|copied|copying|quoted|repost)\b")]
    assert copied.unique().tolist() == []
    led = publishers[publishers.str.contains("partisan")]
    assert led.str.contains(r", as (?:reported|transcribed) by .+, a partisan (?:site|blog)$").all()
    if "read_in" in rows:
        told = rows.loc[rows["read_in"].ne(""), "read_in"]
        assert told.str.match(r"https?://[^\s/]+/\S+$").all()


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_tables_hold_no_trace_of_a_workplace(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"(?:^|[\s\"',(])/(?:work|tmp|home|root)/|\.\./shared", text)
    if path.suffix == ".csv":
        assert "\r" not in text

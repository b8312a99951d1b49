"""Commands on many files: crossings as of one file, context and counts, and what is refused."""

from __future__ import annotations

import html
from itertools import product
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from typer.testing import CliRunner

from roxham.layers import load_incidents
from roxham.layers.counts.by_area import added_up
from roxham.maps import FeatureLayer
from roxham.maps.cli.app import app
from roxham.maps.cli.shared.counted import Counted, classes
from roxham.maps.cli.shared.many_files import areas_of_files, is_many, over_months
from tests.geo.scale.tiles import LINE, streets, tiled, written


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    edges = streets(13)
    edges.to_parquet(folder / "edges.parquet")
    (folder / "tiles").mkdir()
    written(tiled(edges, 3, 0.001), folder / "tiles")
    LINE.to_file(folder / "line.geojson")
    return folder


@pytest.mark.parametrize("open_border", [True, False])
def test_many_files_give_the_table_of_one(folder: Path, open_border: bool) -> None:
    border = ["--border", folder / "line.geojson", *(["--open"] if open_border else [])]
    one = run("crossings", "--roads", folder / "edges.parquet", *border)
    many = run("crossings", "--roads", folder / "tiles" / "*.parquet", *border)
    assert (one.exit_code, many.exit_code) == (0, 0), many.output
    assert many.stdout == one.stdout
    assert len(one.stdout.splitlines()) > 5 or not open_border
    assert "in 3 files" in many.stderr
    said = "match no documented port or site"
    assert (said in many.stderr, said in one.stderr) == (not open_border, not open_border)


def test_a_file_at_fault_is_named_and_the_rest_is_written(folder: Path, tmp_path: Path) -> None:
    for name in (folder / "tiles").iterdir():
        (tmp_path / name.name).write_bytes(name.read_bytes())
    (tmp_path / "roads-99.parquet").write_bytes(b"PAR1")
    table = tmp_path / "crossings.csv"
    border = ("--border", folder / "line.geojson", "--open")
    ran = run("crossings", "--roads", tmp_path / "roads-*.parquet", *border, "-o", table)
    assert ran.exit_code == 1
    assert "1 of the files left out" in ran.stderr
    assert "roads-99.parquet: is not a whole GeoParquet file" in ran.stderr
    assert len(table.read_text().splitlines()) > 5


def test_context_is_written_file_by_file(tmp_path: Path) -> None:
    rows = load_incidents().rows.iloc[:4]
    (tmp_path / "in").mkdir()
    rows.iloc[:1].to_parquet(tmp_path / "in" / "a.parquet")
    rows.iloc[1:].to_parquet(tmp_path / "in" / "b.parquet")
    ran = run("context", "--incidents", tmp_path / "in" / "*.parquet", "-o", tmp_path / "out")
    assert ran.exit_code == 0, ran.output
    made = [pd.read_parquet(tmp_path / "out" / name) for name in ("a.parquet", "b.parquet")]
    assert pd.concat(made)["id"].tolist() == rows["id"].tolist()
    assert made[0]["road_max_m"].notna().all()


def test_context_is_of_the_network_of_its_own_run(tmp_path: Path) -> None:
    text = 'id="x"\nlanguages=["en"]\nbounds=[0,49,1,51]\ncontrolled=false\ntitle={en="X"}\n'
    text += (
        '[[sides]]\ncode="N"\n[[sides]]\ncode="S"\n[files]\nroads="roads.osm"\nborder="line.csv"\n'
    )
    row = load_incidents().rows.iloc[:1].assign(lon=0.5, lat=50.02, radius_m=100.0, country="S")
    row.set_geometry(gpd.points_from_xy([0.5], [50.02], crs=4326)).to_parquet(
        tmp_path / "a.parquet"
    )
    found = []
    for name, lon in (("near", 0.51), ("far", 0.56)):  # two folders, one id
        (tmp_path / name).mkdir()
        (tmp_path / name / "region.toml").write_text(text)
        (tmp_path / name / "line.csv").write_text("lon,lat\n0,50.08\n1,50.08\n")
        spots = (lon, 50.0), (lon, 50.1), (0.3, 49.9), (0.9, 49.9)
        ends = "".join(f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in enumerate(spots))
        way = "".join(
            f'<way id="{i}"><nd ref="{i}"/><nd ref="{i + 1}"/><tag k="highway" v="primary"/></way>'
            for i in (0, 2)
        )
        (tmp_path / name / "roads.osm").write_text(f'<osm version="0.6">{ends}{way}</osm>')
        where = ("--region", tmp_path / name, "--incidents", tmp_path / "*.parquet")
        ran = run("context", *where, "-o", tmp_path / f"{name}-out")
        assert ran.exit_code == 0, ran.output
        found.append(pd.read_parquet(tmp_path / f"{name}-out" / "a.parquet")["road_max_m"].item())
    assert found[0] < 2000 < 4000 < found[1]


def test_points_are_counted_and_a_missing_file_is_never_a_lower_count(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame(
        {"date": ["2023-01-05"] * 9 + ["2023-02"] * 3},
        geometry=[shapely.Point(0.5, 0.5)] * 12, crs="EPSG:4326",
    )  # fmt: skip
    points.iloc[:5].to_parquet(tmp_path / "a.parquet")
    points.iloc[5:].to_parquet(tmp_path / "b.parquet")
    box = shapely.box(0, 0, 1, 1)
    areas = tmp_path / "areas.geojson"
    gpd.GeoDataFrame({"name": ["here"]}, geometry=[box], crs="EPSG:4326").to_file(areas)
    words = ("counts", "--points", tmp_path / "?.parquet", "--areas", areas)
    ran = run(*words)
    assert ran.exit_code == 0, ran.output
    assert "here,2023-01,9,False,9,9" in ran.stdout
    assert "here,2023-02,,True,0,4" in ran.stdout
    (tmp_path / "c.parquet").write_bytes(b"PAR1")
    refused = run(*words, "-o", tmp_path / "counts.csv")
    assert refused.exception is not None
    assert "c.parquet" in str(refused.exception)
    assert not (tmp_path / "counts.csv").exists()


def test_points_of_many_files_are_drawn_as_how_many_lie_in_each_area(tmp_path: Path) -> None:
    dates = {"many": ["2023-01-05"] * 12 + ["2022-12"] * 9, "few": ["2023-02"] * 4 + ["2023"] * 7}
    at = {"many": 0.5, "few": 1.5, "none": 2.5}
    for name, days in dates.items():
        places = [shapely.Point(at[name], 0.5)] * len(days)
        gpd.GeoDataFrame({"date": days}, geometry=places, crs=4326).to_parquet(
            tmp_path / f"{name}.parquet"
        )
    boxes = [shapely.box(x - 0.5, 0, x + 0.5, 1) for x in at.values()]
    areas = tmp_path / "areas.geojson"
    gpd.GeoDataFrame({"name": [*at]}, geometry=boxes, crs=4326).to_file(areas)
    files = str(tmp_path / "*.parquet")

    def counted(since: str | None, until: str | None) -> list[Any]:
        found = areas_of_files(files, areas, None, since=since, until=until, threshold=5)
        assert found["name"].tolist() == [*at]
        assert found.geometry.tolist() == boxes
        exact = found["count"].notna()
        assert (
            found.loc[exact, ["low", "high"]].eq(found.loc[exact, "count"], axis=0).all(axis=None)
        )
        told = [list(ends) for ends in zip(found["low"], found["high"], strict=True)]
        return [ends[0] if known else ends for known, ends in zip(exact, told, strict=True)]

    assert counted("2023-01", "2023-01") == [12, [0, 4], [0, 4]]
    # a year is in no month; what a month withholds, no page of more months gives back
    assert counted("2023-01", "2023-12") == [[12, 16], [0, 4], [0, 4]]
    assert counted(None, "2022-12") == [[9, 13], [0, 4], [0, 4]]
    assert counted("2024-01", None) == [[0, 4]] * 3
    assert counted(None, None) == [[21, 25], [7, 11], [0, 4]]
    page = folium.Map()
    Counted(files, areas, 5, None).add_to(page, None, "2023-06")
    drawn = [one for one in page._children.values() if isinstance(one, FeatureLayer)]
    assert [html.unescape(str(one.layer_name)) for one in drawn] == [
        "Points, … – 2023-06: < 5", "Points, … – 2023-06: 10 – 99"
    ]  # fmt: skip
    found = areas_of_files(files, areas, None, since=None, until="2023-06", threshold=5)
    told = {name: rows["count"].tolist() for _, name, rows in classes(found, 5)}
    assert told == {"< 5": ["< 5", "< 5"], "10 – 99": ["21 – 25"]}
    numbers = pd.array([5, 9, 10, 99, 100], dtype="Int64")
    edges = found.iloc[[0] * 5].assign(count=numbers, low=numbers, high=numbers)
    told = {name: rows["count"].tolist() for _, name, rows in classes(edges, 5)}
    assert [*told.items()][:2] == [("5 – 9", ["5", "9"]), ("10 – 99", ["10", "99"])]
    assert told["100 – 999"] == ["100"]


Told = tuple[list[Any], dict[str, list[Any]]]


def _told(cells: pd.DataFrame, names: list[str], threshold: int) -> Told:
    """Return what a table and a page tell of counts by area and month."""
    table = added_up([cells], names, threshold).astype(object)
    page = over_months(cells, names, None, None, threshold)
    plain = {key: pd.array(column).astype(object).tolist() for key, column in page.items()}
    return table.fillna(-1).values.tolist(), {k: [*map(str, v)] for k, v in plain.items()}


counted_in = st.fixed_dictionaries(
    {},
    optional={
        month: st.integers(1, 7)
        for month in ("2021-03", "2021-04", "2021-12", "2022-01", "2023-06", "undated")
    },
)


def _span(year: int) -> list[str]:
    return [str(month) for month in pd.period_range(f"{year}-01", f"{year}-12", freq="M")]


@settings(max_examples=6, deadline=None)
@given(st.integers(2, 6), counted_in, counted_in, st.integers(0, 2))
@example(2, {"2021-03": 1}, {}, 0)
@example(3, {"2021-03": 1, "2023-06": 1}, {}, 0)
@example(2, dict.fromkeys([*_span(2021), "undated"], 1), {}, 0)
@example(3, {"2021-03": 2, "2021-04": 1, "2022-01": 7}, {"2021-03": 1}, 1)
def test_no_withheld_month_is_told_by_a_table_and_the_page_beside_it(
    threshold: int, one: dict[str, int], other: dict[str, int], also: int
) -> None:
    """A world in which a month has nobody, and one in which it has the most, tell the same.

    An integer program finds each; in them nobody need have been counted in another area.
    """
    many = dict.fromkeys([f"2021-{month:02}" for month in range(1, 5 * also)], threshold)
    rows = [("a", m, n) for m, n in {**many, **one}.items()]
    rows += [("b", m, n) for m, n in other.items()]
    names, columns = ["a", "b"], ["area", "month", "count"]
    told = _told(pd.DataFrame(rows, columns=columns), names, threshold)
    table, page = told
    open_in = {row[1][:4] for row in table if not row[3]}
    span = sorted({row[1] for row in table} - {"undated"})
    ends = sorted({month[:4] for month in (span[:1] + span[-1:])} - open_in)
    for place, name in enumerate(names):
        shut = [row[1] for row in table if row[0] == name and row[3]]
        known = sum(row[2] for row in table if row[0] == name and not row[3])
        low, high = (int(page[end][place]) - known for end in ("low", "high"))
        lines = [np.array([[month[:4] == year for month in shut]], float) for year in ends]
        sums = [LinearConstraint(line, 1, np.inf) for line in lines]
        sums.append(LinearConstraint(np.ones((1, len(shut))), low, high))
        each = {month[:4]: month for month in shut}.values()  # months of a year are alike
        for month, value in product(each, (0, threshold - 1)):
            at = np.array([[one == month for one in shut]], float)
            same = False
            for aim in (np.ones(len(shut)), -np.ones(len(shut))):
                found = milp(
                    aim, constraints=[*sums, LinearConstraint(at, value, value)],
                    integrality=np.ones(len(shut), dtype=np.int64), bounds=Bounds(0, threshold - 1),
                )  # fmt: skip
                if found.x is not None and not same:
                    world = zip(shut, found.x.round().astype(int).tolist(), strict=True)
                    changed = [row for row in rows if row[0] != name or row[1] not in shut]
                    changed += [(name, when, n) for when, n in world if n]
                    same = told == _told(pd.DataFrame(changed, columns=columns), names, threshold)
            assert same, (name, month, value)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("map", "--points", "in/*.parquet"), "go together"),
        (("map", "--areas", "a.geojson"), "go together"),
        (("map", "--scheduler", "local:2"), "go together"),
        (("map", "--points", "a.csv", "--areas", "a.geojson"), "read of GeoParquet files"),
        (("map", "--points", "a.parquet", "--areas", "a", "--svg", "a.svg"), "drawn on the page"),
        (("crossings", "--roads", "none/*.parquet"), "no file has such a name"),
        (("crossings", "--roads", "zip::s3://a/*.parquet"), "no kind of address"),
        (("crossings", "--roads", "ftp://a/*.parquet"), "no kind of address"),
        (("counts", "--areas", "a.geojson"), "go together"),
        (("context", "--incidents", "none/*.parquet"), "many files are read"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], found: str) -> None:
    assert found in str(run(*words).exception)


def test_one_file_is_no_pattern_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_text("x")
    assert not is_many(str(tmp_path / "a[1].csv"), None)
    assert is_many(str(tmp_path / "a[2].csv"), None)
    assert is_many("x*" * 300, None)  # longer than a name can be
    assert is_many("S3://bucket/a.parquet", None)
    assert not is_many(None, "local:2")


def test_faults_of_many_files_end_the_work_and_nothing_is_taken_for_another(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    here = ("--border", folder / "line.geojson")
    ran = run("crossings", "--roads", tmp_path / "*.parquet", *here)
    assert "a.parquet: is not a whole GeoParquet file" in str(ran.exception)
    ran = run("crossings", "--roads", folder / "tiles" / "*.parquet")
    assert "does not reach the border of the region" in str(ran.exception)
    rows = load_incidents().rows.iloc[:2]
    rows.assign(kind="rescue").to_parquet(tmp_path / "a.parquet")
    ran = run("context", "--incidents", tmp_path / "*.parquet", "-o", tmp_path)
    assert "holds the files that are read. Give another" in str(ran.exception)
    ran = run("context", "--incidents", tmp_path / "*.parquet", "-o", tmp_path / "out")
    assert ran.exit_code == 1
    assert "1 of the files left out" in ran.stderr
    assert "column kind" in ran.stderr
    areas = tmp_path / "areas.geojson"
    box = gpd.GeoDataFrame({"name": ["here"]}, geometry=[shapely.box(-180, 0, 0, 90)], crs=4326)
    box.to_file(areas)
    words = ("counts", "--points", tmp_path / "*.parquet", "--areas", areas)
    ran = run(*words, "-o", tmp_path / "counts.csv")
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "counts.csv").read_text().splitlines()[1].startswith("here,")

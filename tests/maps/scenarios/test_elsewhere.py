"""A river between two countries of the south, from files as people there write them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import read_roads, using_region
from roxham.geo.region import read_region
from roxham.layers import load_incidents, load_interceptions, load_layers
from tests.maps.command import Run

SOURCE = 'title = "T"\npublisher = "Gendarmería"\nurl = "https://example.org/t"\n'
REGION = f"""\
id = "rio"
languages = ["es"]
bounds = [-56.3, -27.6, -55.5, -27.2]
timezone = "America/Asuncion"
publisher = "Prueba"
since = "2020-01"
until = "2022-12"
title = {{ es = "Río Grande" }}
[[sides]]
code = "PY"
inside = [-56, -27.3]
[[sides]]
code = "AR"
[files]
border = "linea.geojson"
roads = "calles.osm"
places = "lugares.csv"
ports = "pasos.csv"
incidents = "hechos.csv"
counts = "conteos.csv"
policy_events = "normas.csv"
[sources.border]
{SOURCE}[sources.places]
{SOURCE}[sources.ports]
{SOURCE}[sources.incidents]
{SOURCE}[sources.counts]
{SOURCE}[sources.policy_events]
{SOURCE}[[areas]]
code = "MIS"
name = {{ es = "Misiones" }}
within = "AR"
[[areas]]
code = "AR"
name = {{ es = "Argentina" }}
[[series]]
table = "counts"
area = "MIS"
whole = "AR"
"""
FILES = {
    "lugares.csv": "name,lat,lon\nEncarnación,-27.35,-56.15\nPosadas,-27.45,-55.95\n",
    "pasos.csv": "name;lat;lon;opened;hours_py;hours_ar\n"
    "Puente;-27,4;-56,0;15/04/1990;24 horas;8 a 17 hs\n",
    "hechos.csv": "id;date;place_name;lat;lon;radius_m;kind;deaths;direction\n"
    "a;2021-03;cerca del puente;-27,41;-56,01;5000;death;1;northbound\n",
    "conteos.csv": "period;area;count\n2021;MIS;12\n2021;AR;40\n",
    "normas.csv": "date,title,kind,effect\n2003-05,Acuerdo,treaty,Abre el puente.\n",
}
RIVER = {"type": "LineString", "coordinates": [[-56.4, -27.4], [-55.4, -27.4]]}
LINE = {"type": "Feature", "properties": {"nombre": "Río Grande"}, "geometry": RIVER}
NODES = [(-56.2, -27.35), (-56.1, -27.35), (-56, -27.35), (-56, -27.39), (-56, -27.42),
         (-56, -27.45), (-55.9, -27.45), (-56.35, -27.35), (-56.2, -27.3)]  # fmt: skip
WAYS = [([8, 1], "Ruta 1"), ([1, 2], "Ruta 1"), ([2, 3], "Ruta 6"), ([3, 4], "Avenida Norte"),
        ([4, 5], "Puente"), ([5, 6], "Acceso Sur"), ([6, 7], "RN 12"),
        ([1, 9], "Calle")]  # fmt: skip


@pytest.fixture
def rio(run: Run) -> Run:
    """Write the region into the folder worked in."""
    folder = Path("rio")
    folder.mkdir()
    (folder / "region.toml").write_text(REGION, encoding="utf-8")
    (folder / "linea.geojson").write_text(json.dumps(LINE), encoding="utf-8")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    nodes = [f'<node id="{i}" lon="{x}" lat="{y}"/>' for i, (x, y) in enumerate(NODES, start=1)]
    ways = [
        f'<way id="{i}">{"".join(f"""<nd ref="{n}"/>""" for n in ends)}'
        f'<tag k="highway" v="primary"/><tag k="name" v="{name}"/></way>'
        for i, (ends, name) in enumerate(WAYS, start=1)
    ]
    (folder / "calles.osm").write_text(
        f'<osm version="0.6">{"".join(nodes + ways)}</osm>', encoding="utf-8"
    )
    return run


def test_the_region_holds_and_its_page_is_silent_of_what_is_not_there(rio: Run) -> None:
    code, out, err = rio("check", "--region", "rio")
    assert code == 0, out + err  # the line's own name is no person's
    assert "unexplained" not in out  # one area of a country is not all of it
    code, out, err = rio("map", "--region", "rio", "-o", "p.html")
    assert code == 0, out + err
    assert "interceptions" not in out
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [["counts", "2"],
                                                                    ["incidents", "1"]]  # fmt: skip
    page = Path("p.html").read_text(encoding="utf-8")
    assert 'data-table="policy_events"' not in page  # the only event lies before its period
    assert 'data-table="incidents"' in page
    ports = page.partition('data-table="ports"')[2].partition("</table>")[0]
    assert re.findall("24 horas|8 a 17 hs", ports) == ["24 horas", "8 a 17 hs"]  # of both sides
    assert ports.count("<th ") == 6
    code, out, err = rio("check", "--page", "p.html")  # it is not held to the words of Quebec
    assert (code, out) == (2, "")
    assert "of PY and AR, not of region roxham" in err
    with using_region(read_region("rio")):
        assert load_incidents().rows["source_publisher"].tolist() == ["Gendarmería"]
        assert load_interceptions().rows["confidence"].tolist() == ["single"] * 2


def test_a_row_that_names_half_a_source_is_not_given_another_s(rio: Run) -> None:
    text = "id,date,place_name,lat,lon,radius_m,kind,deaths,source_title\n"
    text += "a,2021-03,x,-27.41,-56.01,5000,death,1,El Territorio\n"
    Path("rio/hechos.csv").write_text(text)
    Path("rio/conteos.csv").write_text("period;area;count\n2021;MIS;1.204\n2022;MIS;1\n")
    code, _, err = rio("check", "--region", "rio", "--rejected", "r.csv")
    assert code == 2
    told = pd.read_csv("r.csv")
    assert {*told["column"]} == {"source_publisher", "source_url", "count"}
    assert "--decimal" not in err  # no option of this command
    assert "“1.204” could mean thousands or decimals; write digits only" in err


def test_counts_may_be_of_every_area_of_a_flat_list(rio: Run) -> None:
    flat = REGION.replace('within = "AR"\n', "").replace('whole = "AR"\n', "")
    Path("rio/region.toml").write_text(flat, encoding="utf-8")
    with using_region(read_region("rio")):
        rows, rejected = load_interceptions()
        assert rejected.empty, rejected.to_string()
        assert rows["province"].tolist() == ["MIS", "AR"]  # one has a series


def test_counts_of_a_region_may_be_of_another_measure_and_by_month_alone(rio: Run) -> None:
    months = "period;area;measure;count\n2021-01;MIS;vehículos;12\n2021-02;MIS;vehículos;9\n"
    Path("rio/conteos.csv").write_text(months, encoding="utf-8")
    code, out, err = rio("counts", "--region", "rio", "--by", "month")
    assert code == 0, err
    assert [line.split(",")[:6] for line in out.splitlines()[1:]] == [
        ["2021-01", "MIS", "", "vehículos", "", "12"], ["2021-02", "MIS", "", "vehículos", "", "9"],
    ]  # fmt: skip
    assert "none" not in err
    assert "no vehículos by year. Ask for --by month" in rio("counts", "--region", "rio").err
    with using_region(read_region("rio")):
        assert load_interceptions().rows.empty
        assert load_layers().tables["measured"]["count"].tolist() == [12, 9]
    Path("rio/conteos.csv").write_text(months.replace("vehículos", ""), encoding="utf-8")
    code, _, err = rio("counts", "--region", "rio")
    assert (code, "interceptions of Río Grande are of months" in err) == (2, True)
    asked = ("counts", "--region", "rio", "--by", "month", "--province")
    assert rio(*asked, "MIS")[0] == 0
    code, _, err = rio(*asked, "CORR")
    assert (code, "CORR" in err, "MIS" in err) == (2, True, True)


def test_ways_have_the_names_of_the_stretches_that_are_driven(rio: Run) -> None:
    asked = ("--region", "rio", "--to", "Posadas", "--on", "2021-05-01")
    code, out, err = rio("routes", "--from=-56.25,-27.35", *asked)
    assert code == 2
    assert "no road within 1000 m" in err
    assert "2 edges that leave them were left out" in err
    there = (*asked, "--from=-56.05,-27.35")
    code, out, err = rio("routes", *there)
    assert code == 0, err
    assert ",Ruta 6 → Avenida Norte → Puente → Acceso Sur → RN 12," in out
    assert rio("routes", *there, "--at", "16:00")[0] == 0
    code, _, err = rio("routes", *there, "--at", "18:00")  # of the side that is entered
    assert code == 2
    assert "puente (open 8 a 17 hs)" in err
    back = ("--region", "rio", "--from", "Posadas", "--to=-56.05,-27.35", "--on", "2021-05-01")
    code, out, err = rio("routes", *back, "--at", "23:00")  # 24 horas
    assert code == 0, err
    assert "hours_unknown" not in out
    code, out, err = rio("crossings", "--region", "rio")
    assert out.splitlines()[1].startswith("puente,port_of_entry,Puente,-56.0,-27.4,Puente,Puente,")
    code, out, err = rio("roads", "--region", "rio")
    assert code == 0, err
    assert "crossings, documented" in out


def test_a_border_is_drawn_alone_with_whose_it_is(rio: Run) -> None:
    asked = ("map", "--border", "rio/linea.geojson", "-o", "b.html")
    code, out, err = rio(*asked)
    assert code == 1
    assert "--border-credit, or columns source_title" in err
    code, out, err = rio(*asked, "--border-credit", "IGN")
    assert code == 2
    assert "is not whose the border is and an address" in err
    code, out, err = rio(*asked, "--border-credit", "© IGN, https://example.org/l")
    assert code == 0, out + err
    assert "© IGN" in Path("b.html").read_text(encoding="utf-8")
    code, out, err = rio("check", "--page", "b.html")
    assert code == 2
    assert err.startswith("b.html: is of a border of one's own, not of region roxham. Give it")
    assert rio("check", "--page", "b.html", "--border", "rio/linea.geojson")[0] == 0
    assert rio("check", "--border", "rio/linea.geojson")[2].startswith("--border: goes with --pa")


def test_enclaves_that_lie_apart_are_one_side(run: Run) -> None:
    def square(x: float) -> dict[str, object]:
        ring = [[x, 26], [x + 0.1, 26], [x + 0.1, 26.1], [x, 26.1], [x, 26]]
        return {"type": "Feature", "properties": {"name": f"Enclave {x}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip

    both = {"type": "FeatureCollection", "features": [square(88.5), square(88.8)]}
    Path("e.geojson").write_text(json.dumps(both))
    assert run("init", "chit", "--border", "e.geojson")[0] == 0
    inside = Path("chit/region.toml").read_text()
    assert "inside = true" in inside
    assert 'en = "Enclave 88.5, Enclave 88.8"' in inside


def test_the_parts_of_a_merged_road_are_told_from_both_ends(rio: Run) -> None:
    roads = read_roads(Path("rio/calles.osm"))
    told = {row: json.loads(cell) for row, cell in enumerate(roads.edge("road_parts")) if cell}
    (length, ahead), (_, home) = ((roads.length_m[row], cell) for row, cell in told.items())
    assert [part[2] for part in ahead] == [part[2] for part in home][::-1]
    assert len(ahead) == 6
    begins = [length - part[0] for part in home[1:]][::-1]
    assert [part[0] for part in ahead[1:]] == pytest.approx(begins, abs=0.02)

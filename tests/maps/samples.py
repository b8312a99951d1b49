"""A small page's worth of frames, made by hand, with room for hostile text in every column."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from roxham.layers import Layers, figures, load_claims
from roxham.layers.facts.entries import ENTRY_COUNTS
from roxham.layers.statements.claims import judge
from roxham.maps import Base

URL = "https://example.org/a"
SOURCED = {
    "source_title": "Title",
    "source_publisher": "Publisher",
    "source_url": URL,
    "source_date": "2023-02",
    "confidence": "single",
    "note": "A note.",
}
REJECTED = ["layer", "file", "row", "column", "found", "problem"]
Filled = dict[str, object]


def table(rows: Sequence[Filled]) -> pd.DataFrame:
    """Return a table that can hold any text; halves of surrogate pairs need plain objects."""
    if all(str(v).isprintable() for row in rows for v in row.values()):
        return pd.DataFrame(rows)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    worded = {name for name, cells in columns.items() if any(isinstance(c, str) for c in cells)}
    typed = {name: "object" if name in worded else None for name in columns}
    return pd.DataFrame({n: pd.Series(cells, dtype=typed[n]) for n, cells in columns.items()})


def frame(rows: Sequence[Filled], shapes: Sequence[BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(table(rows), geometry=list(shapes), crs="EPSG:4326")


def square(west: float, south: float, east: float, north: float) -> Polygon:
    return Polygon([(west, south), (east, south), (east, north), (west, north)])


def hostile_rows(row: Filled, texts: Sequence[str], keep: Sequence[str] = ()) -> list[Filled]:
    """Return the row once for each text, the text standing in each of its columns of words."""
    words = [name for name, value in row.items() if isinstance(value, str) and name not in keep]
    return [{**row, **dict.fromkeys(words, text)} for text in texts]


def joined(texts: Sequence[str]) -> str:
    """Return all texts that UTF-8 can hold in one."""
    return "\n".join(texts).encode("utf-8", "ignore").decode()


def places(count: int) -> list[float]:
    """Return 0, 1, 2, ... for each of a few; so many fractions up to 20 for more."""
    return [k * min(1, 20 / count) for k in range(count)]


INCIDENT: Filled = {
    "id": "a",
    "date": "2023-01-04",
    "place_name": "Near the road",
    "place_name_fr": "Près du chemin",
    "admin_area": "CA-QC",
    "country": "CA",
    "lat": 45.02,
    "lon": -73.55,
    "radius_m": 2500,
    "location_basis": "computed",
    "deaths": 1,
    "injured": 0,
    "kind": "death",
    "direction": "southbound",
    "cause": "cold",
    "cause_fr": "froid",
    "summary": "Found in the snow.",
    "summary_fr": "Trouvé dans la neige.",
    **SOURCED,
}
PORT: Filled = {
    "port_id": "a",
    "kind": "port_of_entry",
    "ca_name": "Lacolle",
    "us_name": "Champlain",
    "ca_admin": "CA-QC",
    "us_admin": "US-NY",
    "ca_road": "A-15",
    "us_road": "I-87",
    "coord_precision_m": 50,
    "status": "open",
    "hours_ca": "24 hours",
    "hours_note": "Every day",
    "opened": "1967",
    "closed": "2023-03",
    "cbsa_code": "0351",
    **SOURCED,
}
PLACE: Filled = {
    "place_id": "a",
    "name": "Hemmingford",
    "name_fr": "Hemmingford",
    "kind": "city",
    "country": "CA",
    "admin1": "CA-QC",
    "population": 200_000,
    **SOURCED,
}
ROAD: Filled = {
    "ref": "A-15",
    "name": "Autoroute",
    "highway": "motorway",
    "jurisdiction": "CA-QC",
    "length_m": 9000.0,
    "maxspeed_kmh": 100,
    "speed_basis": "assumed",
    "access": "yes",
    **SOURCED,
}
LAND: Filled = {"id": "CA-QC", "name": "Quebec", "name_fr": "Québec", "kind": "province"}
LAND |= {"country": "CA", **SOURCED}
WATER: Filled = {"id": "w", "name": "Lake", "name_fr": "Lac", "kind": "lake", **SOURCED}
EVENT: Filled = {
    "date": "2022-03-25",
    "title": "Protocol in force",
    "title_fr": "Entrée en vigueur",
    "kind": "treaty",
    "effect": "Claims end.",
    "effect_fr": "Fin des demandes.",
    **SOURCED,
}
TRANSFER: Filled = {
    "from": "CA-QC",
    "to": "Ontario",
    "to_fr": "Ontario",
    "to_province": "CA-ON",
    "scope": "province",
    "period_start": "2022-06-30",
    "period_end": "2023-02-26",
    "count": 7131,
    **SOURCED,
}
ENCOUNTER: Filled = {"fiscal_year": 2023, "period": "2022-10/2023-09", "encounters": 6925}
ENCOUNTER |= {"granularity": "fiscal_year", **SOURCED}
ENTRY: Filled = {"port_code": "0712", "port_name": "Champlain", "port_id": "p", "us_admin": "US-NY"}
ENTRY |= {"period": "2022-01", **dict.fromkeys(ENTRY_COUNTS, 5), **SOURCED}


def base(texts: Sequence[str] = ()) -> Base:
    """Return land, water, border, two roads and a place; or as many of each as there are texts."""

    def rows(row: Filled) -> list[Filled]:
        return hostile_rows(row, texts) if texts else [row]

    steps = places(len(texts) or 1)
    border = LineString([(-74.1, 45.0), (-73.0, 45.01)])
    provinces: list[Filled] = [
        {
            "id": "CA-QC",
            "name": "Quebec",
            "name_fr": "Québec",
            "lon": -72.0,
            "lat": 50.0,
            **SOURCED,
        },
        {"id": "CA-ON", "name": "Ontario", "name_fr": None, "lon": -85.0, "lat": 50.0, **SOURCED},
    ]
    if texts:
        both = joined(texts)
        provinces = [{**p, "name": both, "name_fr": both} for p in provinces]
    return Base(
        border=frame(rows({"section": "45th parallel", **SOURCED}), [border for _ in steps]),
        jurisdictions=frame(
            rows(LAND), [square(-74.1 + k / 50, 44.5, -74.08 + k / 50, 45.6) for k in steps]
        ),
        water=frame(
            rows(WATER), [square(-73.2, 44.5 + k / 9, -73.05, 44.6 + k / 9) for k in steps]
        ),
        roads=frame(
            rows(ROAD),
            [LineString([(-73.9, 45.1 + k / 40), (-73.4, 45.1 + k / 40)]) for k in steps],
        ),
        places=frame(rows(PLACE), [Point(-73.8, 45.11 + k / 40) for k in steps]),
        provinces=frame(provinces, [square(-78, 46, -64, 58), square(-94, 46, -80, 55)]),
    )


def interceptions() -> pd.DataFrame:
    rows = [
        ("2021", "CA-QC", 4095),
        ("2022", "CA", 39540),
        ("2022", "CA-QC", 39171),
        ("2022", "CA-ON", 0),
        ("2022-01", "CA", 2383),
        ("2022-01", "CA-QC", 2367),
        ("2022-03", "CA-QC", 2492),
        ("2022-04", "CA-QC", None),
    ]
    table = pd.DataFrame([{"period": p, "province": c, "count": n, **SOURCED} for p, c, n in rows])
    return table.astype({"count": "Int64"})


def layers(texts: Sequence[str] = ()) -> Layers:
    """Return every layer with a row or two; or a row for each text, full of it."""

    def rows(row: Filled, keep: Sequence[str] = ()) -> list[Filled]:
        return hostile_rows(row, texts, keep) if texts else [row]

    site = {**PORT, "port_id": "s", "kind": "irregular_site", "ca_road": "Chemin Roxham"}
    site |= {"us_road": "Roxham Road", "status": "closed", "opened": "2017-01"}
    sites = hostile_rows(site, texts, ["kind", "opened"]) if texts else [site]
    closed = {**PORT, "port_id": "c", "kind": "closed_port", "status": "closed"}
    ports = [*rows(PORT), *(sites if texts else [closed, *sites])]
    incidents = rows(INCIDENT)
    counts = interceptions()
    if texts:
        words = ["source_title", "source_publisher", "note"]
        counts[words] = joined(texts)
    aside: list[Filled] = [
        {"layer": "incidents", "id": t, "date": t, "reason": t} for t in texts or ["late"]
    ]
    rejected: list[Filled] = [{**dict.fromkeys(REJECTED, t), "row": 2} for t in texts]
    found = figures(counts)
    if texts:
        worded = ["title", "title_fr", "formula", "reason", "source_url"]
        found[worded] = table(
            [dict.fromkeys(worded, texts[k % len(texts)]) for k in range(len(found))]
        )
    spots = [Point(-73.55, 44.9 - k / 40) for k in places(len(incidents))]
    at_ports = rows(ENTRY, ["period"])
    entries = frame(at_ports, [Point(-73.45, 45.009)] * len(at_ports))
    shown: dict[str, Any] = {
        "interceptions": counts,
        "incidents": frame(incidents, spots),
        "ports": frame(ports, [Point(-73.95 + k / 30, 45.005) for k in places(len(ports))]),
        "policy_events": table(rows(EVENT, ["kind", "date"])),
        "transfers": table(
            rows(TRANSFER, ["from", "to_province", "period_start", "period_end", "scope"])
        ),
        "encounters": table(rows(ENCOUNTER, ["granularity"])),
        "entries": entries if texts else entries.iloc[:0],
    }
    said = layers().claims if texts else judge(shown, load_claims().rows)
    if texts:
        kept = ("claim_id", "figure", "low", "high")
        said = pd.concat([said.astype(object)] * (len(texts) // len(said) + 1)).head(len(texts))
        said = said.reset_index(drop=True)
        worded = [str(n) for n in said if n not in kept]
        said[worded] = table([dict.fromkeys(worded, t) for t in texts])
    return Layers(
        tables=shown,
        figures=found,
        claims=said,
        rejected=table(rejected) if rejected else pd.DataFrame(columns=REJECTED),
        set_aside=table(aside),
    )

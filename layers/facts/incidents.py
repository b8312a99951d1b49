"""Recorded deaths, injuries, rescues and smuggling cases: areas, never bare points.

Each place is a centre with a radius that covers what the source describes. Names,
ages and homes of people stay out. The record is what was reported: a minimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84
from roxham.geo.arguments import checked
from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import FACT_SOURCE, Checked, Column, Contract, reads, swapped_axes
from roxham.geo.tables.edtf import read_date
from roxham.layers.mapping.read import MappingLike, mapping_of
from roxham.layers.model import Dataset, Style
from roxham.layers.privacy.personal import NAMED, unnamed
from roxham.layers.privacy.precision import EXACT_M, precision_class

from .checks import NOTE_FR, no_example, read_layer, somewhere, unique, with_french

__all__ = ["GOING", "INCIDENTS", "INCIDENTS_DATA", "load_incidents"]

GOING = {
    **{"south": "southbound", "north": "northbound", "east": "eastbound", "west": "westbound"},
    **{"inside": "inbound", "outside": "outbound"},
}
"""What a table calls the ways that a region's file names."""


@reads("deaths", "missing", "kind")
def _deaths(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    dead = rows["deaths"].gt(0).fillna(False)
    for i in rows.index[dead & rows["kind"].ne("death")]:
        yield i, "kind", "is not death, but the row counts deaths"
    for i in rows.index[rows["kind"].eq("death") & rows["deaths"].eq(0).fillna(False)]:
        yield i, "deaths", "is 0, but the kind is death"
    if "missing" in rows:
        nobody = rows["kind"].eq("missing") & rows["missing"].fillna(0).eq(0)
        for i in rows.index[nobody]:
            yield i, "missing", "counts nobody, but the kind is missing"


@reads("location_precision", "radius_m")
def _exact(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    exact = rows["location_precision"].eq(1).fillna(False)
    for i in rows.index[exact & rows["radius_m"].gt(EXACT_M).fillna(False)]:
        yield i, "location_precision", f"is 1, but radius_m is above {EXACT_M}"


WHEN = (
    *("date_found", "date_of_discovery", "found_date", "date_discovered", "event_start_date"),
    *("incident_date", "date_of_incident", "event_date", "reported_date", "reporting_date", "day"),
    *("date_of_death", "fecha", "datum", "data", "date_incident", "date_de_l_incident", "التاريخ"),
)
WHERE = (
    *("location", "place", "locality", "location_of_death", "location_of_incident", "site"),
    *("lieu", "endroit", "lugar", "ubicacion", "ort", "luogo", "local", "المكان"),
)
DEAD = (
    *("dead", "number_of_dead", "number_dead", "fatalities", "killed", "bodies", "morts", "deces"),
    *("muertos", "muertes", "fallecidos", "tote", "todesfalle", "mortes", "morti", "decessi"),
)
HURT = ("injuries", "wounded", "blesses", "heridos", "lesionados", "verletzte", "feridos", "feriti")
"""What columns of incidents are called elsewhere."""

INCIDENTS = Contract(
    name="incidents",
    columns=(
        Column("id", meaning="stable identifier"),
        Column("date", "date", "day, month, year or interval A/B", also=WHEN),
        Column("place_name", meaning="the place as sources describe it", also=WHERE),
        Column("place_name_fr", meaning="the same in French", required=False),
        Column("admin_area", meaning="ISO 3166-2 code of state or province", required=False),
        Column("country", meaning="side of the border", required=False),
        Column("lat", "lat", "latitude of the area's centre, degrees"),
        Column("lon", "lon", "longitude of the area's centre, degrees"),
        Column(
            "radius_m",
            "number",
            "radius that covers the place described, metres",
            minimum=1,
            maximum=100_000,
            also=("radius", "rayon", "radio", "umkreis", "raggio"),
        ),
        Column(
            "location_precision",
            "integer",
            "1 is the place itself, 2 near a named place, 3 somewhere in an area",
            required=False,
            minimum=1,
            maximum=3,
        ),
        Column("date_precision", meaning="day, month, season, year …; worked out", required=False),
        Column("location_basis", meaning="where centre and radius come from", required=False),
        Column("location_url", "url", "where the position can be checked", required=False),
        Column("deaths", "integer", "recorded deaths", minimum=0, nulls=("--",), also=DEAD),
        Column(
            "injured",
            "integer",
            "people treated",
            required=False,
            minimum=0,
            nulls=("--",),
            also=HURT,
        ),
        Column(
            "missing",
            "integer",
            "people missing, none of them among the deaths",
            required=False,
            minimum=0,
            nulls=("--",),
            also=(
                "number_missing",
                "minimum_estimated_number_of_missing",
                "disparus",
                "desaparecidos",
                "vermisst",
                "dispersi",
            ),
        ),
        Column("kind", choices=("death", "missing", "injury", "rescue", "smuggling")),
        Column(
            "direction",
            meaning="which way people were going",
            required=False,
            choices=(*GOING.values(), "unknown"),
        ),
        Column("cause", meaning="cause of death or injury", required=False),
        Column("cause_fr", meaning="the same in French", required=False),
        Column("summary", meaning="what happened, without names, ages or homes", required=False),
        Column("summary_fr", meaning="the same in French", required=False),
        *FACT_SOURCE,
        NOTE_FR,
    ),
    checks=(swapped_axes(), unique("id"), _deaths, _exact, no_example(), somewhere()),
    aliases=(("location_precision_m", "radius_m"),),
    when="date",
)


@checked()
def load_incidents(
    path: Source | None = None,
    *,
    allow_named: bool = False,
    mapping: MappingLike | None = None,
) -> Checked[gpd.GeoDataFrame]:
    """Load recorded incidents on and near the border.

    Parameters
    ----------
    path
        A file, an address or a frame of your own; the bundled table by default. It needs
        ``id, date, place_name, radius_m`` (or ``location_precision_m``)``, deaths, kind,
        source_title, source_publisher, source_url, confidence``, and points or ``lon, lat``;
        ``print(INCIDENTS)`` names what else it may have, docs/reference/columns.md what each
        column holds, and ``roxham template incidents`` writes a file to fill in. Its columns of
        personal data are left out: :func:`~roxham.layers.privacy.personal.drop_personal`.
    allow_named
        Keep ``victim_name`` where the row also has ``named_source_url``, a public
        source, and ``named_reason``; a row that lacks either is set aside.
    mapping
        Which columns of your file are which, where they are not called so: a mapping, as in
        ``{"columns": {"date": "Day"}, "values": {"kind": "death"}, "source": {"title": …}}``, the
        file of one (``roxham adapt`` writes it), or the name of a publisher.

    Returns
    -------
    Checked
        ``rows``: a GeoDataFrame of area centres, EPSG:4326, with ``radius_m``
        (metres, above 0), ``location_precision`` (1 to 3, from the radius where the
        file has none), ``date`` (ISO 8601 or EDTF, coarse where the source is),
        ``date_precision``, ``deaths``, ``missing`` and ``injured`` (Int64, null where unknown);
        French columns hold the given text where the file has none;
        ``rows.attrs["left_out"]`` has the columns left out and what they hold; and ``rejected``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> rows = load_incidents().rows
    >>> bool((rows["radius_m"] >= 1000).all()), rows.crs.to_string()
    (True, 'EPSG:4326')
    """
    contract = with_names(INCIDENTS) if allow_named else INCIDENTS
    chosen = mapping_of(mapping, "incidents")
    read = read_layer("incidents", path, contract, mapping=chosen)
    rows, rejected = with_french(read, "place_name", "cause", "summary")
    rows = rows.assign(
        location_precision=rows["location_precision"].fillna(precision_class(rows["radius_m"])),
        date_precision=[read_date(day).precision for day in rows["date"]],
    )
    points = gpd.points_from_xy(rows["lon"].astype(float), rows["lat"].astype(float))
    return Checked(gpd.GeoDataFrame(rows, geometry=points, crs=WGS84), rejected)


def with_names(contract: Contract) -> Contract:
    """Return a contract that also has the columns of a name, and wants them together."""
    return replace(
        contract, columns=(*contract.columns, *NAMED), checks=(*contract.checks, unnamed)
    )


KINDS = (
    ("death", "#7d1d45"),
    ("missing", "#2f3b14"),
    ("injury", "#985c00"),
    ("rescue", "#00695f"),
    ("smuggling", "#4d4a8f"),
)
INCIDENTS_DATA = Dataset(
    INCIDENTS,
    load_incidents,
    made_of=("layers/incidents.csv",),
    when=("date",),
    key=("id",),
    label="id",
    event=True,
    embargo="always",
    own="incidents",
    personal=True,
    drawn=True,
    note=(
        "Incidents are areas: a centre with a radius that covers what the source describes. "
        "The record is what was reported, a minimum."
    ),
    # Hardly filled: where it was not is no less in such an area than where it was.
    style=Style("area", "#6b665c", 0.4, 0.06, "kind", KINDS),
)

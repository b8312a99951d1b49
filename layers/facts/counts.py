"""Counts of any measure in any area: what is counted stands in each row, and is never mixed.

A table may hold several measures. They are told apart by ``measure`` and ``unit``, and nothing
here adds them up. The interceptions that ship have a table of their own; other measures, which a
user or a region brings, are drawn one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.errors import DataError
from roxham.geo.io.sources import Source, read_raw
from roxham.geo.region import Region, active_region
from roxham.geo.region.study_area import SHIPPED, kept_with_region
from roxham.geo.sheets.reading import PLAIN
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract, across, reads, source_name
from roxham.layers.areas import listed_areas
from roxham.layers.intervals import with_bounds
from roxham.layers.mapping.areas import ALPHA_3, is_area
from roxham.layers.mapping.read import MappingLike, mapped_table, mapping_of
from roxham.layers.model import Dataset, Shown

from .checks import (
    NOTE_FR,
    OTHER,
    PRECISION,
    WITHHELD,
    no_example,
    read_layer,
    said_withheld,
    sound_precision,
)

__all__ = [
    "COUNTS",
    "MEASURED_DATA",
    "PERIOD_WORDS",
    "counts_contract",
    "load_counts",
    "load_measured",
    "measured_of",
    "tells_measures",
]

MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
PERIOD = re.compile(rf"[0-9]{{4}}|{MONTH}|{MONTH}/{MONTH}")
AREA_WORDS = (
    *("area", "province", "provinces", "state", "states", "region", "territory", "country"),
    *("departement", "bundesland", "land", "pays", "pais", "estado", "provincia", "provincias"),
    *("province_territory", "area_code", "iso_3166_2", "code", "grenzabschnitt", "sector", "route"),
    *("geo", "geography", "ref_area", "geo_time_period", "reporting_country", "location"),
    *("country_of_asylum_iso", "coa_iso", "country_of_asylum", "asylum_country", "prefecture"),
    *("comunidad", "comunidad_autonoma", "kanton", "canton", "voivodeship", "oblast", "regione"),
    *("المحافظة", "المنطقة", "البلد", "الدولة", "الولاية", "област", "област_регион", "регион"),
)
COUNT_WORDS = (
    *(
        "feststellungen",
        "fallzahl",
        "effectif",
        "effectifs",
        "cas",
        "casos",
        "العدد",
        "عدد",
        "брои",
    ),
    *("value", "total", "number", "n", "nombre", "numero", "cantidad", "anzahl", "totale", "cases"),
    *("encounters", "interceptions", "claims", "detections", "encounter_count", "number_of_people"),
    *("obs_value", "applied", "applications", "apprehensions", "arrivals", "crossings", "entries"),
    *(
        "liczba",
        "liczba_osob",
        "liczba_prob",
        "αριθμος",
        "sayi",
        "sayisi",
        "кількість",
        "количество",
    ),
    *("numarul", "numar", "aantal", "antal", "broj", "letszam", "تعداد", "individuals", "personas"),
    *("llegadas", "detenciones", "interpellations", "arrivees", "einreisen", "ankunfte", "arrivi"),
)
PERIOD_WORDS = (
    *("date", "month", "year", "annee", "mois", "ano", "mes", "fecha", "jahr", "monat"),
    *("ref_date", "time_period", "reference_period", "quarter", "trimestre", "quartal", "time"),
    *("periode", "periodo", "zeitraum", "reporting_period", "anno", "mese", "datum"),
    *("miesiac", "rok", "μηνας", "ετος", "ay", "yil", "місяць", "рік", "luna", "maand", "mesec"),
    *("الشهر", "شهر", "السنة", "التاريخ", "месец", "година", "месяц", "год", "дата", "период"),
)
PLACE_WORDS = (
    *("port_name", "port", "port_of_entry", "area_of_responsibility", "office", "sector_name"),
    *("poste", "puesto", "grenzubergang", "station", "crossing_point", "field_office"),
)


@reads("period")
def _periods(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    bad = ~rows["period"].str.fullmatch(PERIOD)
    for i in rows.index[bad]:
        yield i, "period", "is neither a year (2022), a month (2022-03) nor months A/B"


@across("period", "area", "place", "measure", "unit")
@reads("period", "area", "place", "measure", "unit")
def _once(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    key = ["period", "area", "place", "measure", "unit"]
    for i in rows.index[rows[key].fillna("").duplicated(keep=False)]:
        yield i, "period", "stands in more than one row with the same area, place and measure"


COLUMNS = (
    Column("period", "date", "year, month, or first and last month A/B", also=PERIOD_WORDS),
    Column("area", meaning="ISO 3166-2 code, of a country or its part", also=AREA_WORDS),
    Column("place", meaning="where in the area, in words", required=False, also=PLACE_WORDS),
    Column("measure", meaning="what is counted: interceptions, claims, entries …"),
    Column("unit", meaning="what one count is: events, persons, vehicles …", required=False),
    Column(
        "count",
        "integer",
        "null where the publisher withholds the number",
        minimum=0,
        nulls=WITHHELD,
        also=COUNT_WORDS,
    ),
    PRECISION,
    OTHER,
    *SOURCE,
    NOTE_FR,
)


def counts_contract(areas: Collection[str] = ()) -> Contract:
    """Return the contract of counts: areas are of ISO 3166, or the region's file lists them.

    Parameters
    ----------
    areas
        Names of further ones.

    Examples
    --------
    >>> counts_contract().name
    'counts'
    """

    @reads("area")
    def placed(rows: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
        known = {*areas, *listed_areas()}
        wrong = ~rows["area"].map(lambda code: is_area(str(code), known)).astype(bool)
        for i in rows.index[wrong]:
            yield i, "area", "is no ISO 3166-2 code, and no area that the region's file lists"

    def prepare(raw: pd.DataFrame) -> pd.DataFrame:
        coded = said_withheld("count")(raw)
        return coded.assign(area=raw["area"].replace(ALPHA_3))

    return Contract(
        name="counts",
        columns=COLUMNS,
        checks=(_periods, _once, placed, sound_precision("count"), no_example()),
        aliases=(("year", "period"), ("province", "area")),
        when="period",
        prepare=prepare,
    )


COUNTS = counts_contract()


@checked()
def load_counts(
    source: Source, *, mapping: MappingLike | None = None, areas: Collection[str] = ()
) -> Checked[pd.DataFrame]:
    """Load counts of any measure from a table of one's own.

    Parameters
    ----------
    source
        A file, an address or a frame.
    mapping
        Which of its columns is which: a mapping, its file, or the name of a publisher.
    areas
        Names of areas beside ISO 3166, those that the file of the region at work lists, and
        those of the mapping.

    Returns
    -------
    Checked
        ``rows``: ``period`` (YYYY, YYYY-MM or YYYY-MM/YYYY-MM; a fiscal year is its months),
        ``area``, ``place``, ``measure``, ``unit``, ``count``, ``low``, ``high`` (Int64; see
        ``load_interceptions``), ``precision`` and the source columns; and ``rejected``.

    Raises
    ------
    DataError
        If the table cannot be read as this one.

    Examples
    --------
    >>> frame = pd.DataFrame({"Année": ["2022"], "Pays": ["IRL"], "n": ["1 234"]})
    >>> said = {"columns": {"period": "Année", "area": "Pays", "count": "n"},
    ...         "values": {"measure": "applications"},
    ...         "source": {"title": "T", "publisher": "P", "url": "https://example.org/t"}}
    >>> load_counts(frame, mapping=said).rows[["period", "area", "count"]].values.tolist()
    [['2022', 'IE', 1234]]
    """
    chosen = mapping_of(mapping, "counts")
    contract = counts_contract({*areas, *(chosen.areas if chosen else ())})
    rows, rejected = read_layer("", source, contract, mapping=chosen)
    return Checked(with_bounds(rows), rejected)


CHARTED = "interceptions"
KEY = ("measure", "unit", "area", "place")
"""What tells one series from another."""


def measured_contract() -> Contract:
    """Return the contract of counts, of this table."""
    return replace(counts_contract(), name="measured")


def load_measured(
    path: Source | None = None, *, mapping: MappingLike | None = None
) -> Checked[pd.DataFrame]:
    """Load counts of any measure, by area and place.

    Parameters
    ----------
    path
        A file, an address or a frame; the region's table by default, if it has one.
    mapping
        As of :func:`load_counts`.

    Returns
    -------
    Checked
        As of ``load_counts``.

    Raises
    ------
    DataError
        If the file cannot be read as this table.

    Examples
    --------
    >>> len(load_measured().rows)
    0
    """
    chosen = mapping_of(mapping, "counts")
    kind = "measured"
    if path is None and (of_region := measured_of(active_region())) is not None:
        kind = of_region
        chosen = mapping_of(active_region().mapping(kind), "counts")
    contract = replace(counts_contract(chosen.areas if chosen else ()), name="measured")
    rows, rejected = read_layer(kind, path, contract, mapping=chosen)
    return Checked(with_bounds(rows), rejected)


@kept_with_region
def measured_of(region: Region) -> str | None:
    """Return which file of a region holds counts of other measures; None if none does.

    A region's ``counts`` do where a row of theirs names another measure than interceptions.
    """
    if region.file("measured") is not None:
        return "measured"
    file = region.file("counts")
    if file is None or file.startswith(SHIPPED):
        return None
    return "counts" if tells_measures(file, region.mapping("counts")) else None


def _any(header: list[str]) -> None:
    """Take any header: what is wrong with it is told where the table is read."""


def tells_measures(source: Source | None, mapping: MappingLike | None = None) -> bool:
    """Whether a table of counts holds another measure than interceptions.

    Examples
    --------
    >>> tells_measures(pd.DataFrame({"period": ["2022"], "measure": ["claims"], "count": ["5"]}))
    True
    >>> tells_measures(pd.DataFrame({"period": ["2022"], "province": ["CA"], "count": ["5"]}))
    False
    """
    if source is None:
        return False
    try:
        chosen = mapping_of(mapping, "counts")
        if chosen is not None and "measure" in chosen.values:
            return chosen.values["measure"] != CHARTED
        name, contract = source_name(source), measured_contract()
        if chosen is not None and chosen.renames:
            rows = mapped_table(source, contract, chosen, name).raw.rows
        else:
            known = [column.name for column in contract.columns]
            reading = chosen.reading if chosen is not None else PLAIN
            rows = read_raw(
                source, name=name, table="counts", known=known, require=_any, reading=reading
            ).rows
    except DataError:
        return False  # told where it is read as a table
    measures = rows["measure"].fillna("").astype(str).str.strip() if "measure" in rows else ()
    return not set(measures) <= {"", CHARTED}


MEASURED_DATA = Dataset(
    measured_contract,
    load_measured,
    made_of=(),
    when=("period",),
    key=("period", *KEY),
    label="measure",
    count="count",
    embargo="unless official",
    shown=(
        Shown("measure", "text", heads=True),
        Shown("unit", "text"),
        Shown("area", "text"),
        Shown("place", "text"),
        Shown("period", "date"),
        Shown("count", "count"),
    ),
    words={
        "en": {
            "title": "Other counts",
            "measure": "What is counted",
            "unit": "One count is",
            "area": "Area",
            "place": "Place",
            "period": "Period",
            "count": "Count",
        },
        "fr": {
            "title": "Autres comptes",
            "measure": "Ce qui est compté",
            "unit": "Unité",
            "area": "Secteur",
            "place": "Lieu",
            "period": "Période",
            "count": "Compte",
        },
    },
)

"""Counts of any measure in any area: what is counted stands in each row, and is never mixed.

A table may hold several measures. They are told apart by ``measure`` and ``unit``, and nothing
here adds them up. The interceptions that ship have a table of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import pandas as pd

from roxham.geo.io.sources import Source
from roxham.geo.tables.contract import SOURCE, Checked, Column, Contract, across, reads
from roxham.layers.areas import listed_areas
from roxham.layers.intervals import with_bounds
from roxham.layers.mapping.areas import ALPHA_3, is_area
from roxham.layers.mapping.read import MappingLike, mapping_of

from .checks import (
    NOTE_FR,
    PRECISION,
    WITHHELD,
    no_example,
    read_layer,
    said_withheld,
    sound_precision,
)

__all__ = ["COUNTS", "counts_contract", "load_counts"]

MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
PERIOD = re.compile(rf"[0-9]{{4}}|{MONTH}|{MONTH}/{MONTH}")
AREA_WORDS = (
    *("area", "province", "provinces", "state", "states", "region", "territory", "country"),
    *("departement", "bundesland", "land", "pays", "pais", "estado", "provincia", "provincias"),
    *("province_territory", "area_code", "iso_3166_2", "code", "grenzabschnitt", "sector", "route"),
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
)
PERIOD_WORDS = ("date", "month", "year", "annee", "mois", "ano", "mes", "fecha", "jahr", "monat")


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
    Column("place", meaning="where in the area, in words", required=False),
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
        wrong = ~rows["area"].map(lambda code: is_area(code, known)).astype(bool)
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

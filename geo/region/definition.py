"""What a region's file may say: every key of ``region.toml``, with what it means."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

__all__ = ["GROUND", "LANGUAGE", "Definition", "Side", "Source", "View", "Words"]

GROUND = (
    *("border", "jurisdictions", "water", "places", "areas", "roads", "nodes"),
    *("hospitals", "admin_regions"),
)
"""Files of what lies under the facts; all others are tables of facts."""

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
Towards = Literal["north", "south", "east", "west", "inside", "outside"]


def _language(code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise ValueError("is not the code of a language, as en, fr or uk")
    return code


def _day(text: str) -> str:
    dt.date.fromisoformat(text)
    return text


def _box(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = box
    degrees = min(west, east) >= -180 and max(west, east) <= 180 and -90 <= south < north <= 90
    if not degrees or west == east:
        if max(west, east) > 180:
            raise ValueError("is not within ±180°: over 180° the west is beyond the east")
        raise ValueError("is not west, south, east, north in degrees, longitude first")
    return box


def _zone(name: str) -> str:
    try:  # to list all there are opens some six hundred files
        known = not name.startswith(("posix", "right/")) and ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = False
    if not known:
        raise ValueError("is no time zone known here, as America/Toronto or Europe/Dublin")
    return name


Language = Annotated[str, AfterValidator(_language)]
Words = dict[Language, Annotated[str, Field(min_length=1, max_length=4000)]]
"""A text by language; where one is missing, the first language of the region is read."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
PlaceId = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=100)]
Number = Annotated[float, Field(strict=True)]
"""A number that is written as one: neither true nor a text."""
Box = Annotated[tuple[Number, Number, Number, Number], AfterValidator(_box)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]

File = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=400)]


class Part(BaseModel):
    """A table of the file; a key that is not listed is refused."""

    # Its checks are made when a file is first read.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, defer_build=True)


class Side(Part):
    """One of the two sides of the border."""

    code: Code
    name: Words = {}
    towards: Towards | None = None
    """Which way people go who go there. The first side's is north, the second's south."""
    speaks: Language | None = None
    """The language that its roads are named in."""
    inside: tuple[Number, Number] | Literal[True] | None = None
    """``[lon, lat]`` of a place in it, or ``true``: it is the inside of the border's areas."""


class View(Part):
    """A part of the map that a button shows; the first is shown when the page opens."""

    id: Code
    name: Words
    bounds: Box


class Source(Part):
    """Where a file comes from, for rows of it that do not say so themselves."""

    title: str
    publisher: str
    url: Address
    date: str | None = None
    licence: str | None = None
    """An SPDX identifier, or the name of the terms."""
    licence_url: Address | None = None
    confidence: Literal["confirmed", "single", "computed"] = "single"


class Regime(Part):
    """Which rules held, from an event on; the next regime ends it."""

    id: Code
    event: str | None = None
    """Title of the row of the table of policy events that begins it."""
    since: Day | None = None
    """Its first day, where no event of the table says so."""
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    """Hour of its first day from which it holds, in the region's time zone."""
    until: Day | None = None
    """Its last day, where nothing followed it."""
    rules: Code | None = None
    """The regime whose rules it took up again; its own by default."""
    shown: bool = True
    """Whether the page's clock tells it."""

    @model_validator(mode="after")
    def _begins(self) -> Self:
        if self.event is None and self.since is None:
            raise ValueError("needs event, the title of a policy event, or since, a day")
        return self


class Rule(Part):
    """What a regime meant at a kind of gate, to people who go one way."""

    regime: Code
    gate: Literal["port_of_entry", "irregular_site", "crossing"]
    towards: Towards
    text: Words = {}
    barred: bool = False
    """Whether people who ask for protection there are turned back, exceptions apart."""
    flag: Code | None = None
    """A mark for gates under it: ``turned_back``."""
    source: Address | None = None
    """Where it can be read; the source of the regime's event by default."""


class Area(Part):
    """An area that counts are of, as they name it."""

    code: Code
    name: Words
    within: Code | None = None
    """The area that it is a part of."""
    rest: Code | None = None
    """The part that it leaves out: it is all of ``within`` but this one."""
    complete: bool = False
    """Whether the areas listed within it are all that it has: their sum is then its count."""


class Series(Part):
    """What a table of counts is drawn as."""

    table: Code
    measure: str = ""
    unit: str = ""
    calendar: Literal["calendar_year", "us_fiscal_year", "uk_fiscal_year"] = "calendar_year"
    area: Code
    """The area whose months are drawn."""
    whole: Code | None = None
    """The area that holds it; what is left of it is drawn above."""
    rest: Code | None = None
    """The area that is all of ``whole`` but ``area``, where it is published by itself."""
    chart: bool = True
    map: bool = False
    """Whether a small map of all areas is drawn; it needs ``files.areas``."""


class Measure(Part):
    """Another measure than the charted series, which a reader may choose."""

    measure: Code
    """By its name; it is looked for among the tables when the page is drawn."""
    place: str | None = None
    """Whose counts they are, as the table has it."""


class SmallMap(Part):
    """The small map of areas."""

    crs: str
    """A projected CRS made for it."""
    bounds: Box = (-180.0, -85.0, 180.0, 85.0)
    """What is drawn of it."""
    year: str | None = None
    """The year shown first; the last one by default."""


class Figure(Part):
    """A key figure, worked out from annual counts."""

    id: Code
    kind: Literal["count", "rest", "ratio", "share"]
    title: Words
    year: Annotated[str, Field(pattern=r"^\d{4}$")]
    area: Code
    whole: Code | None = None
    """Of a rest or a share: the area that holds it."""
    rest: Code | None = None
    """Of a rest: the area under which it is published by itself."""
    before: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None
    """Of a ratio: the year that it is held against."""


class Definition(Part):
    """A region, as its file describes it. Every key but the first ones may be left out."""

    id: Code
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    """Languages of the page, the first one that of columns without a suffix."""
    title: Words
    headline: Words = {}
    kicker: Words = {}
    standfirst: Words = {}
    findings: tuple[Words, ...] = ()
    """Sentences after the standfirst with figures of the tables in braces, as {id} of a figure."""
    disclaimers: tuple[Words, ...] = ()
    """Further sentences under the map."""
    bounds: Box
    metric_crs: str | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    controlled: bool = True
    sides: Annotated[tuple[Side, Side], Field()]
    views: tuple[View, ...] = ()
    around: Box | None = None
    """Where else places may be that belong to it: others may have their axes exchanged."""
    ground: Box | None = None
    """How far land and water are drawn beyond the bounds, so that no margin is blank."""
    pan: Box | None = None
    """How far the map may be moved; three degrees beyond the bounds by default."""
    files: dict[Code, File] = {}
    mappings: dict[Code, File] = {}
    """Which columns of these files are which: a mapping in the folder, or a publisher's name."""
    sources: dict[Code, Source] = {}
    """Where each of these files comes from."""
    port_columns: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Words] = {}
    """Further columns of its table of ports, and what a reader calls each."""
    publisher: str | None = None
    """Who answers for its ports: the person or office that publishes them."""
    credits: Words = {}
    """Whom the page must name beside its map."""
    since: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    """First month that a page shows unless it is asked for another."""
    until: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    schematic: bool = False
    """Whether the roads are drawn simply, with true lengths."""
    ask: tuple[PlaceId, PlaceId] | None = None
    """Two of its places, one on each side, between which the page opens to tell how far it was."""
    regimes: tuple[Regime, ...] = ()
    rules: tuple[Rule, ...] = ()
    areas: tuple[Area, ...] = ()
    admin_regions: tuple[str, ...] = ()
    """Names of administrative regions, for statements about where a place lies."""
    series: tuple[Series, ...] = ()
    measures: tuple[Measure, ...] = ()
    cautions: dict[Code, Words] = {}
    """What a reader of figures made from a file must know."""
    small_map: SmallMap | None = None
    figures: tuple[Figure, ...] = ()
    words: dict[Language, dict[str, str]] = {}
    """Further messages of the page, in place of its own."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        first, second = (side.code for side in self.sides)
        if first.casefold() == second.casefold():
            raise ValueError(f"sides: both are called {first}; give each a code of its own")
        return self

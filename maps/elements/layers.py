"""Folium elements of this package; each can be added to any ``folium.Map``.

The data travels as one JSON block for each layer and is drawn by the page's own
script. No text goes through Folium's popups, tooltips or templates.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar

import geopandas as gpd
import jinja2
import numpy as np
import pandas as pd
import shapely
from branca.element import Element, Figure, MacroElement
from folium.map import Layer
from folium.template import Template

from roxham.geo import DataError, Fault, Region, active_region
from roxham.geo.arguments import checked, require_columns
from roxham.geo.network.metadata import OSM_NAME
from roxham.layers.facts.ports import as_ports
from roxham.layers.publication.check import check_tables
from roxham.layers.publication.gate import RuleError, answered
from roxham.layers.publication.rules import Finding
from roxham.maps.content.areas import as_circles, radius_faults
from roxham.maps.content.french import typeset
from roxham.maps.content.plain import records, safe_json
from roxham.maps.content.text import as_written, finalized
from roxham.maps.content.wording import messages
from roxham.maps.ground import on_one_map
from roxham.maps.resources import asset, own_kind, runtime_script, style_sheet

from .payload import dimensions_of, layer_payload, licences_of
from .tables import page_tables

__all__ = [
    "BorderLayer",
    "IncidentLayer",
    "JurisdictionLayer",
    "Legend",
    "PlaceLayer",
    "PortLayer",
    "RoadLayer",
    "WaterLayer",
    "each_link",
]

SHAPES = ("points", "lines", "areas")
"""Kinds of geometry, by their dimension."""
INDENT = re.compile(r"\n\s+")
"""Indents and empty lines of a template, which no reader of the page needs."""
SOURCE = (
    "source_title",
    "source_publisher",
    "source_url",
    "source_date",
    "confidence",
    "read_in",
    "note",
)


def in_languages(columns: Iterable[str]) -> list[str]:
    """Return columns, each with those that say the same in further languages of the page."""
    suffixes = ("", *(f"_{lang}" for lang in active_region().languages[1:]))
    return [f"{column}{suffix}" for column in columns for suffix in suffixes]


def sides_of(region: Region) -> list[dict[str, str | None]]:
    """Return what scripts know of the two sides: their codes, and the language of roads."""
    details = region.details
    speaks = [side.speaks for side in details.sides] if details else [None, None]
    return [{"code": code, "speaks": lang} for code, lang in zip(region.sides, speaks, strict=True)]


class Raw(Element):
    """Text that stands in the page as it is.

    Branca makes a template of every other text it is given, so that ``{{ 7*7 }}``
    in someone's data would be run.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


class Runtime(Element):
    """Our runtime in a page's head, made when the head is rendered: once, for all our layers.

    Folium writes whatever it renders, so that the rules of publication are asked here.
    """

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure

    def render(self, **kwargs: Any) -> str:
        """Return it with the kinds of the figure's layers, which keep the rules."""
        if not _ASKED.get():
            require_rules(check_tables(page_tables(payloads_in(self.figure))))
        return runtime(own_kinds(self.figure))


_ASKED: ContextVar[bool] = ContextVar("rules are asked", default=False)


def rules_are_asked() -> bool:
    """Whether what is rendered now is held to the rules by whoever renders it."""
    return _ASKED.get()


@contextmanager
def asking_rules() -> Iterator[None]:
    """Render what is then held to the rules, by whoever renders it."""
    before = _ASKED.set(True)
    try:
        yield
    finally:
        _ASKED.reset(before)


def require_rules(findings: Iterable[Finding]) -> None:
    """Raise if a rule fails; whoever renders a map by hand can answer for none."""
    try:
        answered(findings, {})
    except RuleError as error:
        error.add_note("Rendering takes no answer; roxham.maps.save_html does.")
        raise


def payloads_in(root: Element) -> list[dict[str, Any]]:
    """Return the payloads of our layers on any map."""
    own = [root.payload] if isinstance(root, FrameLayer) else []
    return own + [one for child in root._children.values() for one in payloads_in(child)]


@cache
def environment() -> jinja2.Environment:
    """Return the environment of our HTML templates: everything escaped unless said otherwise."""
    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: INDENT.sub("\n", asset(name))),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["typeset"] = typeset
    return found


STATIC = (
    *("aside.", "chart.gaps", "chart.no_total", "chart.table", "chart.total", "claims."),
    *("encounters.", "entries.caveats", "entries.sub", "entries.years", "figures.", "frame."),
    *("incidents.", "legend.overlap", "legend.printed", "legend.shaded", "mask.", "open."),
    *("page.counts", "page.incidents", "page.kicker", "page.noscript", "page.retrieved"),
    *("ports.", "resource.", "rules.", "sources.", "tables.", "timeline.", "transfers.", "way."),
)
"""Beginnings of the messages that only static text says; no script asks for them."""


def for_scripts(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the messages that scripts ask for, by language."""
    return {
        lang: {key: text for key, text in told.items() if not key.startswith(STATIC)}
        for lang, told in words.items()
    }


def runtime(own: tuple[tuple[str, str], ...] = ()) -> str:
    """Return style, messages and script of the runtime, as HTML, with kinds of a caller's own."""
    return (
        environment()
        .get_template("runtime.html.j2")
        .render(
            style=style_sheet("map.css"),
            messages=safe_json(for_scripts(messages())),
            script=runtime_script(own),
        )
    )


def data_block(block_id: str, value: object) -> Raw:
    """Return a script element that holds data and is never run."""
    template = environment().get_template("block.html.j2")
    return Raw(template.render(id=block_id, json=safe_json(value)))


def page_of(element: Element) -> Figure:
    """Return the figure that an element stands in, with our runtime in its head."""
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("Add this element to a folium.Map before it is rendered.")
    figure.header.add_child(Runtime(figure), name="roxham_runtime")
    return figure


def own_kinds(element: Element) -> tuple[tuple[str, str], ...]:
    """Return the kinds of layers in a tree of elements that bring a script, each with it."""
    found: dict[str, str] = {}
    waiting = [element]
    while waiting:
        one = waiting.pop()
        waiting += one._children.values()
        if not isinstance(one, FrameLayer) or one.script is None:
            continue
        if found.setdefault(one.kind, one.script) != one.script:
            told = "has two scripts on this map."
            raise DataError(Fault(one.kind, told, "Give one of them another kind."))
    return tuple(sorted(found.items()))


def markup(name: str) -> str:
    """Return a name as HTML, as Folium's own layer control reads it.

    It is also read as a template, and as a key of an object: ``{{`` and
    ``__proto__`` must not stand in it.
    """
    return html.escape(as_written(name)).replace("{", "&#123;").replace("__", "&#95;_")


def require_features(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return the frame if it has geometries and no two columns of one name, else raise."""
    found = f"is a {type(frame).__name__}, no GeoDataFrame with geometries."
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise DataError(Fault(name, found, "Give it one with geopandas.points_from_xy()."))
    twice = dict.fromkeys(map(str, frame.columns[frame.columns.duplicated()]))
    if twice:
        told = "two columns have this name."
        raise DataError([Fault(name, told, "Rename one.", column=column) for column in twice])
    return frame


def require_shapes(frame: gpd.GeoDataFrame, name: str, wanted: Sequence[str]) -> None:
    """Raise if a layer of lines is given points, and the like; a row without a place is none."""
    found = shapely.get_dimensions(np.asarray(frame.geometry.array))
    other = ~np.isin(found, [-1, *map(SHAPES.index, wanted or SHAPES)])
    if other.any():
        told = f"holds {SHAPES[found[other][0]]} in {int(other.sum())} of {len(frame)} rows."
        raise DataError(Fault(name, told, f"Give {' or '.join(wanted)}."))


def steady_id(element: Element, parent: Element) -> None:
    """Give an element a number by its place on the map: two builds then give the same bytes."""
    base, number = element._id, 1
    while element.get_name() in parent._children:
        number += 1
        element._id = f"{base}_{number}"


class FrameLayer(Layer):
    """A frame drawn as one layer; the classes below say which kind.

    A class of your own has a ``kind``, the ``columns`` that travel to the page, the ``script``
    that draws it, a module such as those of ``maps/assets/js/kinds``, and its ``words``:
    messages by language, ``layer.<kind>`` for its name and ``column.<name>`` for headings.

    Parameters
    ----------
    frame
        Features in EPSG:4326; it is not altered. ``frame.attrs["licences"]``, a list of
        ``{"name": ..., "url": ...}``, travels along and stands in every download.
    name
        Name in the legend. By default the legend's own, in the reader's language.
    show
        Whether the layer is shown when the map opens.
    """

    kind: ClassVar[str]
    script: ClassVar[str | None] = None
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    columns: Sequence[str]
    where_known: Sequence[str] = ()
    """Of these, the ones that stay behind where no row has a value."""
    needed: Sequence[str] = ()
    """Columns without which it cannot be drawn."""
    shapes: Sequence[str] = ()
    """What it is drawn of, by :data:`SHAPES`; of anything, where none is said."""
    _template = Template(asset("layer.j2"))

    @checked()
    def __init__(
        self, frame: gpd.GeoDataFrame, *, name: str | None = None, show: bool = True
    ) -> None:
        super().__init__(
            name=markup(name) if name else self.kind.capitalize(), overlay=True, show=show
        )
        self._name = "Roxham"
        self._id = self.kind
        if self.script is not None:
            own_kind(self.kind, self.script)
        require_columns(frame, name or self.kind, self.needed)
        require_shapes(require_features(frame, name or self.kind), name or self.kind, self.shapes)
        drawn = self.prepare(frame)
        extra = {
            "licences": licences_of(frame),
            "dimensions": dimensions_of(drawn.geometry),
            "region": active_region().name,
            "sides": sides_of(active_region()),
            **self.further(frame),
        }
        if (credit := frame.attrs.get("credit")) and OSM_NAME not in credit:
            extra["credit"] = credit
        if name:
            extra["title"] = name
        if self.words:
            extra["words"] = self.words
        columns = tuple(dict.fromkeys(in_languages((*self.columns, *SOURCE))))
        bare = [c for c in self.where_known if c in drawn and drawn[c].isna().all()]
        if "read_in" not in drawn or drawn["read_in"].isna().all():
            bare.append("read_in")
        columns = tuple(column for column in columns if column not in bare)
        drawn = on_one_map(drawn, active_region())
        self.payload = layer_payload(self.kind, drawn, columns, extra=extra)

    @property
    def data_id(self) -> str:
        """Id of the data block."""
        return f"{self.get_name()}_data"

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the features to draw."""
        return frame

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Return further keys of the payload."""
        return {}

    @checked()
    def add_to(
        self, parent: Element, name: str | None = None, index: int | None = None
    ) -> FrameLayer:
        """Add the layer to a map or a group."""
        steady_id(self, parent)
        super().add_to(parent, name=name, index=index)
        return self

    def render(self, **kwargs: Any) -> Any:
        """Put the data and the script into the page."""
        figure = page_of(self)
        figure.html.add_child(data_block(self.data_id, self.payload), name=self.data_id)
        # Not Folium's own way for layers, which adds them once more at each rendering.
        MacroElement.render(self, **kwargs)  # type: ignore[no-untyped-call]


class BorderLayer(FrameLayer):
    """The border: lines, one a section (``section``).

    Parameters
    ----------
    frame
        Lines in EPSG:4326, such as ``load_border().line``; it is not altered.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_border
    >>> BorderLayer(load_border().line).payload["kind"]
    'border'
    """

    kind = "border"
    shapes = ("lines", "areas")
    columns = ("section",)


class JurisdictionLayer(FrameLayer):
    """States and provinces: polygons (``id, name, name_fr, kind, country``).

    Parameters
    ----------
    frame
        Areas in EPSG:4326, such as ``load_jurisdictions()`` gives them.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_jurisdictions
    >>> JurisdictionLayer(load_jurisdictions()).payload["n"] > 1
    True
    """

    kind = "jurisdictions"
    shapes = ("areas",)
    columns = ("id", "name", "kind", "country")


class WaterLayer(FrameLayer):
    """Lakes and rivers: polygons (``id, name, name_fr, kind``).

    Parameters
    ----------
    frame
        Areas in EPSG:4326, such as ``load_water()`` gives them.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_water
    >>> WaterLayer(load_water()).payload["kind"]
    'water'
    """

    kind = "water"
    shapes = ("lines", "areas")
    columns = ("id", "name", "kind")


class PlaceLayer(FrameLayer):
    """Towns, hubs and regions: points (``name, name_fr, kind, admin1, population``).

    Parameters
    ----------
    frame
        Points in EPSG:4326, such as ``load_places()`` gives them.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_places
    >>> PlaceLayer(load_places(), show=False).show
    False
    """

    kind = "places"
    shapes = ("points",)
    columns = ("place_id", "name", "kind", "country", "admin1", "population", "radius_m")


class IncidentLayer(FrameLayer):
    """Incidents as areas of uncertainty: points with ``radius_m`` in metres above 0.

    An area, a polygon, is drawn as the circle around its middle that holds it. A point without
    a radius is refused: where someone was hurt is never a bare point. A kind that the legend has
    no sign for is named there as it is written. Further columns: ``date, kind, place_name,
    deaths, missing, injured, direction, cause, summary, location_basis``, and ``_fr`` for those
    in words.

    Parameters
    ----------
    frame
        Points in EPSG:4326 with ``radius_m``, such as ``load_incidents().rows``.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.layers import load_incidents
    >>> incidents = load_incidents().rows
    >>> IncidentLayer(incidents).payload["n"] == len(incidents)
    True
    """

    kind = "incidents"
    where_known = ("missing",)
    columns = (
        *("id", "date", "date_precision", "place_name", "admin_area", "country"),
        *("radius_m", "location_precision", "mask_method", "mask_min_m", "mask_max_m"),
        *("location_basis", "location_url"),
        *("deaths", "missing", "injured", "kind", "direction"),
        *("cause", "summary"),
        *("victim_name", "named_source_url", "named_reason"),
    )

    @checked()
    def __init__(
        self, frame: gpd.GeoDataFrame, *, name: str | None = None, show: bool = True
    ) -> None:
        super().__init__(frame, name=name, show=show)
        if faults := radius_faults(self.areas, name or self.kind):
            raise DataError(faults)

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return polygons as their middles, with a radius that holds them."""
        self.areas = as_circles(frame)
        return self.areas


class RoadLayer(FrameLayer):
    """Roads: lines in OSMnx's convention (``ref, name, highway, jurisdiction, length_m``).

    Parameters
    ----------
    frame
        Edges in EPSG:4326, such as ``load_roads().edges``. Of a link given in
        both directions one is drawn.
    schematic
        Say in the popups that the lines are schematic.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> RoadLayer(load_roads().edges, schematic=True).payload["kind"]
    'roads'
    """

    kind = "roads"
    shapes = ("lines",)
    columns = (
        *("ref", "name", "highway", "jurisdiction", "length", "length_m"),
        *("maxspeed_kmh", "speed_basis", "access"),
    )

    @checked()
    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        schematic: bool = False,
        name: str | None = None,
        show: bool = True,
    ) -> None:
        self.schematic = schematic
        super().__init__(frame, name=name, show=show)

    def prepare(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return each two-way link once."""
        return each_link(frame)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Say whether the lines are schematic."""
        return {"schematic": self.schematic}


def each_link(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return roads with each two-way link once."""
    if list(frame.index.names[:2]) != ["u", "v"]:
        return frame
    u, v = (frame.index.get_level_values(level) for level in (0, 1))
    ends = pd.factorize(u.append(v))[0].reshape(2, -1)
    # A merged street adds up its metres, and lists its names, in the order of its direction.
    shapes = shapely.to_wkb(shapely.normalize(np.asarray(frame.geometry)))
    alike = pd.DataFrame({"low": ends.min(axis=0), "high": ends.max(axis=0), "shape": shapes})
    if "length_m" in frame:  # two roads of a schema may lie on one straight line
        alike["metres"] = frame["length_m"].round(3).to_numpy()
    return frame[~alike.duplicated().to_numpy()]


class PortLayer(FrameLayer):
    """Ports of entry and documented irregular sites: points.

    Parameters
    ----------
    frame
        ``port_id, kind, ca_name, us_name, ca_road, us_road, status, hours_ca,
        hours_note, opened, closed, coord_precision_m``, and what the region's file
        lists in ``port_columns``. Without the first two, and ``status``, as for
        :func:`~roxham.layers.gates`.
    story
        Events (``date, title``, optionally ``title_fr``) that the popup of an
        irregular site lists.
    name, show
        As for every layer.

    Examples
    --------
    >>> from roxham.layers import load_ports
    >>> PortLayer(load_ports().rows, name="Ports").payload["title"]
    'Ports'
    """

    kind = "ports"
    shapes = ("points",)
    columns: Sequence[str] = (
        *("port_id", "kind"),
        *("coord_precision_m", "position_basis", "position_url"),
        *("status", "hours_note"),
        *("opened", "closed"),
    )

    @checked()
    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        story: pd.DataFrame | None = None,
        name: str | None = None,
        show: bool = True,
    ) -> None:
        self.story = story
        frame = as_ports(require_features(frame, name or self.kind))
        region = active_region()
        sides = [c for what in ("name", "admin", "road") for c in region.columns(what)]
        self.more = tuple(region.details.port_columns) if region.details else ()
        hours = region.columns("hours", prefix=True)
        self.columns = (*sides, *hours, *type(self).columns, *self.more)
        super().__init__(frame, name=name, show=show)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Return the story as a list of entries, and which columns are the region's own."""
        told: dict[str, object] = {"further": self.more} if self.more else {}
        if self.story is not None:
            told["story"] = records(self.story, ["date", *in_languages(["title"])])
        return told


class Legend(MacroElement):
    """Legend and layer control in one, for a ``folium.Map``; add it after the layers.

    Examples
    --------
    >>> import folium
    >>> own = folium.Map([45.0, -73.4], tiles=None)
    >>> _ = Legend().add_to(own)
    >>> [type(child).__name__ for child in own._children.values()]
    ['Legend']
    """

    _template = Template(asset("legend.j2"))

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Roxham"
        self._id = "legend"

    def render(self, **kwargs: Any) -> Any:
        """Put the control into the page."""
        page_of(self)
        super().render(**kwargs)  # type: ignore[no-untyped-call]

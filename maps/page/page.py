"""The border page: a Folium map within a page of its own, in one file."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import folium
import geopandas as gpd
import pandas as pd
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from folium.template import Template

from roxham.geo import Catchments, DataError, Fault, Region, active_region, using_region
from roxham.geo.arguments import checked, found
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.layers import Layers, load_layers
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.publication.check import check_tables
from roxham.layers.publication.gate import answered, overrides_of
from roxham.maps.content.clock import clock_data
from roxham.maps.content.french import in_french
from roxham.maps.content.guard import sound_layers
from roxham.maps.content.measures import measure_data
from roxham.maps.content.plain import safe_json
from roxham.maps.content.records import page_context
from roxham.maps.content.small_map import areas_data
from roxham.maps.content.text import characters_in
from roxham.maps.content.wording import (
    both,
    dates_in,
    local,
    messages,
    written_dates,
    written_numbers,
)
from roxham.maps.elements.entry_layer import EntryLayer
from roxham.maps.elements.fact_layer import FactLayer
from roxham.maps.elements.layers import (
    BorderLayer,
    FrameLayer,
    IncidentLayer,
    JurisdictionLayer,
    Legend,
    PlaceLayer,
    PortLayer,
    RoadLayer,
    WaterLayer,
    asking_rules,
    environment,
    payloads_in,
    require_rules,
    rules_are_asked,
)
from roxham.maps.ground import Base, load_base
from roxham.maps.printed.layout import chart_picture, map_pictures
from roxham.maps.printed.write import sheet_svg, sheets_svg
from roxham.maps.resources import (
    POLICY_SLOT,
    asset,
    asset_json,
    content_policy,
    font_faces,
    leaflet,
    scripts_of,
    style_sheet,
)

from .ask import ask_data
from .inline import FOLIUMS_OWN, with_files
from .opening import elsewhere, opening, pan_of
from .rules import check_page, plain_tables
from .series import series_payloads
from .travel import Travel, roads_source, travel_context, travel_layers

__all__ = ["BorderMap", "border_map", "page_html", "save_html"]

PAGE, ALONE = "page.html.j2", "page_embed.html.j2"
SHEETS = ("page.css", "chart.css", "areas.css", "clock.css", "table.css", "ask.css")
STORY = ("border_closure", "border_reopening", "treaty", "operations")
"""Kinds of events that make up the story of the irregular site."""
OWN_LAYERS = (IncidentLayer.kind, PortLayer.kind, EntryLayer.kind)
"""Tables that have a kind of layer of their own."""


class PageFigure(Figure):
    """The page around the map. Rendering gives the whole document."""

    def __init__(
        self,
        context: dict[str, Any],
        data: dict[str, Any],
        region: Region,
        *,
        template: str = PAGE,
    ) -> None:
        super().__init__()
        self.region = region
        self.context = {**context, "overrides": []}
        self.data = {**data, "overrides": []}
        self.template = template

    def render(self, **kwargs: Any) -> str:
        """Return the HTML document; the rules are asked of it, unless whoever renders it does."""
        with using_region(self.region):
            if rules_are_asked():
                return self._document(**kwargs)
            with asking_rules():
                html = self._document(**kwargs)
            require_rules(check_page(html))
            return html

    def _document(self, **kwargs: Any) -> str:
        for child in self._children.values():
            child.render(**kwargs)
        script, style = leaflet()
        tiles = asset_json("tiles.json")
        remote = self.remote_origins()
        template = environment().get_template(self.template)
        html = template.render(
            **self.context,
            dates=written_dates,
            dates_in=dates_in,
            numbers=written_numbers,
            of_key=lambda key: {lang: words[key] for lang, words in messages().items()},
            local=local,
            more=lambda count: both("sources.more", count=count),
            policy=POLICY_SLOT,
            leaflet_script=script,
            styles=[
                style,
                *map(style_sheet, SHEETS if self.template == PAGE else (*SHEETS, "embed.css")),
                language_style(self.region.languages),
                *filter(None, [font_faces(self.context["scripts"])]),
            ],
            header=self.header.render(**kwargs),
            map_html=self.html.render(**kwargs),
            script=self.script.render(**kwargs),
            map_name=next(iter(self._children.values())).get_name(),
            data=safe_json({**self.data, "tiles": tiles}),
        )
        policy = content_policy(html, images=[tile["source"] for tile in tiles], remote=remote)
        return html.replace(POLICY_SLOT, policy, 1)

    def remote_origins(self) -> list[str]:
        """Return the hosts that elements added by the caller load from, and say so."""
        links = [child for child in self.header._children.values() if isinstance(child, Link)]
        origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(link.url)) for link in links})
        if origins:
            warnings.warn(
                f"An element of this map loads files from {', '.join(origins)}: "
                "the page is no longer self-contained.",
                UserWarning,
                stacklevel=2,
            )
        return origins


def language_style(languages: Sequence[str]) -> str:
    """Return the style by which other languages are hidden, and what links say of themselves."""
    words = messages()
    return "\n".join(
        f'.rx-page[lang="{lang}"] span[lang]:not([lang="{lang}"]) {{ display: none; }}\n'
        f'.rx-page[lang="{lang}"] {{ --rx-tab: {quoted(words[lang]["link.tab"])}; }}'
        for lang in languages
    )


def still_style(languages: Sequence[str]) -> str:
    """Return the style by which a reader without scripts chooses by ``rx-still-LANGUAGE``.

    Only such a reader gets it: with scripts each change of the page would ask it anew.
    """
    rules = [f".rx-page g[lang]:not([lang={quoted(languages[0])}]) {{ display: none; }}"]
    for lang in languages:
        chosen = f".rx-page:has(#rx-still-{lang}:checked) :is(span, g)[lang]"
        rules.append(f"{chosen} {{ display: none; }}")
        rules.append(f"{chosen}[lang={quoted(lang)}] {{ display: inline; }}")
        number = f".rx-page:has(#rx-still-{lang}:checked) data[data-{lang}]"
        rules.append(f"{number} {{ position: relative; visibility: hidden; }}")
        rules.append(
            f"{number}::after {{ content: attr(data-{lang}); position: absolute; "
            "inset-inline-start: 0; visibility: visible; white-space: nowrap; }"
        )
    return " ".join(rules)


def quoted(text: str) -> str:
    """Return a text as a style sheet writes one, with nothing that could end it."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


class BorderMap(folium.Map):
    """A map without Folium's remote scripts and styles; its page carries its own.

    Parameters
    ----------
    figure
        The page that it stands in.
    region
        Where it looks when it opens.

    Examples
    --------
    >>> issubclass(BorderMap, folium.Map)
    True
    """

    _template = Template(asset("map.j2"))

    @checked()
    def __init__(self, figure: PageFigure, region: Region) -> None:
        west, south, east, north = pan_of(region)
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            zoom_start=9,
            tiles=None,
            zoom_snap=0.25,
            zoom_delta=0.5,
            wheel_px_per_zoom_level=110,
            min_zoom=_least_zoom(east - west),
            max_bounds=True,
            min_lat=south,
            max_lat=north,
            min_lon=west,
            max_lon=east,
        )
        self._id = "roxham"
        self.over_180 = region.over_180
        # On the instance: Folium's own lists belong to every map there is.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        figure.add_child(self)

    @checked()
    def save(self, outfile: Any, close_file: bool = True, **kwargs: Any) -> None:
        """Write the page as :func:`save_html` does, with its rules; or into an open file."""
        if isinstance(outfile, str | Path):
            save_html(self, outfile, **kwargs)
            return
        if not hasattr(outfile, "write"):
            remedy = "Give a path, or a file that is open for bytes."
            raise DataError(Fault("outfile", f"is {found(outfile)}.", remedy))
        outfile.write(kept_html(self, **kwargs).encode("utf-8"))
        if close_file:
            outfile.close()


def _least_zoom(degrees: float) -> int:
    """Return the zoom at which so many degrees of longitude fit a small screen."""
    return max(1, min(12, math.floor(math.log2(360 / degrees) + 0.6)))


@checked(reach=("origin", "minutes"))
def border_map(
    layers: Layers | None = None,
    *,
    title: str | None = None,
    since: str | None = None,
    until: str | None = None,
    base: Base | None = None,
    region: Region | str | Path | None = None,
    routes: gpd.GeoDataFrame | None = None,
    reach: gpd.GeoDataFrame | None = None,
    access: tuple[Catchments, Catchments] | None = None,
    embed: bool | Literal["full"] = False,
) -> folium.Map:
    """Draw the border page.

    Parameters
    ----------
    layers
        What to show, from ``load_layers``; the region's own data by default.
    title
        The headline. The page's own, in both languages, by default.
    since, until
        First and last month, ``YYYY-MM``, when ``layers`` is left to be loaded.
    base
        The ground to draw on; that of the region by default.
    region
        Whose page it is: its words, views, languages and rules. By default that of ``base``,
        or of ``layers``, or the region at work.
    routes
        Routes of one date or of two, from :func:`roxham.layers.dated_routes`.
    reach
        Areas along roads, from :func:`roxham.geo.reach`.
    access
        The nearest gates of an earlier and a later day, from
        :func:`roxham.geo.catchments`, both with areas. A switch shows either, or what changed.
    embed
        The map alone, with its clock, legend, credits and disclaimer, for an iframe. With
        ``"full"`` it takes one finger and the wheel for itself, as a frame does that fills its
        page; else these scroll the page, and two fingers or Ctrl with the wheel move the map.

    Returns
    -------
    folium.Map
        Elements can be added to it as to any other. Its ``save`` and
        :func:`save_html` write the whole page, in one file that asks nothing of
        the network unless the reader turns a background on.

    Raises
    ------
    DataError
        If ``since`` or ``until`` is given along with ``layers``, or routes and access are
        of different dates; if a table was made by hand and cannot be drawn.

    Examples
    --------
    >>> page = border_map(since="2022-01", until="2022-12")
    >>> page.get_name()
    'map_roxham'
    """
    if layers is not None and (since is not None or until is not None):
        raise DataError("since and until choose what is loaded. Give them to load_layers instead.")
    if region is None:
        region = next((one.region for one in (base, layers) if one is not None), active_region())
    with using_region(region) as area:
        layers = sound_layers(layers or load_layers(since=since, until=until))
        base = base or load_base()
        of_layers = layers.region
    for what, other in (("layers", of_layers), ("base", base.region)):
        if other != area:
            raise DataError(
                f"{what}: are of region {other.name}, and the page of {area.name}. "
                f"Load them with region={area.name!r}."
            )
    with using_region(area):
        return _drawn(layers, base, title, Travel(routes, reach, access), embed=embed)


def _drawn(
    layers: Layers,
    base: Base,
    title: str | None,
    travel: Travel,
    *,
    embed: bool | Literal["full"],
) -> folium.Map:
    """Draw the page of the region at work."""
    layers, base = in_french(layers), in_french(base)
    context = page_context(layers, base, title=title)
    context["travel"] = travel_context(travel, layers.ports, schematic=base.schematic)
    pictures = map_pictures(layers, base, context["languages"])
    context["picture"] = (
        {sheet.language: sheet_svg(sheet, fit=True) for sheet in pictures}
        if embed
        else sheets_svg(pictures)
    )
    context["still_style"] = still_style(context["languages"])
    context["roads_elsewhere"] = elsewhere(base, pan_of(base.region))
    context["scripts"] = _scripts(context, layers, base, travel)
    chart = context["chart"]
    context["chart_picture"] = (
        ""
        if chart is None
        else sheets_svg([chart_picture(chart, language=lang) for lang in context["languages"]])
    )
    context["areas"] = areas_data(base.provinces, layers.interceptions, layers.transfers)
    data = {
        "title": context["title"],
        "languages": context["languages"],
        "credit": context["credit"][context["first"]],
        "views": base.views,
        "full": embed == "full",
        "opens": opening(base, pan_of(base.region)),
        "clock": clock_data(layers),
        "chart": context["chart"],
        "measures": []
        if chart is None
        else measure_data(layers, next(iter(chart["months"]), None)),
        "series": series_payloads(layers),
        "areas": context["areas"],
    }
    data["ask"] = context["ask"] = None if embed else ask_data(layers, base, data["clock"])
    if embed:
        del data["areas"], data["series"], data["measures"]
    page = BorderMap(
        PageFigure(context, data, base.region, template=ALONE if embed else PAGE), base.region
    )
    JurisdictionLayer(base.jurisdictions).add_to(page)
    if len(base.water):
        WaterLayer(base.water).add_to(page)
    source = roads_source(base)
    for layer in travel_layers(travel, layers.ports, schematic=base.schematic, source=source):
        layer.add_to(page)
    if len(base.roads):
        RoadLayer(base.roads, schematic=base.schematic).add_to(page)
    if context["has"]["incidents"]:
        IncidentLayer(layers.incidents).add_to(page)
    BorderLayer(base.border).add_to(page)
    if len(base.places):
        PlaceLayer(base.places).add_to(page)
    if len(layers.entries):
        EntryLayer(layers.entries).add_to(page)
    if context["has"]["ports"]:
        PortLayer(layers.ports, story=site_story(layers)).add_to(page)
    for name, rows in layers.tables.items():
        drawn = DATASETS[name].drawn and name not in OWN_LAYERS
        if drawn and isinstance(rows, gpd.GeoDataFrame):
            FactLayer(DATASETS[name], rows).add_to(page)
    return page


def _scripts(context: dict[str, Any], layers: Layers, base: Base, travel: Travel) -> list[str]:
    """Return the further scripts that anything on the page is written in."""
    frames = [*vars(layers).values(), *layers.tables.values(), *base.frames().values()]
    known = [frame for frame in (*frames, *travel) if isinstance(frame, pd.DataFrame)]
    told = (
        *context["title"].values(),
        *(t for words in messages().values() for t in words.values()),
    )
    return list(scripts_of(characters_in(known).union(*told)))


def site_story(layers: Layers) -> pd.DataFrame:
    """Return the dated events of the irregular site, to the end of the year it closed."""
    events: pd.DataFrame = layers.policy_events
    sites = layers.ports[layers.ports["kind"] == "irregular_site"]
    none = pd.DataFrame(columns=["date", "title", "title_fr"])
    if sites.empty or pd.isna(sites["opened"].iloc[0]):
        return none
    opened = str(sites["opened"].iloc[0])
    closed = sites["closed"].iloc[0]
    last = "9999" if pd.isna(closed) else f"{str(closed)[:4]}-12-31"
    told = events["kind"].isin(STORY) & events["date"].between(opened, last)
    return events[told].sort_values("date", kind="stable")


@checked()
def save_html(
    map: folium.Map,  # noqa: A002
    path: str | Path,
    *,
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
    inline: bool = False,
) -> Path:
    """Write a map as one HTML file; a failure leaves an existing file as it was.

    Parameters
    ----------
    map
        A map from :func:`border_map`, or any ``folium.Map``: Leaflet is put
        inside, and Folium's other remote files are left out of a map that holds
        nothing but our layers and base tiles.
    path
        The file to write.
    allow
        Rules of publication that may fail, by name, and why; the page shows it.
    by
        Who allows it: a person or an office.
    as_of
        The day from which the embargo is counted; today by default.
    inline
        Of a ``folium.Map`` with further elements, such as markers with popups: put inside
        whatever Folium would fetch. Leaflet and jQuery are here; what other elements
        need is downloaded once. Base tiles stay remote, which is refused.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    DataError
        If nothing can be written there, or a rule of publication fails that nobody allows:
        of a page from :func:`border_map` every rule is asked, of other maps what the
        rows of our layers hold, and what is said in markers, popups and features of Folium's;
        with ``inline``, if the map has base tiles.
    FetchError
        With ``inline``, if a file that an element needs cannot be downloaded.

    Examples
    --------
    >>> import tempfile
    >>> own = folium.Map([45.0, -73.4], tiles=None)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_html(own, folder + "/map.html").stat().st_size > 10_000
    True
    """
    path = require_writable(path)
    html = kept_html(map, allow=allow, by=by, as_of=as_of, inline=inline)
    return write_atomic(path, html.encode("utf-8"))


def kept_html(
    map: folium.Map,  # noqa: A002
    *,
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
    inline: bool = False,
) -> str:
    """Return the page of a map that keeps the rules, or fails those allowed and says so."""
    allowed = overrides_of(allow or {}, by)
    html = page_html(map)
    root = map.get_root()
    if isinstance(root, PageFigure):
        with using_region(root.region):  # its words and languages are what the rules look for
            findings = check_page(html, as_of=as_of)
    else:
        findings = check_tables(plain_tables(html, payloads_in(root)), as_of=as_of)
    overrides = answered(findings, allowed)
    again = overrides or (inline and not isinstance(root, PageFigure))
    return page_html(map, overrides=overrides, inline=inline) if again else html


def page_html(
    map: folium.Map,  # noqa: A002
    *,
    overrides: Sequence[Mapping[str, str]] = (),
    inline: bool = False,
) -> str:
    """Return the whole page of a map as :func:`save_html` writes it, whatever the rules say.

    Parameters
    ----------
    map
        As for :func:`save_html`.
    overrides
        Rules that the page fails and was made in spite of: ``rule, says, reason, by``; a
        reader is shown them.
    inline
        As for :func:`save_html`.
    """
    root = map.get_root()
    if not isinstance(root, PageFigure):
        html = render_plain(map, inline=inline)
        if not overrides:
            return html
        note = environment().get_template("overrides.html.j2").render(overrides=overrides)
        return note.join(html.rsplit("</body>", 1)) if "</body>" in html else html + note
    root.context["overrides"] = root.data["overrides"] = list(overrides)
    with asking_rules():
        page: str = root.render()
    return page


OURS = (FrameLayer, Legend, folium.TileLayer, folium.map.FitBounds, folium.LayerControl)
"""Elements that need nothing but Leaflet and our runtime."""


def render_plain(map: folium.Map, *, inline: bool = False) -> str:  # noqa: A002
    """Return a plain Folium map with Leaflet inside and steady ids."""
    root: Any = map.get_root()
    with asking_rules():
        html: str = root.render()
    script, style = leaflet()
    templates = environment()
    inside = {
        "leaflet": templates.get_template("script.html.j2").render(text=script),
        "leaflet_css": templates.get_template("style.html.j2").render(text=style),
    }
    own = all(isinstance(child, OURS) for child in map._children.values())
    for name, child in root.header._children.items():
        idle = own and name in FOLIUMS_OWN
        if isinstance(child, JavascriptLink | CssLink) and (name in inside or idle):
            html = html.replace(child.render(), inside.get(name, ""), 1)
    if inline:
        html = with_files(html, map)
    for number, old in enumerate(dict.fromkeys(ids_of(root))):
        html = html.replace(old, f"{number:04x}")
    return html


def ids_of(element: Element) -> list[str]:
    """Return the random ids in a tree of elements, in its order."""
    inner = [element.header, element.html, element.script] if isinstance(element, Figure) else []
    found = [element._id] if len(element._id) == 32 else []
    for child in [*element._children.values(), *inner]:
        found += ids_of(child)
    return found

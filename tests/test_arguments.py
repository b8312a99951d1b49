"""Wrong arguments of every public function: what is said of them is ours, and names them."""

from __future__ import annotations

import datetime as dt
import inspect
import random
import re
import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo import (
    CallError,
    Catchments,
    Checked,
    DataError,
    GateTrees,
    Region,
    Report,
    Roads,
    RoxhamError,
    Snap,
    Snapper,
    WriteError,
    catchments,
    load_border,
    load_places,
    load_region,
    load_roads,
    reach,
)
from roxham.geo.arguments import declared, declared_fields, fits
from roxham.geo.border.given import BorderLike
from roxham.layers import (
    Interval,
    load_incidents,
    load_interceptions,
    load_policy_events,
    load_ports,
    load_series,
)
from roxham.maps import BorderLayer, BorderMap, IncidentLayer, border_map, map_sheet
from roxham.maps.page.page import PageFigure

from .geo.handmade import FIELDS, fence, gates_at, network
from .maps import samples

FACES = (roxham.geo, roxham.layers, roxham.maps)
PUBLIC = {name: getattr(face, name) for face in FACES for name in face.__all__}
FUNCTIONS = {
    name: thing
    for name, thing in PUBLIC.items()
    if inspect.isfunction(thing) and inspect.signature(thing).parameters
}
LAYERS = {name: thing for name, thing in PUBLIC.items() if name.endswith("Layer")}

NOWHERE = "no/such/file.csv"
HERE: Mapping[str, Any] = MappingProxyType({"crs": "EPSG:4326"})


def points(lon: float = 0.5, lat: float = 45.5, crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["a"]}, geometry=gpd.points_from_xy([lon], [lat]), crs=crs)


MISTAKES: dict[str, object] = {
    "none": None,
    "a path": NOWHERE,
    "a Path": Path(NOWHERE),
    "an unknown word": "fortnight",
    "zero": 0,
    "a number": 7,
    "a negative number": -1.5,
    "not a number": float("nan"),
    "endless": float("inf"),
    "an empty list": [],
    "a list of lists": [[1], [2]],
    "a list of words": ["week", "a"],
    "a dictionary": {"a": 1},
    "an object": object(),
    "a date": dt.date(2023, 3, 25),
    "bytes": b"a",
    "a pair out of this world": (1000.0, 2000.0),
    "a frame of nothing": pd.DataFrame(),
    "a frame of other columns": pd.DataFrame({"b": [1, None], "c": ["x", "y"]}),
    "points without a CRS": points(crs=None),
    "points in metres": points(crs="EPSG:4326").to_crs("EPSG:3857"),
    "points with swapped axes": points(45.5, -73.5),
    "points off the Earth": points(500.0, 145.5),
    "no points": points().iloc[:0],
    "a missing point": gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=gpd.GeoSeries(np.array([None], dtype=object)), **HERE
    ),
    "an empty area": gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Polygon()], **HERE),
    "a frame without geometry": gpd.GeoDataFrame({"name": ["a"]}),
    "an array of no dimension": np.array(3.0),
    "a square array": np.zeros((2, 2)),
    "an array of objects": np.array([None, "a"], dtype=object),
    "a series": pd.Series([1.0, None]),
    "a series of words": pd.Series(["a"]),
    "a whole number that no array holds": 10**400,
    "a text that no file is called": "x" * 5000,
    "a text with a zero": "a\0b",
    "a text with half a character": "\ud800",
    "no date": pd.NaT,
    "an empty point": shapely.Point(),
    "points at no end": points(float("inf")),
    "an empty point in a frame": gpd.GeoDataFrame(
        {"name": ["a"]}, geometry=[shapely.Point()], **HERE
    ),
    "two columns of one name": pd.concat([points(), points()[["name"]]], axis=1),
    "words as categories": points().assign(name=pd.Categorical(["a"])),
    "what a loader returns": Checked(points(), pd.DataFrame()),
}


def hashed(column: pd.Series[Any]) -> bool:
    """Whether the cells can be categories: geometries and lists cannot."""
    return column.name != "geometry" and all(isinstance(cell, Hashable) for cell in column)


def spoilt(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield a frame with one column taken out, of words, of numbers, or null, for each."""
    rows = pd.DataFrame(frame)
    with warnings.catch_warnings(action="ignore"):  # of geometries that are none
        changed = {
            f"{column} {what}": frame.assign(**{str(column): value})
            for column in rows
            for what, value in (("of words", "word"), ("below 0", -1.5), ("unknown", None))
        }
    yield from changed.items()
    for column in frame.columns:
        yield f"without {column}", pd.DataFrame(frame.drop(columns=column))
    yield "as categories", frame.astype({c: "category" for c in frame if hashed(frame[c])})
    yield "indexed by words", frame.set_index(pd.Index([f"i{i}" for i in range(len(frame))]))
    yield "twice", pd.concat([frame, frame])
    yield "of no rows", frame.iloc[:0]


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return arguments with which each function of the faces works, or is refused for its file."""
    folder = tmp_path_factory.mktemp("right")
    roads = network(
        {"a": (0.5, 44.99), "g": (0.5, 45.0), "b": (0.5, 45.01), "c": (0.6, 45.02)},
        [("a", "g", 1100.0, 60.0), ("g", "b", 1100.0, 60.0), ("b", "c", 8000.0, 400.0)],
        nodes={"crossing_id": [None, "g", None, None]},
    )
    gates, border = gates_at(g=(0.5, 45.0)), fence()
    a, c = points(0.5, 44.99).assign(side="US"), points(0.6, 45.02).assign(side="CA")
    shown, base = samples.layers(), samples.base()
    found = catchments(roads, gates, areas=False)
    counts, policy = shown.tables["interceptions"], load_policy_events().rows
    parted = catchments(roads, gates, region=FIELDS, border=border)
    ports, incidents = load_ports().rows, load_incidents().rows.head(2)
    entries = load_series("interceptions")
    east, west = (load_series("interceptions", place=p) for p in ("CA-QC", "CA-ON"))
    drawn = IncidentLayer(shown.incidents)
    folder_of_table = {"path": str(folder / "none.csv")}
    region = {"region": FIELDS}
    near = {"within_m": 900.0}
    cut = {"ports": None, "cluster_m": 100.0, "max_gap_m": 150.0, "port_within_m": 500.0}
    calls: dict[str, dict[str, Any]] = {
        "catchments": {"roads": roads, "gates": gates, "on": None, "places": c, "areas": False}
        | {"weight": "travel_time_s", "direction": "to", "buffer_m": 250.0}
        | {**near, **region, "border": border},
        "changed_areas": {"before": parted, "after": parted, **region},
        "compare_catchments": {"before": found, "after": found},
        "cut_at_border": {"roads": roads, "border": border, **region, **cut, "by": None},
        "find_crossings": {"roads": roads, "border": border, **region, **cut, "by": None},
        "node_sides": {"roads": roads, "border": border, **region, **cut, "by": None},
        "fetch_roads": {"region": FIELDS, "modes": "drive", "cache": str(folder / "cache")}
        | {"endpoint": "https://127.0.0.1:9/none", "tile_km": 50.0, "timeout_s": 1.0}
        | {"largest_bytes": 10, "progress": None},
        "find_routes": {"roads": roads, "origin": a, "destination": c, "gates": gates}
        | {"weight": "travel_time_s", "via": "g", "alternatives": 1, "max_shared": 0.6}
        | {"max_stretch": 1.25, **near},
        "largest_component": {"roads": roads, "strongly": False},
        "load_border": {"region": None},
        "load_hospitals": {"every": False},
        "load_jurisdictions": {"region": None},
        "load_places": {"region": None},
        "load_provinces": {"region": None},
        "load_region": {"region": "roxham"},
        "load_roads": {"path": None, "gap": False, "verify": True, "region": None},
        "load_water": {"region": None},
        "nearest_edges": {"roads": roads, "points": a, **near},
        "nearest_places": {"roads": roads, "targets": a, "places": c, **near, **region}
        | {"weight": "travel_time_s"},
        "reach": {"roads": roads, "origins": a, "minutes": 2.0, "metres": None, "mode": None}
        | {"direction": "from", "gates": gates, "together": False, "buffer_m": 250.0}
        | {**near, **region, "border": border, "progress": None},
        "read_border": folder_of_table,
        "read_region": {"source": "roxham"},
        "read_roads": {**folder_of_table, "region": None, "modes": "drive", "directed": None}
        | {"rings": False, "largest": False},
        "require_wgs84": {"frame": a, "name": "a"},
        "write_frame": {"frame": a, "path": str(folder / "a.parquet")},
        "set_region": {"region": "roxham"},
        "using_region": {"region": "roxham"},
        "suggest_metric_crs": {"bounds": (0.0, 44.0, 2.0, 46.0)},
        "travel_table": {"roads": roads, "origins": a, "gates": gates, "destinations": c}
        | {"weight": "travel_time_s", **near, "names": False},
        "with_pace": {"roads": roads, "mode": "walk", "kmh": 4.8},
        "with_speeds": {"roads": roads, "jurisdiction": None},
        "add": {"a": east, "b": west},
        "compare_series": {"a": entries, "b": entries},
        "ratio": {"a": east, "b": entries},
        "to_calendar_year": {"series": entries, "partial": True},
        "to_fiscal_year": {"series": entries, "partial": True},
        "check_claims": {"layers": shown, "claims": None},
        "count_incidents": {
            "incidents": a.assign(date="2023-01-05"),
            "areas": gpd.GeoDataFrame(
                {"name": ["x"]}, geometry=[shapely.box(0, 44, 1, 45)], **HERE
            ),
            "name": "name",
            "threshold": 5,
        },
        "count_table": {"interceptions": counts, "by": "year", "province": "CA-QC"},
        "dated_routes": {"roads": roads, "origin": a, "destination": c, "on": "2023-03-01"}
        | {"at": "12:00", "ports": ports, "via": None, "weight": "travel_time_s"}
        | {"alternatives": 1, **near, "region": None},
        "export_map": {"folder": str(folder / "out"), "layers": shown, "ground": base.frames()}
        | {"format": "csv", "own": (), "allow": None, "by": None, "as_of": None},
        "figures": {"interceptions": counts},
        "find_gate": {"text": "roxham-road"},
        "find_mismatches": {"interceptions": counts},
        "find_place": {"text": "Plattsburgh", "gates": False},
        "find_places": {"text": "Plattsburgh"},
        "gate_names": {"ports": ports},
        "gates": {"ports": ports, "on": "2023-03-01", "at": "12:00", "direction": "north"}
        | {"policy": policy, "region": None},
        "incident_context": {"incidents": incidents, "roads": roads, "ports": ports}
        | {
            "places": c.assign(kind="town"),
            "on": None,
            "region": None,
            "border": None,
            "progress": None,
        },
        "known_on": {"interceptions": counts, "day": "2023-03-01", "releases": None},
        "latest_transfers": {"transfers": shown.tables["transfers"]},
        "load_export": {"folder": str(folder)},
        "load_series": {"measure": "entries", "place": None, "calendar": "month", "as_of": None}
        | {"table": None, "of": "car_passengers"},
        "mask": {"sites": incidents, "key": "long and secret key", "method": "donut"}
        | {"min_m": 500.0, "max_m": 5000.0, "cell_m": 5000.0, "within": None, "border": None}
        | {"region": None},
        "measure_table": {
            "measure": "interceptions",
            "rows": load_interceptions().rows,
            "by": "year",
        }
        | {"place": None, "as_of": None},
        "monthly_series": {"interceptions": counts, "province": "CA-QC", "since": None}
        | {"until": None},
        "ports_contract": {"region": None},
        "regime_spans": {"policy": policy, "region": None},
        "suppress_small": {"table": counts[["period", "province", "count"]]}
        | {"by": ["period", "province"], "total": None, "value": "count", "threshold": 5}
        | {"previous": None, "public": ()},
        "border_map": {"layers": shown, "title": "T", "since": None, "until": None}
        | {"base": base, "region": None, "routes": None, "reach": None, "access": None}
        | {"embed": True},
        "decode_layer": {"payload": drawn.payload},
        "load_base": {"roads": None, "inputs": (), "region": None},
        "map_sheet": {"layers": shown, "base": base, "title": "T", "language": "en"}
        | {"view": None, "width": 1200.0, "notes": ()},
        "save_html": {"map": folium.Map(tiles=None), "path": str(folder / "map.html")}
        | {"allow": None, "by": None, "as_of": None, "inline": False},
        "show_map": {"map": folium.Map(tiles=None), "height": 640, "inline": True}
        | {"allow": None, "by": None, "as_of": None},
        "save_picture": {"sheet": map_sheet(shown, base), "path": str(folder / "a.svg")}
        | {"scale": 2.0},
    }
    tables = [
        "asylum_claims",
        "claims",
        "counts",
        "encounters",
        "entries",
        "incidents",
    ]
    tables += ["interceptions", "policy_events", "ports", "releases", "transfers"]
    for name in tables:
        known = inspect.signature(FUNCTIONS[f"load_{name}"]).parameters
        calls[f"load_{name}"] = {p: q.default for p, q in known.items()}
    calls["load_counts"] |= {"source": counts}
    known = inspect.signature(FUNCTIONS["load_layers"]).parameters
    calls["load_layers"] = {p: q.default for p, q in known.items() if p != "own"}
    calls["load_layers"] |= {"incidents": None}
    frames: dict[str, pd.DataFrame] = {
        "border": base.border,
        "jurisdiction": base.jurisdictions,
        "water": base.water,
    }
    frames |= {"place": base.places, "road": base.roads, "incident": shown.tables["incidents"]}
    frames |= {"port": shown.tables["ports"], "entry": shown.tables["entries"], "feature": a}
    frames |= {"reach": reach(roads, a, minutes=2.0, gates=gates, region=FIELDS)}
    frames |= {"route": roxham.geo.find_routes(roads, a, c, gates=gates)}
    for kind, frame in frames.items():
        calls[f"{kind.capitalize()}Layer"] = {"frame": frame, "name": "N", "show": True}
    calls["FeatureLayer"] |= {"columns": ["name"], "label": "name", "color": None, "by": "name"}
    calls["RoadLayer"] |= {"schematic": False}
    calls["PortLayer"] |= {"story": None}
    calls["RouteLayer"] |= {"dates": None}
    calls["CatchmentLayer"] = {"before": parted, "after": None, "ports": shown.tables["ports"]}
    made: dict[str, Any] = {
        "Base": base,
        "Border": border,
        "Layers": shown,
        "Region": FIELDS,
        "Roads": roads,
    }
    made |= {"Series": entries, "Study": load_region(), "Interval": Interval(low=1, high=2)}
    for kind, one in made.items():
        calls[kind] = {field.name: getattr(one, field.name) for field in fields(one)}
    calls["Snapper"] = {"roads": roads, "usable": None}
    calls["GateTrees"] = {"roads": roads, "gates": gates, "weight": "travel_time_s", **near}
    calls["BorderMap"] = {"figure": PageFigure({}, {}, FIELDS), "region": FIELDS}
    calls["Report"] = {f.name: getattr(roads.report(), f.name) for f in fields(Report)}
    calls["Fault"] = {"file": "a.csv", "problem": "is.", "remedy": "", "row": 1, "column": "b"}
    return calls


@pytest.fixture(scope="module")
def methods(right: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Calls:
    """Return every method of a public class, of an object, with arguments that it takes."""
    folder = tmp_path_factory.mktemp("methods")
    made: dict[str, Any] = {name: CALLED[name](**right[name]) for name in OBJECTS}
    made["BorderMap"] = border_map(embed=True, base=samples.base())
    roads, trees = made["Roads"], made["GateTrees"]
    a, c = right["travel_table"]["origins"], right["travel_table"]["destinations"]
    measured = trees.measure(a, c)
    given: dict[str, dict[str, Any]] = {
        "Border.distance_m": {"points": a},
        "Border.side_of": {"points": a},
        "Border.from_line": {"line": fence().line, "region": FIELDS}
        | {"first": None, "controlled": None},
        "GateTrees.along": {"places": measured.origins, "legs": measured.to_door}
        | {"weights": trees.weights, "towards": True},
        "GateTrees.legs": {"places": measured.origins, "towards": True},
        "GateTrees.measure": {"origins": a, "destinations": c, "within_m": 900.0, "spare": False},
        "GateTrees.trees": {"side": 0, "towards": True},
        "Study.clip": {"areas": right["count_incidents"]["areas"]},
        "Study.columns": {"what": "name", "prefix": False},
        "Study.contains": {"lon": 0.5, "lat": 45.0},
        "Study.file": {"kind": "border"},
        "Study.drawn": {"bounds": (179.0, -17.0, -179.0, -16.0)},
        "Study.mapping": {"kind": "incidents"},
        "Study.with_files": {"border": "border.csv"},
        "Roads.csr": {"weight": "length_m", "open_edges": None},
        "Roads.edge": {"name": "length_m"},
        "Roads.node": {"name": "x"},
        "Roads.from_frames": {"nodes": roads.nodes, "edges": roads.edges},
        "Roads.from_networkx": {"graph": roads.to_networkx()},
        "Roads.save": {"path": str(folder / "roads.arrow")},
        "Roads.take_edges": {"rows": np.array([0, 1]), "drop_nodes": True},
        "Roads.with_columns": {"nodes": None, "edges": None, "meta": None},
        "Snapper.snap": {"lon": 0.5, "lat": 45.0, "within_m": 1000.0},
        "Snapper.snap_points": {"points": a, "within_m": 1000.0},
        "Interval.certainly": {"comparison": "<", "other": 3},
        "Interval.possibly": {"comparison": "<", "other": made["Interval"]},
        "Interval.exact": {"value": 3},
        "Interval.text": {"lang": "en", "digits": 2},
        "Layers.with_tables": {"incidents": made["Layers"].incidents},
        "Series.at": {"period": "2022-03"},
        "Series.plot": {"path": str(folder / "a.svg"), "lang": "en"},
        "BorderMap.save": {"outfile": str(folder / "b.html"), "close_file": True},
        "WaterLayer.add_to": {"parent": folium.Map(tiles=None), "name": None, "index": None},
    }
    return {n: (getattr(made[n.split(".")[0]], n.split(".")[1]), v) for n, v in given.items()}


CONSTRUCTED = ("Base", "Border", "Interval", "Layers", "Region", "Roads", "Series", "Study")
"""Public dataclasses that a user may make; the others are what functions return."""
CALLED = {name: PUBLIC[name] for name in (*CONSTRUCTED, "Fault", "Report")}
CALLED |= {**FUNCTIONS, **LAYERS, "Snapper": Snapper, "GateTrees": GateTrees}
CALLED |= {"BorderMap": BorderMap}
OBJECTS = {n for n in CALLED if inspect.isclass(CALLED[n])} - {"BorderMap", "Fault"}
Calls = dict[str, tuple[Callable[..., Any], dict[str, Any]]]
HOOKS = {"prepare", "further", "render"}
"""Methods that a layer calls itself, with what it was made of, or that Folium calls."""


def methods_of(kind: type) -> Iterator[str]:
    """Yield the public methods of a class of ours that take arguments, its parents' too."""
    for one in kind.__mro__:
        for method in vars(one) if one.__module__.startswith("roxham") else ():
            public = not method.startswith("_") and method not in HOOKS
            bound = getattr(kind, method)
            called = inspect.isfunction(bound) or inspect.ismethod(bound)
            if public and called and {*inspect.signature(bound).parameters} - {"self"}:
                yield method


_DRIVEN = {n: CALLED[n] for n in sorted({*OBJECTS, "BorderMap"})}
METHODS = sorted(
    {
        getattr(k, m).__qualname__: f"{n}.{m}" for n, k in _DRIVEN.items() for m in methods_of(k)
    }.values()
)
"""Each once, of whichever class has it, or inherits it."""
REFUSED = {"dated_routes", "fetch_roads", "load_counts", "load_export", "read_border", "read_roads"}
"""Their right arguments lead to no network, file, measure or gate here."""
SLOW = ("border_map", "dated_routes", "export_map", "incident_context", "load_layers")
MOST: dict[str, int] = dict.fromkeys(SLOW, 1)
"""After how many mistakes that it took, and did its work, a function is asked no more; by
default three. These take their time."""


def error_of(call: Callable[..., Any], arguments: Mapping[str, Any]) -> Exception | None:
    """Return the error in which a call ends; a warning is one, too."""
    try:
        call(**arguments)  # the filters of pyproject.toml hold
    except Exception as error:
        return error
    return None


def mistakes(name: str, parameter: str, value: object) -> dict[str, object]:
    """Return what else may be given for an argument, by lot: forty, or ten."""
    many = dict(MISTAKES)
    if isinstance(value, pd.DataFrame):
        many |= spoilt(value)
    if isinstance(value, dict):
        many |= {f"without {key}": {k: v for k, v in value.items() if k != key} for key in value}
    order = sorted(many)
    random.Random(f"{name} {parameter}").shuffle(order)
    return {what: many[what] for what in order[: 10 if name in SLOW else 40]}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Write nothing beside the repository, and leave the region at work as it was."""
    monkeypatch.chdir(tmp_path)
    yield
    roxham.geo.set_region(None)


def test_every_public_function_and_layer_is_driven(right: dict[str, dict[str, Any]]) -> None:
    assert set(right) == set(CALLED)
    assert len(right) > 80


@pytest.mark.parametrize("name", sorted(CALLED))
def test_right_arguments_are_taken(name: str, right: dict[str, dict[str, Any]]) -> None:
    error = error_of(CALLED[name], right[name])
    assert isinstance(error, RoxhamError) if name in REFUSED else error is None, error


@pytest.mark.parametrize("name", sorted(CALLED))
def test_the_usual_mistakes_end_in_errors_of_ours(
    name: str, right: dict[str, dict[str, Any]]
) -> None:
    raw = []
    for parameter, value in right[name].items():
        taken = 0
        for what, mistake in mistakes(name, parameter, value).items():
            error = error_of(CALLED[name], {**right[name], parameter: mistake})
            if error is not None and not isinstance(error, RoxhamError):
                raw.append(f"{parameter} {what}: {error!r}")
            taken += error is None
            if taken >= MOST.get(name, 3):
                break
    assert raw == []


TELL = {"require_wgs84", "Fault"}
"""What is told what to say."""


@pytest.mark.parametrize("name", sorted({*CALLED} - TELL))
def test_a_wrong_argument_is_named_with_what_was_found_and_what_to_give(
    name: str, right: dict[str, dict[str, Any]]
) -> None:
    for parameter in right[name]:
        error = error_of(CALLED[name], {**right[name], parameter: object()})
        assert isinstance(error, DataError), (parameter, error)
        assert str(error).startswith(f"{parameter}: is "), error
        assert "object" in str(error), error
        assert "Give " in str(error), error


@pytest.mark.parametrize("name", sorted(CALLED))
def test_what_a_function_declares_can_be_read(name: str) -> None:
    function: Any = CALLED[name]
    if is_dataclass(function):
        told = declared_fields(function)  # type: ignore[arg-type]
    else:
        told = declared(function.__init__ if inspect.isclass(function) else function)
    assert told
    assert all(not isinstance(hint, str) for hint in told.values())


def taking(parameter: str) -> list[str]:
    """Return the functions of the faces that have a parameter."""
    return [n for n, f in FUNCTIONS.items() if parameter in inspect.signature(f).parameters]


@pytest.mark.parametrize("name", taking("region"))
def test_a_region_may_be_given_as_itself_by_name_or_by_folder(
    name: str, right: dict[str, dict[str, Any]]
) -> None:
    assert fits_alike(declared(FUNCTIONS[name])["region"], Region | str | Path)
    if name in SLOW:
        return  # they hand it on as the others take it
    own = load_region("roxham").with_files()
    told = [
        type(error_of(FUNCTIONS[name], {**right[name], "region": given}))
        for given in (own, "roxham", str(own.folder), own.folder)
    ]
    assert len(set(told)) == 1, told


def fits_alike(hint: Any, wanted: Any) -> bool:
    """Whether the same is taken, None apart."""
    return {*get_args(hint)} - {type(None)} == {*get_args(wanted)}


@pytest.mark.parametrize("name", taking("border"))
def test_a_border_may_be_given_in_every_form(
    name: str, right: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    assert fits_alike(declared(FUNCTIONS[name])["border"], BorderLike)
    made = load_border() if name == "mask" else fence()  # where its places are
    line, path = made.line, tmp_path / "fence.geojson"
    line.to_file(path)
    region = made.region.with_files(border=str(path))
    forms = [made, line, line.geometry, str(path), path, region]
    if name in SLOW:
        forms = forms[-1:]
    told = [error_of(FUNCTIONS[name], {**right[name], "border": form}) for form in forms]
    assert told == [None] * len(forms)


TUPLES = {"Catchments": Catchments, "Checked": Checked, "Snap": Snap}
"""They take anything, as tuples do."""
TAKE_NOTHING = {"Legend"}


def test_every_public_class_is_driven() -> None:
    classes = {name for name, thing in PUBLIC.items() if inspect.isclass(thing)}
    errors = {name for name in classes if issubclass(PUBLIC[name], Exception)}
    assert classes - errors == {*_DRIVEN, "Fault", *TUPLES, *TAKE_NOTHING}


@pytest.mark.parametrize("name", TUPLES)
def test_a_tuple_of_nonsense_still_prints(name: str) -> None:
    kind: Any = TUPLES[name]
    for mistake in MISTAKES.values():
        one = kind(*[mistake] * len(kind._fields))
        assert name.lower() in repr(one).lower()
        if name != "Snap":
            assert "<table>" in one._repr_html_()


@pytest.mark.parametrize("function", ["compare_catchments", "changed_areas", "CatchmentLayer"])
def test_catchments_put_together_by_hand_are_told_what_they_lack(
    function: str, right: dict[str, dict[str, Any]]
) -> None:
    given = right[function]
    sound: Any = given["before"]
    with pytest.raises(DataError, match=r"before\.nodes: is None\. Give a GeoDataFrame\."):
        CALLED[function](**{**given, "before": sound._replace(nodes=None)})
    for part in ("nodes", "areas"):
        if (frame := getattr(sound, part)) is None:
            continue
        for what, spoiled in spoilt(frame):
            error = error_of(
                CALLED[function], given | {"before": sound._replace(**{part: spoiled})}
            )
            assert error is None or isinstance(error, RoxhamError), (what, error)
        wanting = given | {
            "before": sound._replace(**{part: frame.rename(columns={"gate": "gat"})})
        }
        with pytest.raises(DataError, match=rf"before\.{part}, column gate: .* Is it gat\? Rename"):
            CALLED[function](**wanting)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: load_roads().edge("lenght_m"), "Is it length_m?"),
        (lambda: load_roads().node("sidee"), "Is it side?"),
        (lambda: samples.layers()["incident"], "Is it incidents?"),
        (lambda: samples.layers().with_tables(incident=pd.DataFrame()), "Is it incidents?"),
        (lambda: load_region("roxam"), "Is it roxham?"),
        (lambda: roxham.layers.INCIDENTS.column("kinds"), "Is it kind?"),
        (lambda: load_series("interceptions", place="Quebec"), "Is it CA-QC?"),
        (lambda: load_series("interceptions", calendar="fiscal_year"), "Is it us_fiscal"),  # type: ignore[arg-type]
        (lambda: load_series("interceptions").at("2022"), "Write YYYY-MM, as in 2022-03."),
        (lambda: roxham.geo.reach(load_roads(), None, mode="wallk"), "Is it walk?"),  # type: ignore[arg-type]
        (lambda: load_roads().take_edges(np.array([-9999])), "Give positions from 0 to 789"),
        (lambda: "a" in Interval(low=1, high=2), "no finite number"),
    ],
)
def test_a_word_that_is_not_known_is_answered_with_the_nearest(
    call: Callable[[], object], told: str
) -> None:
    with pytest.raises(DataError, match=re.escape(told)):
        call()


def test_layers_without_a_table_say_so_as_objects_do() -> None:
    with pytest.raises(AttributeError, match=r"layers have no incident\. Is it incidents\?"):
        _ = samples.layers().incident
    assert not hasattr(samples.layers(), "_repr_png_")
    with pytest.raises(TypeError, match="unsupported operand"):
        _ = Interval(low=1, high=2) + "a"  # type: ignore[operator]


def test_arrays_of_a_network_are_held_to_each_other(right: dict[str, dict[str, Any]]) -> None:
    sound = right["Roads"]
    wrong = {"x": sound["x"][:-1], "offsets": sound["offsets"][:-1], "coords": sound["x"]}
    wrong |= {"v": np.array(["a"] * len(sound["v"]))}
    wrong |= {"edge_columns": {"travel_time_s": sound["length_m"][:1]}}
    told = str(error_of(Roads, {**sound, **wrong}))
    assert told.splitlines() == [
        "v: holds <U1. Give numbers.",
        "x: has 3 rows. Give 4.",
        "offsets: has 6 rows. Give 7.",
        "edge_columns.travel_time_s: has 1 rows. Give 6.",
        "coords: has the shape (4,). Give (n, 2).",
    ]


def test_all_wrong_arguments_are_told_at_once() -> None:
    wrong: dict[str, Any] = {"buffer_m": -1, "direction": "fro", "minutes": ["soon"]}
    with pytest.raises(DataError) as error:
        reach("roads.osm", None, **wrong)  # type: ignore[arg-type]
    assert str(error.value).splitlines() == [
        "roads: is the text “roads.osm”. Give a Roads (read_roads() of a file or of a frame of "
        "lines, Roads.from_networkx() or load_roads()).",
        "origins: is None. Give a GeoDataFrame or a GeoSeries or a DataFrame or a Point or "
        "a list or a text or a whole number.",
        "minutes: is ['soon']. Give a list of numbers or a number, 0 or more or None.",
        "direction: is the text “fro”. Give one of from, to. Is it from?",
        "buffer_m: is -1. Give a number, 0 or more.",
    ]


def test_what_a_loader_returns_is_told_from_its_rows() -> None:
    with pytest.raises(DataError, match=r"^points: is a Checked\. .* give its \.rows"):
        load_border().side_of(load_incidents())  # type: ignore[arg-type]
    with pytest.raises(
        DataError, match=r"^frame: is a Border\. Give a GeoDataFrame: its \.line\.$"
    ):
        BorderLayer(load_border())  # type: ignore[arg-type]
    with pytest.raises(
        DataError, match=r"holds points in \d+ of \d+ rows\. Give lines or areas\.$"
    ):
        BorderLayer(load_incidents().rows)
    with pytest.raises(CallError, match=r"There are: frame, name,"):
        BorderLayer(load_border().line, popup=["section"])  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("value", "hint", "fitting"),
    [
        (np.float64(2.5), float, True),
        (np.int64(2), float, True),
        (np.int64(2), int, True),
        (2**70, int, False),
        (float("nan"), float, False),
        (np.array(1.0), np.ndarray, False),
        (2.0, int, False),
        (True, float, False),
        (np.bool_(True), bool, True),
        (1, bool, False),
        ([1.0, 2.0], tuple[float, float], True),
        (np.array([1.0, 2.0]), tuple[float, float], True),
        ((1.0, float("nan")), tuple[float, float], False),
        ("ab", Iterable[str], False),
        (iter(["a"]), Iterable[str], True),
        ({"a": 1}, Mapping[str, str], False),
        (len, Callable[[Any], int], True),
        ("from", Literal["from", "to"], True),
        (True, Literal[1, 2], False),
        (None, None, True),
        (object(), Any, True),
    ],
)
def test_a_value_fits_what_is_declared(value: object, hint: object, fitting: bool) -> None:
    assert fits(value, hint) is fitting


BELOW = {"require_wgs84", "suggest_metric_crs"}
"""Of a floor below what checks arguments: Python says of these how they are called."""
DAY = "2023-03-01"
"""What is given for a frame where somebody takes ``on`` for the first argument."""


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *LAYERS, "Snapper", "GateTrees"} - BELOW))
def test_a_call_that_is_none_is_refused_in_words(
    name: str, right: dict[str, dict[str, Any]]
) -> None:
    function = CALLED[name]
    known = inspect.signature(function).parameters
    in_order = [p for p in known.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    needed = [n for n, p in known.items() if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    many = len(in_order)
    with pytest.raises(CallError, match=rf"takes {many} without a name, and was given {many + 1}"):
        function(*[DAY] * (many + 1))
    if not any(p.kind is p.VAR_KEYWORD for p in known.values()):
        with pytest.raises(CallError, match=r"^colouur: is no argument of \w+\(\)\."):
            function(**right[name], colouur="red")
    if in_order:
        with pytest.raises(CallError, match=rf"(?m)^{in_order[0].name}: is given twice"):
            function(object(), **right[name])
    for lacking in needed:
        given = {n: value for n, value in right[name].items() if n != lacking}
        with pytest.raises(CallError, match=rf"^{lacking}: is missing\. \w+\(\) needs it"):
            function(**given)
    if len(needed) > 1 or (needed and needed[0] != in_order[0].name):
        with pytest.raises(CallError, match="is missing"):
            function(DAY)


def test_a_call_that_is_none_tells_what_else_is_wrong_and_is_a_type_error() -> None:
    with pytest.raises(TypeError) as error:
        roxham.layers.gates(DAY)  # type: ignore[call-arg,arg-type]
    assert str(error.value).splitlines() == [
        "ports: is the text “2023-03-01”. Give a GeoDataFrame or a DataFrame or "
        "a Region (load_region()) or None.",
        "on: is missing. gates() needs it by name: a text or a date.",
    ]
    assert isinstance(error.value, ValueError)
    with pytest.raises(CallError, match=r"^regoin: .*load_places\(\)\. Is it region\?"):
        load_places(regoin="roxham")  # type: ignore[call-arg]
    with pytest.raises(CallError, match=r"^Roads\.edge\(\): takes 1 without a name, .* given 2"):
        load_roads().edge("name", "highway")  # type: ignore[call-arg]
    with pytest.raises(CallError, match=r"^frame: is missing\. IncidentLayer\(\) needs it: a Geo"):
        IncidentLayer()  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "given", [None, 3, [3], [None, "a"], object(), "a", [], [roxham.geo.Fault("a", "is.")]]
)
def test_an_error_of_ours_takes_what_it_is_given(given: Any) -> None:
    for kind in (DataError, CallError, WriteError):
        error = kind(given)
        assert all(isinstance(fault, roxham.geo.Fault) for fault in error.faults)
        assert isinstance(str(error), str)


@pytest.mark.parametrize(
    ("kind", "told"), [("bordr", "Is it border?"), ("x", "There are: admin_regions,")]
)
def test_a_file_that_no_region_has_is_refused_with_the_nearest(kind: str, told: str) -> None:
    with pytest.raises(DataError, match=re.escape(f"{kind}: is no file that a region has. {told}")):
        load_region().with_files(**{kind: "a.csv"})


def test_every_method_of_a_public_class_is_driven(methods: Calls) -> None:
    assert sorted(methods) == METHODS


@pytest.mark.parametrize("name", METHODS)
def test_methods_refuse_the_usual_mistakes_by_name(name: str, methods: Calls) -> None:
    method, given = methods[name]
    assert error_of(method, given) is None
    raw = []
    for parameter, value in given.items():
        for what, mistake in mistakes(name, parameter, value).items():
            error = error_of(method, {**given, parameter: mistake})
            if error is not None and not isinstance(error, RoxhamError):
                raw.append(f"{parameter} {what}: {error!r}")
        error = error_of(method, {**given, parameter: object()})
        if not str(error).startswith(f"{parameter}: is an object. Give "):
            raw.append(f"{parameter} an object: {error!r}")
    assert raw == []

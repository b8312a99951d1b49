"""Which region a command works on: ``--region``, or ``--border`` and ``--ports`` alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from roxham.geo import Roads, read_border, read_roads, suggest_metric_crs
from roxham.geo.border.linework import lines_of
from roxham.geo.border.open_guard import refuse_open
from roxham.geo.errors import DataError, Fault, RoxhamError, shown
from roxham.geo.geometry.geodesic import boxes_meet
from roxham.geo.network.roads import bounds_over
from roxham.geo.quoting import without_secrets
from roxham.geo.region import Region, active_region, read_region, region_names, using_region
from roxham.geo.region.definition import Definition, Side, Source
from roxham.geo.region.study_area import OWN_BORDER

from .bounds import bounds_of, grown

__all__ = ["By", "box_or_region", "in_region", "publisher_of", "region_of", "roads_of"]

VARIABLE = "ROXHAM_REGION"
TRAVELS = ("map", "export", "routes", "table", "reach", "access", "context")
"""Commands that a border and ports of one's own can be given to, without a folder."""
PAGES = ("map", "export")
CHECKS = "check"
"""The command that reads what those have written of a border of one's own."""

By = Annotated[
    str | None, typer.Option("--by", help="Who publishes ports of one's own on the border.")
]
OPTIONS: dict[str, Any] = {
    "region": Annotated[
        str | None,
        typer.Option(
            "--region",
            envvar=VARIABLE,
            help="A region that ships, by name, or a folder of your own; see `roxham regions`.",
        ),
    ],
    "border": Annotated[
        Path | None,
        typer.Option("--border", help="A border of your own: lines or areas in GeoJSON, …"),
    ],
    "border_credit": Annotated[
        str | None,
        typer.Option(
            "--border-credit",
            help="Whose --border is, and where to see it: “© Survey, CC BY 4.0, https://…”.",
        ),
    ],
    "ports": Annotated[
        str | None, typer.Option("--ports", help="Your own ports: a file or an address.")
    ],
    "open_border": Annotated[
        bool, typer.Option("--open", help="The border of --border is open: list every crossing.")
    ],
}


def in_region(name: str, command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--region``, and the border's options if it travels or draws."""
    given = inspect.signature(command, eval_str=True)
    if "region" in given.parameters:
        return command
    asked = ["border", "ports", "open_border"] if name in TRAVELS else []
    asked += ["border_credit"] if name in PAGES else []
    asked += ["border", "open_border"] if name == CHECKS else []
    added = [option for option in ("region", *asked) if option not in given.parameters]
    parameters = [
        *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in given.parameters.values()),
        *(
            inspect.Parameter(
                option,
                inspect.Parameter.KEYWORD_ONLY,
                default=False if option == "open_border" else None,
                annotation=OPTIONS[option],
            )
            for option in added
        ),
    ]

    @wraps(command)
    def with_region(**words: Any) -> None:
        own = {option: words.pop(option) for option in added}
        own["ports"] = own.get("ports") or (words.get("ports") if name in TRAVELS else None)
        roads = words.get("roads") if name in TRAVELS else None
        given = None if roads in (None, "bundled") else Path(roads)
        with using_region(_chosen(own, given, drawn=name in (*PAGES, CHECKS))):
            command(**words)

    with_region.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    with_region.__annotations__ = {each.name: each.annotation for each in parameters}
    return with_region


def _chosen(own: dict[str, Any], roads: Path | None, *, drawn: bool) -> Region:
    """Return the region that the options ask for; a page that is drawn is always of one."""
    named, border = own["region"], own.get("border")
    if own.get("open_border") and border is None:
        found = "goes with --border: whether the border of a region is open, its file says."
        raise DataError(Fault("--open", found))
    if own.get("border_credit") is not None and border is None:
        found = "goes with --border: whose a region's own is, its file says."
        raise DataError(Fault("--border-credit", found))
    if border is None:
        region = active_region() if named is None else region_of(named)
        if named is None and roads is not None and not drawn and _lies_apart(roads, region):
            region = _beside_no_border(roads)
        return region if own.get("ports") is None else region.with_files(ports=own["ports"])
    if named is not None:
        raise DataError(
            Fault("--border", "does not go with --region, which has one.", "Leave out one.")
        )
    if roads is None and not drawn:
        raise DataError(
            Fault("--border", "goes with --roads: a network on both sides of it.", "Give one.")
        )
    region = _around(border, own.get("ports"), roads, controlled=not own["open_border"])
    credit = own.get("border_credit")
    return region if credit is None else replace(region, details=_credited(region, credit))


def _credited(region: Region, credit: str) -> Definition:
    """Return what is known of a region without a folder, and whose its border is."""
    told = without_secrets(credit).strip()
    where = re.search(r"https?://[^\s,;]+", told)
    name = told if where is None else told.replace(where[0], "").strip(" ,;·-–—()")
    if where is None or not name:
        found = f"“{shown(told)}” is not whose the border is and an address where it can be seen."
        remedy = "Write both, as in “© Survey, CC BY 4.0, https://example.org/border”."
        raise DataError(Fault("--border-credit", found, remedy))
    first, second = region.sides
    return Definition(
        id=OWN_BORDER,
        title={"en": region.title},
        bounds=region.bounds,
        controlled=region.controlled,
        sides=(Side(code=first), Side(code=second)),
        files={"border": region.given["border"]},
        sources={"border": Source(title=name, publisher=name, url=where[0])},
    )


def _around(border: Path, ports: str | None, roads: Path | None, *, controlled: bool) -> Region:
    """Return a region without a folder: a border, its ports, and what the roads cover, if any."""
    lines = read_border(border)
    if not controlled:
        refuse_open(*lines_of(lines), str(border))
    bounds = bounds_of(lines, None if roads is None else roads_of(roads))
    files = {"border": str(border)} | ({} if ports is None else {"ports": ports})
    return Region(
        OWN_BORDER,
        str(border),
        bounds,
        suggest_metric_crs(bounds),
        ("a", "b"),
        controlled=controlled,
    ).with_files(**files)


def roads_of(path: Path) -> Roads:
    """Return the roads of a file, read once as long as it is the same file."""
    try:
        seen = path.stat()
    except OSError:  # what is wrong with it, its reader says
        return read_roads(path)
    return _read_once(path, path.absolute(), seen.st_ino, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=1)
def _read_once(path: Path, *_: Path | int) -> Roads:
    return read_roads(path)


def _lies_apart(roads: Path, region: Region) -> bool:
    """Whether roads have nothing to do with a region that nobody named."""
    try:
        bounds = bounds_over(roads_of(roads))
    except RoxhamError:
        return False  # the command says so, once it has looked at what else it was given
    return not boxes_meet(bounds, region.bounds)


def _beside_no_border(roads: Path) -> Region:
    """Return a region without a border: what the roads cover."""
    bounds = grown(bounds_over(roads_of(roads)))
    return Region(OWN_BORDER, str(roads), bounds, suggest_metric_crs(bounds), ("a", "b"))


def publisher_of(by: str | None) -> str | None:
    """Return who publishes ports: the one who is named, or whom the region's file names."""
    details = active_region().details
    return by or (None if details is None else details.publisher)


def region_of(text: str) -> Region:
    """Return a region by its name, or by its folder.

    Raises
    ------
    DataError
        If there is none, or its file is at fault.
    """
    name = text.strip()
    try:
        return read_region(name.lower() if name.lower() in region_names() else name)
    except DataError as error:
        if not error.faults:  # a sentence of its own
            raise
        faults = [
            replace(one, file="--region") if one.file == "region" else one for one in error.faults
        ]
        raise DataError(faults) from None


def box_or_region(text: str) -> Region:
    """Return a region by its name or folder, or one of its own from four numbers."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        if "," in text:
            raise DataError(
                f"--region: “{shown(text)}” is neither a region nor four numbers. "
                "Write west,south,east,north in degrees, as in -73.6,44.9,-73.3,45.1."
            ) from None
        return region_of(text)
    bounds = (west, south, east, north)
    return Region(OWN_BORDER, text, bounds, suggest_metric_crs(bounds), ("a", "b"))

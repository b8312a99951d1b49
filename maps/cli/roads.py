"""The commands about road networks: ``roxham fetch``, ``roads``, ``crossings``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.progress import Progress

from roxham.geo import (
    Region,
    active_region,
    cut_at_border,
    fetch_roads,
    find_crossings,
    load_border,
    load_roads,
    read_border,
    read_roads,
    suggest_metric_crs,
)
from roxham.geo.border.linework import lines_of
from roxham.geo.border.open_guard import refuse_open
from roxham.geo.crossings.sites import read_ports
from roxham.geo.crs import Bounds
from roxham.geo.errors import DataError, Fault
from roxham.geo.geometry.geodesic import boxes_meet
from roxham.geo.io.write import require_format, write_frame
from roxham.geo.network.metadata import credit_of
from roxham.geo.network.roads import bounds_over
from roxham.geo.network.save import ROAD_FORMATS
from roxham.geo.quoting import without_secrets
from roxham.geo.tables.failures import faults_of
from roxham.layers import load_ports

from .shared.bounds import grown
from .shared.console import (
    err,
    out,
    print_pairs,
    require_apart,
    tellable,
)
from .shared.gate import Allow, hold_to_rules, read_allowed
from .shared.many_files import Scheduler, crossings_of_files, is_many, tell_faulty
from .shared.region import By, box_or_region, publisher_of
from .shared.results import print_csv, print_table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from roxham.geo import Border, Region, Roads
    from roxham.layers.mapping.read import MappingLike

__all__ = [
    "credited",
    "crossings_command",
    "fetch_command",
    "open_walled",
    "roads_command",
    "vouched_note",
]

LEAST = 5
"""Fewer places that are not told are not counted aloud either: a small piece has none or one."""
LONGEST_CREDIT = 400
"""What a region of a user's own has around its roads."""
SAVED = "Save it here: .arrow opens at once and keeps all; .parquet, .gpkg, .graphml for others."
TOLD = ("crossing_id", "kind", "name", "barrier", "access", "unsure", "port_distance_m", "gap_m")
ALWAYS = {"crossing_id", "kind", "name"}
LEFT_OUT = {
    "rings": "Isolated rings of road (--rings keeps them)",
    "ferries": "Ferries that are no road",
}
Modes = Literal["drive", "drive_service", "walk", "bike", "all", "all_public"]
ModesOption = Annotated[Modes, typer.Option(help="Which roads, as OSMnx's network types.")]
BorderOption = Annotated[
    Path | None,
    typer.Option(
        "--border", help="Lines or areas in GeoJSON, GeoPackage, …; the region's by default."
    ),
]
PortsOption = Annotated[
    str | None, typer.Option("--ports", help="Ports of entry: a file or an address.")
]
DirectedOption = Annotated[
    bool | None,
    typer.Option(
        "--directed/--undirected",
        help="Of tables without a column oneway: a row is one direction, or a street both ways.",
    ),
]
RingsOption = Annotated[
    bool, typer.Option("--rings", help="Keep isolated rings of road, which OSMnx leaves out.")
]
OpenOption = Annotated[
    bool, typer.Option("--open", help="The border of --border is open: list every crossing.")
]


def fetch_command(
    region: Annotated[
        str | None,
        typer.Option(
            envvar="ROXHAM_REGION",
            help="A region by name or folder, or west,south,east,north in degrees.",
        ),
    ] = None,
    modes: ModesOption = "drive",
    output: Annotated[Path, typer.Option("-o", "--output", help=SAVED)] = Path("roads.arrow"),
    cache: Annotated[Path | None, typer.Option(help="Folder in which answers are kept.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Address of an Overpass API.")] = None,
    timeout: Annotated[
        float | None,
        typer.Option(help="Seconds that a tile may go without progress; 180.", min=1, max=86_400),
    ] = None,
) -> None:
    """Download roads from OpenStreetMap and save them. Goes on where a break left off."""
    area = active_region() if region is None else box_or_region(region)
    require_format(output, ROAD_FORMATS)

    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("fetching")

        def show(done: int, total: int, note: str) -> None:
            bar.update(task, completed=done, total=total, description=escape(tellable(note)))

        roads = fetch_roads(
            area, modes=modes, cache=cache, endpoint=endpoint, timeout_s=timeout, progress=show
        )
    roads.save(output)
    print_pairs(roads.report().rows())
    out.print("© OpenStreetMap contributors, ODbL 1.0: https://www.openstreetmap.org/copyright")
    out.print(str(output), soft_wrap=True)


def roads_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="OSM XML or PBF, Overpass JSON, GraphML, tables; the region's by default."
        ),
    ] = None,
    modes: ModesOption = "drive",
    border: BorderOption = None,
    ports: PortsOption = None,
    by: By = None,
    directed: DirectedOption = None,
    rings: RingsOption = False,
    largest: Annotated[
        bool, typer.Option("--largest", help="Keep the largest component only.")
    ] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=SAVED)] = None,
) -> None:
    """Read a road network and say what is in it."""
    if output is not None:
        require_apart(read=(file, border, ports), write=[output])
        require_format(output, ROAD_FORMATS)

    name, schematic = (str(file), None) if file is not None else _of_region(border, ports, "FILE")
    with err.status("reading"):
        roads = schematic or read_roads(
            Path(name), modes=modes, directed=directed, rings=rings, largest=largest
        )
    pairs = roads.report().rows()
    if "left_out" in roads.meta:
        pairs.append(("edges left out, not connected", f"{roads.meta['left_out']['edges']:,}"))
    found = None
    if schematic is None:
        found = border_and_ports(bounds_over(roads), border, ports, open_border=False)
        if found is None and ports is not None:
            raise _no_border(name)
    if found is not None:
        line, region, known = found
        by = publisher_of(by) if border is None else by
        with err.status("cutting at the border"):
            cut = cut_at_border(roads, line, ports=known, region=region, by=by)
        told = cut.meta["border"]
        tell_vouched(told)
        pairs += [(f"nodes in {s}", f"{n:,}") for s, n in cut.report().side_nodes.items()]
        pairs.append(("crossings, documented", f"{len(told['crossings']):,}"))
        if told["controlled"]:
            pairs.append(("meeting places not documented, walls", _few(told["unlisted"])))
        if told["outside"]:
            pairs.append(("edges left out, beyond the bounds", f"{told['outside']:,}"))
    print_pairs(pairs)
    if output is not None:
        roads.save(output)
        out.print(str(output), soft_wrap=True)


def crossings_command(
    roads: Annotated[
        str | None,
        typer.Option(
            help="A road network, any file `roxham roads` reads; the region's by default."
        ),
    ] = None,
    modes: ModesOption = "drive",
    border: BorderOption = None,
    ports: PortsOption = None,
    open_border: OpenOption = False,
    by: By = None,
    directed: DirectedOption = None,
    rings: RingsOption = False,
    scheduler: Scheduler = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .csv, .geojson, .gpkg or .parquet.")
    ] = None,
    allow: Allow = None,
) -> None:
    """Find where roads cross a border.

    On a controlled border only crossings that match a documented port or site are
    listed; the others are one number. Of many GeoParquet files ('DIR/*.parquet') only what lies
    near the border is read.
    """
    if output is not None:
        require_format(output)
        require_apart(read=(roads, border, ports), write=[output])
    if open_border and border is None:
        raise DataError(
            "--open goes with --border: whether a region's border is open, its file says."
        )

    allowed = read_allowed(allow or [], by if allow else None)
    by = publisher_of(by) if border is None else by
    faults: list[Fault] = []
    roads, own = (roads, None) if roads is not None else _of_region(border, ports)
    if own is not None:
        known, _ = load_ports()
        table = find_crossings(own, load_border(), ports=known, by=by)
    elif is_many(roads, scheduler):
        ground = partial(border_and_ports, border=border, ports=ports, open_border=open_border)
        found = crossings_of_files(
            roads, scheduler, border, ground, modes=modes, directed=directed, by=by
        )
        if found is None:
            raise _no_border(roads)
        table, faults = found
    else:
        table, faults = (
            _crossings_of(roads, modes, border, ports, open_border, by, directed, rings),
            [],
        )
    hold_to_rules({"crossings": table}, allowed)
    if output is not None:
        write_frame(table, output)
        out.print(f"{output}  {len(table)} crossings", soft_wrap=True)
    elif out.is_terminal:
        told = [name for name in TOLD if name in ALWAYS or table[name].notna().any()]
        print_table(table[told])
    else:
        print_csv(table.drop(columns="geometry"))
    tell_vouched(table.attrs)
    for what, count in table.attrs["left_out"].items():
        if count:
            err.print(f"{LEFT_OUT[what]}: {count}, left out and not looked at.")
    if active_region().controlled if border is None else not open_border:
        untold = _few(table.attrs["unlisted"])
        err.print(f"Meeting places that match no documented port or site: {untold}; not listed.")
    tell_faulty(faults)


def _of_region(
    border: Path | None, ports: str | None, option: str = "--roads"
) -> tuple[str, Roads | None]:
    """Return the file of the region's roads; of a schematic, which is cut, the network too."""
    if border is not None:
        raise DataError(
            Fault("--border", f"goes with {option}: a network on both sides of it.", "Give one.")
        )
    region = active_region()
    file = region.file("roads")
    if file is None:
        raise DataError(
            Fault(f"region {region.name}", "has no roads.", f"Give some with {option}.")
        )
    if region.file("nodes") is None:
        return file, None
    if ports is not None:
        found = f"goes with {option}: the region's own are joined at its own ports."
        raise DataError(Fault("--ports", found, f"Give a network with {option}, or leave it out."))
    return file, load_roads()


def _crossings_of(
    roads: str,
    modes: Modes,
    border: Path | None,
    ports: str | None,
    open_border: bool,
    by: str | None,
    directed: bool | None,
    rings: bool,
) -> gpd.GeoDataFrame:
    """Return the crossings of a network in one file."""
    with err.status("reading"):
        network = read_roads(Path(roads), modes=modes, directed=directed, rings=rings)
    found = border_and_ports(bounds_over(network), border, ports, open_border=open_border)
    if found is None:
        raise _no_border(roads)
    line, region, known = found
    with err.status("finding crossings"):
        return find_crossings(network, line, ports=known, region=region, by=by)


def _few(count: int) -> str:
    """Return a count of places that are not told; of a small piece of a line it would tell them."""
    return f"{count:,}" if count >= LEAST else f"fewer than {LEAST}, or none"


def tell_vouched(told: Mapping[Any, Any]) -> None:
    """Say which ports only their source vouches for, and who publishes them."""
    if vouched := told.get("vouched"):
        ports = ", ".join(vouched["ports"])
        err.print(f"Ports that are not among the documented ones: {ports}, by {vouched['by']}.")


def vouched_note(roads: Roads | None) -> list[dict[str, str]]:
    """Return what a page or picture says of such ports, as it does of a rule overridden."""
    vouched = roads.meta.get("border", {}).get("vouched") if roads is not None else None
    if not vouched:
        return []
    says = "Only ports of entry, public places and documented sites."
    reason = f"each from a source of its own: {', '.join(vouched['ports'])}"
    return [{"rule": "places", "says": says, "reason": reason, "by": vouched["by"]}]


def _no_border(file: str) -> DataError:
    title = active_region().title
    return DataError(
        Fault(file, f"does not reach the border of the region: {title}.",
              "Give the border it reaches with --border, or its region with --region.")
    )  # fmt: skip


def open_walled(
    file: str, ports: str | None, by: str | None = None, mapping: MappingLike | None = None
) -> Roads:
    """Read a network and cut it at the border, so that nothing undocumented is drawn."""
    roads = read_roads(Path(file))
    found = border_and_ports(bounds_over(roads), None, ports, open_border=False, mapping=mapping)
    if found is None:
        raise DataError(
            Fault(file, "does not reach the border that the page is about.",
                  "Give a network of that region.")
        )  # fmt: skip
    line, region, known = found
    return cut_at_border(roads, line, ports=known, region=region, by=publisher_of(by))


def credited(roads: Roads | None, credit: str | None, file: str) -> Roads | None:
    """Return a network with whom it is owed to; say so where neither it nor the user does."""
    if credit is not None:
        told = without_secrets(credit).strip()
        if roads is None:
            raise DataError(Fault("--roads-credit", "is of a network given.", "Give it: --roads."))
        if not told or len(told) > LONGEST_CREDIT:
            found = f"is blank, or longer than {LONGEST_CREDIT} characters."
            raise DataError(
                Fault("--roads-credit", found, "Write whose the roads are, and their licence.")
            )
        return roads.with_columns(meta={"credit": told})
    if roads is not None and credit_of(roads.meta) is None:
        err.print(
            f"Whose roads these are {file} does not say, nor will the page: --roads-credit does."
        )
    return roads


def border_and_ports(
    bounds: Bounds,
    border: Path | None,
    ports: str | None,
    *,
    open_border: bool,
    mapping: MappingLike | None = None,
) -> tuple[Border | gpd.GeoDataFrame, Region | None, pd.DataFrame] | None:
    """Return border, region and ports for a network's bounds; None if they miss the border."""
    if border is None and not boxes_meet(bounds, active_region().bounds):
        return None
    known: pd.DataFrame
    if border is None or ports is None:
        known, rejected = load_ports(ports, mapping=mapping)
    else:
        known, rejected = read_ports(ports)
    if len(rejected):
        raise DataError(faults_of(rejected))
    if border is None:
        return load_border(), None, known
    lines = read_border(border)
    if open_border:
        refuse_open(*lines_of(lines), str(border))
    around = grown(bounds)
    metric = suggest_metric_crs(around)
    area = Region("own", str(border), around, metric, ("a", "b"), controlled=not open_border)
    return lines, area, known

"""``roxham map``: the border page, and pictures of it for print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from roxham.geo import active_region
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.atomic import require_writable
from roxham.geo.quoting import MASK_KEY, without_secrets
from roxham.geo.tables.edtf import NEVER, date_span
from roxham.geo.tables.failures import faults_of
from roxham.layers import load_layers
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.provenance import inputs_of
from roxham.layers.publication.check import said_of
from roxham.maps import border_map, load_base, save_picture
from roxham.maps.content.measures import undrawn
from roxham.maps.ground import on_one_map
from roxham.maps.page.opening import elsewhere, pan_of
from roxham.maps.printed.layout import drawn_sheet, override_note

from .roads import credited, open_walled, vouched_note
from .shared.console import err, fitting, out, require_apart, tell_faults
from .shared.counted import Areas, Points, Suppress, asked_points
from .shared.files import Accepted, Rejected, part_rows, tell_reading, with_own_files
from .shared.frame import Embed, EmbedFull, External, asked_frame, snippet
from .shared.gate import Allow, counted_from, read_allowed
from .shared.many_files import Scheduler
from .shared.page import masked_layers, write_checked
from .travel import Access, Minutes, OnDay, Reach, Routes, asked_of, travel_of

if TYPE_CHECKING:
    import folium

    from roxham.geo import Region
    from roxham.layers import Layers
    from roxham.maps.ground import Base
    from roxham.maps.page.travel import Travel
    from roxham.maps.printed.sheet import Sheet

    from .shared.counted import Counted


__all__ = ["map_command"]

PAGES = (".html", ".htm")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
Since = Annotated[
    str | None, typer.Option(help="First month, YYYY-MM; as the region says by default.")
]
Until = Annotated[str | None, typer.Option(help="Last month, YYYY-MM.")]
Page = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="The page; roxham.html unless a picture is asked for."),
]
RoadsDrawn = Annotated[
    str, typer.Option(help="A road network to draw, any file `roxham roads` reads.")
]
RoadsCredit = Annotated[
    str | None,
    typer.Option(help="Whose the roads of --roads are, and their licence: “© LINZ, CC BY 4.0”."),
]
Language = Annotated[str | None, typer.Option(help="Language of the picture: one of the region's.")]
View = Annotated[
    str | None, typer.Option(help="Part of the border in the picture: a view of the region.")
]
SkipBadRows = Annotated[
    bool, typer.Option("--skip-bad-rows", help="Set faulty rows aside, and say so on the page.")
]
Mask = Annotated[
    Literal["donut", "grid"] | None,
    typer.Option(help=f"Move the places of incidents, by the secret in {MASK_KEY}."),
]
AllowNamed = Annotated[
    bool, typer.Option("--allow-named", help="Keep victim_name where source and reason stand.")
]
AsOf = Annotated[
    str | None, typer.Option(help="Day the embargo is counted from; today by default.")
]
By = Annotated[
    str | None, typer.Option("--by", help="Who allows it: a name or an office, for the page.")
]
OF_PICTURES = (
    "--lang and --view are of pictures; the page holds every language and view.",
    "Leave them out, or give --png, --svg or --pdf.",
)
WITHOUT_TRAVEL = (
    "The pictures show the map without routes, reach, access and points; the page has them."
)


@with_own_files
def map_command(
    output: Page = None,
    since: Since = None,
    until: Until = None,
    own: Mapping[str, Any] = {},
    mappings: Mapping[str, Any] = {},
    roads: RoadsDrawn = "bundled",
    roads_credit: RoadsCredit = None,
    routes: Routes = None,
    reach: Reach = None,
    minutes: Minutes = "15,30,60",
    access: Access = None,
    on: OnDay = None,
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    png: Annotated[Path | None, typer.Option(help="A picture for print, PNG.")] = None,
    svg: Annotated[Path | None, typer.Option(help="A picture for print, SVG.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="A picture for print, PDF.")] = None,
    lang: Language = None,
    view: View = None,
    embed: Embed = False,
    embed_full: EmbedFull = False,
    external: External = False,
    skip_bad_rows: SkipBadRows = False,
    mask: Mask = None,
    allow_named: AllowNamed = False,
    as_of: AsOf = None,
    allow: Allow = None,
    by: By = None,
    rejected: Rejected = None,
    accepted: Accepted = None,
    points: Points = None,
    areas: Areas = None,
    suppress: Suppress = None,
    scheduler: Scheduler = None,
) -> None:
    """Draw the border page, one self-contained HTML file, or a picture of it for print."""
    since, until = check_period(since, until)
    frame = asked_frame(embed, embed_full, external)
    pictures = asked_pictures(png=png, svg=svg, pdf=pdf)
    output = asked_page(output, pictures)
    check_picture(lang, view, pictures)
    counted = asked_points(points, areas, suppress, scheduler, output)
    require_apart(read=(*own.values(), roads, areas), write=(output, *pictures, rejected, accepted))
    title = sound_title(title)
    asked = asked_of(routes, reach, access, on, minutes)
    named = by if allow or own["ports"] is None else None  # who publishes ports is named, too
    day, allowed = counted_from(as_of), read_allowed(allow or [], named)

    part_rows(own, rejected=rejected, accepted=accepted, mappings=mappings)
    layers = load_layers(
        **own, since=since, until=until, as_of=day, allow_named=allow_named, mappings=mappings
    )
    require_sound(layers, skip_bad_rows=skip_bad_rows)
    require_shown(layers, since, until)
    layers = masked_layers(layers, mask) if mask else layers
    given = roads != "bundled"
    network = open_walled(roads, own["ports"], by, mappings.get("ports")) if given else None
    network = credited(network, roads_credit, roads)
    border = active_region().given.get("border")
    base = load_base(network, inputs=inputs_of(roads=roads if given else None, border=border))
    drawn = None
    if output is not None:
        drawn = draw(layers, base, travel_of(asked, network, layers.ports), counted, title, frame)
    overrides = write_checked(
        drawn, layers, output,
        allowed=allowed, ground={**base.frames(), **said_of(base.region, title)},
        notes=vouched_note(network), as_of=day,
        external=external,
    )  # fmt: skip
    if pictures:
        if routes or reach or access or counted:
            out.print(WITHOUT_TRAVEL)
        told = [override_note(one, lang or active_region().languages[0]) for one in overrides]
        sheet = drawn_sheet(layers, base, title=title, language=lang, view=view, notes=told)
        save_sheet(sheet, pictures)
    print_drawn(layers)
    tell_written(output, *pictures)
    tell_roads_elsewhere(base)
    if frame and drawn is not None and output is not None:
        typer.echo(snippet(drawn, output))


def draw(
    layers: Layers,
    base: Base,
    travel: Travel,
    counted: Counted | None,
    title: str | None,
    frame: bool | Literal["full"],
) -> folium.Map:
    """Return the page, with points that are counted in areas."""
    drawn = border_map(layers, title=title, base=base, embed=frame, **travel._asdict())
    if counted is not None:
        counted.add_to(drawn, layers.since, layers.until)
    return drawn


def save_sheet(sheet: Sheet, pictures: list[Path]) -> None:
    """Write a sheet as every kind of picture that is asked for."""
    for file in pictures:
        save_picture(sheet, file)


def tell_written(*files: Path | None) -> None:
    """Say which files were written, and how large they are."""
    for file in filter(None, files):
        out.print(f"{file}  {file.stat().st_size / 1e6:.2f} MB", soft_wrap=True)


def tell_roads_elsewhere(base: Base) -> None:
    """Say that roads of one's own lie where the page's map cannot be moved to."""
    if elsewhere(base, pan_of(base.region)):
        err.print(
            "None of the roads of --roads lies where the map of this region reaches: "
            "the page says so, and draws none."
        )


def asked_pictures(**files: Path | None) -> list[Path]:
    """Return the pictures to write; raise if one is named as another kind."""
    faults = [
        Fault(f"--{kind}", f"{path} is not a .{kind} file.", f"Give a name ending in .{kind}.")
        for kind, path in files.items()
        if path is not None and path.suffix.lower() != f".{kind}"
    ]
    if faults:
        raise DataError(faults)
    asked = [path for path in files.values() if path is not None]
    for path in asked:
        require_writable(path)
    return asked


def asked_page(output: Path | None, pictures: list[Path]) -> Path | None:
    """Return the page to write, if any; raise unless it can be written there."""
    if output is None and pictures:
        return None
    output = output or Path("roxham.html")
    require_writable(output)
    if output.suffix.lower() not in PAGES:
        problem = f"is not a {PAGES[0]} file."
        raise DataError(Fault(str(output), problem, f"Give a name ending in {PAGES[0]}."))
    return output


def require_sound(layers: Layers, *, skip_bad_rows: bool) -> None:
    """Say how files were read; raise if they have faults, unless these are to be skipped."""
    tell_reading(layers)
    if len(layers.rejected) and not skip_bad_rows:
        raise DataError(faults_of(layers.rejected))


def sound_title(title: str | None) -> str | None:
    """Return the headline without what may be a password; raise if it is blank."""
    title = title and without_secrets(title)
    if title is not None and not title.strip():
        raise DataError(Fault("--title", "is blank.", "Write a headline, or leave it out."))
    return title


def check_period(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the months to show, the region's where none is given; raise if out of order."""
    faults = [
        Fault(option, f"“{shown(text)}” is not a month.", "Write YYYY-MM, as in 2022-06.")
        for option, text in (("--since", since), ("--until", until))
        if text is not None and not MONTH.fullmatch(text)
    ]
    details = active_region().details
    usual = (details.since, details.until) if details else (None, None)
    first, last = since or usual[0], until or usual[1]
    if not faults and first and last and first > last:
        told = f"by default they are {usual[0]} and {usual[1]}" if any(usual) else "in order"
        faults = [
            Fault(
                "--since", f"{first} is after --until {last}.", f"Swap them, or give both: {told}."
            )
        ]
    if faults:
        raise DataError(faults)
    return first, last


def check_picture(lang: str | None, view: str | None, pictures: list[Path]) -> None:
    """Raise if the region has no such language or view, or no picture is asked for."""
    region = active_region()
    views = [one.id for one in region.details.views] if region.details else []
    faults = [
        Fault(option, f"“{shown(given)}” is not one of {', '.join(known)}.")
        for option, given, known in (
            ("--lang", lang, region.languages),
            ("--view", view, views or ["region"]),
        )
        if given is not None and given not in known
    ]
    if faults:
        raise DataError(faults)
    if not pictures and (lang, view) != (None, None):
        raise DataError(Fault("map", *OF_PICTURES))


def require_shown(layers: Layers, since: str | None, until: str | None) -> None:
    """Raise if nothing that has a date lies in the months: the page would be empty."""
    if any(len(rows) for name, rows in layers.tables.items() if DATASETS[name].when):
        return
    if layers.set_aside["date"].eq("").all():  # a region of places alone
        return

    dated = layers.set_aside.loc[layers.set_aside["date"].ne(""), "date"]
    days = {day for date in dated for day in date_span(date)} - set(NEVER)
    found = f"nothing is known from {since or '…'} to {until or '…'}"
    if days:
        found += f"; the tables go from {min(days):%Y-%m} to {max(days):%Y-%m}"
    raise DataError(Fault("--since, --until", f"{found}.", "Choose months among these."))


def print_drawn(layers: Layers) -> None:
    """Say what was drawn and what was set aside, and why."""
    table = fitting("layer", "rows", "set aside")
    aside = layers.set_aside
    given = {file.layer for file in layers.inputs}
    for name, rows in layers.tables.items():
        reasons = aside.loc[aside["layer"] == name, "reason"].value_counts().sort_index()
        said = "; ".join(f"{count} {reason}" for reason, count in reasons.items())
        kind = DATASETS[name].own or name
        if len(rows) or said or name in given or layers.region.file(kind) is not None:
            table.add_row(called(name, layers.region), str(len(rows)), said)
    if table.row_count:
        out.print(table)
    tell_empty(layers)
    if told := undrawn(layers):
        err.print(next(iter(told.values())), soft_wrap=True)
    tell_outside(layers)
    if len(layers.rejected):
        err.print(f"{len(layers.rejected):,} faults; their rows were set aside:")
        tell_faults(faults_of(layers.rejected))


def tell_empty(layers: Layers) -> None:
    """Say which files of one's own have a header and no rows: nothing of them is drawn."""
    aside = layers.set_aside[~layers.set_aside["reason"].str.startswith("personal")]
    told = {*aside["layer"], *layers.rejected["layer"]}
    for file in layers.inputs:
        if not len(layers[file.layer]) and file.layer not in told:
            layer = called(file.layer, layers.region)
            err.print(f"{file.name} has no rows: the layer {layer} is empty.")


def called(name: str, region: Region) -> str:
    """Return what a table is called: one of counts by what is counted there."""
    own = DATASETS[name].own
    if own != "counts":
        return name
    series = region.details.series if region.details else ()
    return next((one.measure for one in series if one.table == own and one.measure), own)


def tell_outside(layers: Layers) -> None:
    """Say how many places lie where the page's map does not reach."""
    west, south, east, north = layers.region.ahead
    for name in (name for name in layers.tables if DATASETS[name].drawn):
        rows = layers[name]
        drawn = on_one_map(rows, layers.region)
        outside = len(rows) - len(drawn.cx[west:east, south:north])
        if outside:
            err.print(
                f"{outside} of {len(rows)} {name} lie outside the region of the map "
                f"({west:g} to {east:g} degrees east, {south:g} to {north:g} north): "
                "they stand in the tables, and the map has no ground there."
            )

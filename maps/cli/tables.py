"""Commands that print tables: ``roxham counts``, ``data`` and ``claims``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import require_writable, write_atomic
from roxham.geo.io.write import csv_bytes, write_frame
from roxham.geo.region import active_region, region_names
from roxham.geo.tables.contract import Checked
from roxham.geo.tables.edtf import read_day
from roxham.geo.tables.failures import faults_of
from roxham.layers import (
    catalogue,
    check_claims,
    load_counts,
    load_layers,
    load_series,
    to_calendar_year,
)
from roxham.layers.counts.measures import By, measure_table, own_measure_table, suppressed_table
from roxham.layers.counts.plot import require_plot
from roxham.layers.facts.counts import load_measured, measured_of, tells_measures
from roxham.layers.facts.datasets import measure_of, measures
from roxham.layers.mapping.read import as_mapping
from roxham.layers.model import Measure
from roxham.layers.provenance import region_catalogue
from roxham.maps.content.plain import plain

from .shared.console import (
    json_text,
    out,
    print_data,
    require_apart,
)
from .shared.files import MapFile, one_mapping, reading_goes_with, with_reading
from .shared.gate import Allow, AllowedBy, hold_to_rules, read_allowed
from .shared.many_files import Scheduler, counts_of_files
from .shared.results import print_csv, print_table

if TYPE_CHECKING:
    import pandas as pd

    from roxham.layers.counts.series import Series
    from roxham.layers.mapping.read import MappingLike
    from roxham.layers.publication.gate import Override

__all__ = ["claims_command", "counts_command", "data_command"]

MEASURES = [name for name, (_, one) in measures().items() if not one.no_series]
MeasureName: TypeAlias = Annotated[
    str,
    typer.Option(help=f"What is counted: {', '.join(MEASURES)}.", autocompletion=lambda: MEASURES),
]
SHOWN = ["claim_id", "verdict", "found", "belongs_to", "rows", "statement"]


@with_reading
def counts_command(
    measure: MeasureName = "interceptions",
    by: Annotated[By, typer.Option(help="Which periods.")] = "year",
    province: Annotated[str | None, typer.Option(help="Such as CA-QC; all by default.")] = None,
    place: Annotated[
        str | None, typer.Option(help="A place of claims, or a port of entries; all by default.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Interceptions as they were public on this day.")
    ] = None,
    suppress: Annotated[
        int | None, typer.Option(help="Withhold counts below this, and what gives them back.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="A .svg or .png file: the counts of one place, drawn.")
    ] = None,
    counts: Annotated[
        str | None, typer.Option(help="Your own counts of the measure: a file or an address.")
    ] = None,
    mapping: MapFile = None,
    read: Mapping[str, str] = {},
    points: Annotated[
        str | None,
        typer.Option(help="Instead: count dated points of GeoParquet files, 'DIR/*.parquet'."),
    ] = None,
    areas: Annotated[
        Path | None, typer.Option(help="The areas, with a name, that --points are counted in.")
    ] = None,
    scheduler: Scheduler = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A CSV file.")] = None,
    allow: Allow = None,
    allowed_by: Annotated[
        str | None, typer.Option("--allowed-by", help="Who allows it: a person or an office.")
    ] = None,
) -> None:
    """Print, write or draw the counts of one measure, each with its low, high and source.

    Points of one's own are counted by area and month; counts below 5, or --suppress, are withheld.
    """
    _require_csv(output)
    if points is not None or areas is not None or scheduler is not None:
        allowed = read_allowed(allow or [], allowed_by, who="--allowed-by")
        least = 5 if suppress is None else suppress
        _count_points(points, areas, scheduler, output, least, allowed)
        return
    if plot is not None:
        require_plot(plot)
    require_apart(read=[counts], write=[output, plot])
    allowed = read_allowed(allow or [], allowed_by, who="--allowed-by")
    said = one_mapping(mapping, read) if counts is not None else None
    own = _own_measures(counts, said, measure)
    if own is None:
        data, kind = measure_of(measure)
        where = _place_of(kind, province, place)
    if as_of is not None:
        read_day(as_of, "--as-of", past=True)
        if suppress is not None:
            found = "what --suppress withholds of one day, the table of another gives back."
            raise DataError(Fault("--as-of", found, "Leave one of them out."))

    if counts is None:
        reading_goes_with("--counts", {**read, **({"map": mapping} if mapping else {})})
    if own is not None:
        _shipped_alone({"--as-of": as_of, "--suppress": suppress, "--plot": plot})
        table = _own_table(sound_rows(own), measure, by, province or place)
    else:
        rows = sound_rows(data.load(counts, **({"mapping": said} if said is not None else {})))
        if rows.empty:
            raise _none_of(kind)
        table = measure_table(measure, rows, by=by, place=where, as_of=as_of)
    if suppress is not None:
        table = _suppressed(measure, rows, table, by=by, as_of=as_of, threshold=suppress)
    if plot is not None and suppress is not None:
        found = "--suppress withholds counts from the table, and a drawing would show them."
        raise DataError(Fault("--plot", found, "Leave one of them out."))
    hold_to_rules({f"{measure} counts": table}, allowed, who="--allowed-by")
    if plot is not None:
        _series(kind, rows, by, where, as_of).plot(plot)
        out.print(f"{plot}", soft_wrap=True)
    if output is not None:
        write_frame(table, output)
        out.print(f"{output}  {len(table)} rows", soft_wrap=True)
    elif plot is None:
        (print_table if out.is_terminal else print_csv)(table)


def _own_measures(
    counts: str | None, mapping: MappingLike | None, measure: str
) -> Checked[pd.DataFrame] | None:
    """Return counts of other measures, of a user's file or of the region; None if none is asked."""
    if counts is None:
        held = measured_of(active_region())
        kind = None
        if measure in MEASURES:  # a table of the region's may count the same
            data, _ = measure_of(measure)
            kind = data.own or data.name
        apart = kind not in (None, held) and active_region().file(str(kind)) is not None
        return None if held is None or apart else load_measured()
    return load_counts(counts, mapping=mapping) if tells_measures(counts, mapping) else None


def _own_table(rows: pd.DataFrame, measure: str, by: By, place: str | None) -> pd.DataFrame:
    """Return counts of a measure; where none was asked for, of the only one that there is."""
    told = rows["measure"].dropna().unique().tolist()
    only = told[0] if measure == MEASURES[0] and len(told) == 1 else measure
    return own_measure_table(only, rows, by=by, place=place)


def _suppressed(
    measure: str, rows: pd.DataFrame, table: pd.DataFrame, *, by: By, as_of: str | None,
    threshold: int,
) -> pd.DataFrame:  # fmt: skip
    """Return a table whose small counts are withheld, with all places and periods in mind.

    So one call by month and one by year, or of two places, do not tell together what neither does.
    """
    whole = measure_table(measure, rows, by=by, as_of=as_of)
    try:
        other = measure_table(measure, rows, by="year" if by == "month" else "month", as_of=as_of)
    except DataError:  # there are none
        other = None
    safe = suppressed_table(measure, whole, threshold=threshold, other=other)
    names = [str(table.columns[0]), *measure_of(measure)[1].at]
    return safe.merge(table[names], on=names)


def _require_csv(output: Path | None) -> None:
    """Refuse a file that is no CSV, or cannot be written."""
    if output is not None:
        if output.suffix.lower() != ".csv":
            raise DataError(
                Fault(str(output), "is not a .csv file.", "Give a name ending in .csv.")
            )
        require_writable(output)


def _shipped_alone(given: Mapping[str, object]) -> None:
    """Refuse options that a table of several measures of one's own has no use for."""
    found = "is for counts as `roxham template` has them, and not for a table with a measure."
    remedy = "Leave it out; roxham map --counts draws each series of such a table."
    faults = [Fault(option, found, remedy) for option, value in given.items() if value is not None]
    if faults:
        raise DataError(faults)


def _count_points(
    points: str | None,
    areas: Path | None,
    scheduler: str | None,
    output: Path | None,
    least: int,
    allowed: Mapping[str, Override],
) -> None:
    """Count points of one's own by area and month."""
    if points is None or areas is None:
        problem = "--points, --areas and --scheduler go together: points, and areas to count in."
        raise DataError(Fault("counts", problem, "Give --points and --areas."))
    table = counts_of_files(points, areas, scheduler, output, threshold=least)
    hold_to_rules({"point counts": table}, allowed, who="--allowed-by")
    if output is not None:
        write_frame(table, output)
        out.print(f"{output}  {len(table):,} rows", soft_wrap=True)
    else:
        (print_table if out.is_terminal else print_csv)(table)


def sound_rows(checked: Checked[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of a table, or raise with every fault of it."""
    if len(checked.rejected):
        raise DataError(faults_of(checked.rejected))
    return checked.rows


def _place_of(measure: Measure, province: str | None, place: str | None) -> str | None:
    """Return where is asked for; what is counted by area is of provinces, the rest of places."""
    given, other = (province, place) if measure.areas else (place, province)
    if other is not None:
        wrong, right = ("--place", "--province") if measure.areas else ("--province", "--place")
        raise DataError(Fault(wrong, f"names no place of {measure.name}.", f"Give {right}."))
    return given


def _none_of(measure: Measure) -> DataError:
    called = measure_of(measure.name)[0].own or measure.name  # the file that a region has them in
    return DataError(Fault(called, f"region {active_region().name} has no rows of them."))


def _series(
    measure: Measure, rows: pd.DataFrame, by: By, place: str | None, as_of: str | None
) -> Series:
    """Return the series of a table that is to be drawn: that of one place."""
    years = by == "year"
    summed = years and measure.year not in measure.periods
    calendar = measure.year if years and not summed else "month"
    series = load_series(measure.name, place=place, calendar=calendar, as_of=as_of, table=rows)
    return to_calendar_year(series) if summed else series


def data_command() -> None:
    """List what ships, or what --region is made of: each with its rows, source, licence, date."""
    columns = ["resource", "rows", "source", "licence", "retrieved"]
    region = active_region()
    ships = region.name in region_names()
    by_mapping = {} if region.details is None else {
        kind: as_mapping(named).source
        for kind in region.details.mappings
        if (named := region.mapping(kind)) is not None
    }  # fmt: skip
    table = (catalogue() if ships else region_catalogue(region, by_mapping))[columns]
    if out.is_terminal:
        print_table(table)
    else:
        print_csv(table)


@with_reading
def claims_command(
    claims: Annotated[
        Path | None, typer.Option(help="Your own statements, CSV; the founding article by default.")
    ] = None,
    counts: Annotated[
        str | None, typer.Option(help="Your own counts of interceptions: a file or an address.")
    ] = None,
    mapping: MapFile = None,
    read: Mapping[str, str] = {},
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .csv or .json file, by its ending.")
    ] = None,
    allow: Allow = None,
    allowed_by: AllowedBy = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hold statements against the tables: verdict, figure found, rows used, sources."""
    if output is not None:
        if output.suffix.lower() not in (".csv", ".json"):
            problem = "is neither a .csv nor a .json file."
            raise DataError(Fault(str(output), problem, "Give a name ending in .csv or .json."))
        if as_json and output.suffix.lower() != ".json":
            remedy = "Give a name ending in .json, or leave --json out."
            raise DataError(Fault("--json", f"{output} is not a .json file.", remedy))
        require_writable(output)
        require_apart(read=[claims, counts], write=[output])

    allowed = read_allowed(allow or [], allowed_by)
    if counts is None:
        reading_goes_with("--counts", {**read, **({"map": mapping} if mapping else {})})
    mappings = {} if counts is None else {"counts": one_mapping(mapping, read)}
    if counts is not None and tells_measures(counts, mappings["counts"]):
        found = "holds another measure than interceptions, and no statement is held against it."
        raise DataError(Fault("--counts", found, "Give counts of interceptions alone."))
    layers = load_layers(counts=counts, mappings=mappings)
    own = layers.rejected[layers.rejected["layer"] == "interceptions"]
    if len(own):
        raise DataError(faults_of(own))
    table = check_claims(layers, claims)
    wants_json = as_json if output is None else output.suffix.lower() == ".json"
    counted = {} if counts is None else {"interceptions": layers.interceptions}
    hold_to_rules({"claims": table, **counted}, allowed)  # a verdict tells what it counts
    if output is None and not wants_json and out.is_terminal:
        print_table(table[SHOWN].fillna(""))
        return
    text = _json(table).encode() if wants_json else csv_bytes(table)
    if output is None:
        print_data(text.decode())
        return
    write_atomic(output, text)
    verdicts = table["verdict"].value_counts()
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    out.print(f"{output}  {len(table)} statements: {said}", soft_wrap=True)


def _json(table: pd.DataFrame) -> str:
    """Return one object for each statement, lists where the table has several in a cell."""
    rows: list[dict[str, Any]] = []
    for cells in table.to_dict("records"):
        row = {str(name): plain(value) for name, value in cells.items()}
        used = [part for part in str(row["rows"] or "").split("; ") if part]
        rows.append({**row, "rows": used, "sources": str(row["sources"] or "").split()})
    return json_text(rows, indent=2)

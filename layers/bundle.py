"""All layers at once: what is shown, what was rejected, what was set aside."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd

from roxham.geo.arguments import checked
from roxham.geo.errors import DataError, Fault, nearest
from roxham.geo.io.sources import Source, fetching_once
from roxham.geo.region import Region, active_region, using_region
from roxham.geo.region.kinds import REGION_FILE, kind_faults
from roxham.geo.tables.edtf import NEVER, date_span
from roxham.layers.counts.key_figures import figures
from roxham.layers.facts.counts import tells_measures
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.interceptions import require_months
from roxham.layers.mapping.read import MappingLike
from roxham.layers.privacy.embargo import EMBARGO_DAYS, counted_on, embargoed, spans
from roxham.layers.privacy.masking import mask
from roxham.layers.privacy.told_places import days_told
from roxham.layers.statements.claims import judge, load_claims

from .model import Dataset, Layers
from .provenance import inputs_read

__all__ = ["WITHHELD", "load_layers", "load_some", "with_masked_incidents"]

LOGGER = logging.getLogger(__name__)

WITHHELD = "–"
"""In place of the id of a row within the embargo: how many there are is told, and no more."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SET_ASIDE = ("layer", "id", "date", "reason")


@checked()
@fetching_once()
def load_layers(
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: dt.date | None = None,
    allow_named: bool = False,
    region: Region | str | Path | None = None,
    mappings: Mapping[str, MappingLike] = {},
    **own: Source | None,
) -> Layers:
    """Load all layers, with files of your own in place of bundled ones.

    Parameters
    ----------
    since, until
        First and last month to show, ``YYYY-MM``. Events that touch the span
        are shown; counts only if their whole period lies in it.
    as_of
        The day the map is made, from which the embargo is counted; today by default.
        Rows younger than 90 days are set aside, but for what a government published.
    allow_named
        As for :func:`load_incidents`.
    region
        The region whose tables are loaded; by default the one at work.
    mappings
        Which columns of your files are which, by the names of ``own``, as for the loaders.
    **own
        Files, addresses or frames of your own in place of bundled tables: ``incidents``,
        ``counts`` (of interceptions), ``ports``.

    Returns
    -------
    Layers
        Nothing is dropped in silence: see ``rejected`` and ``set_aside``.

    Raises
    ------
    DataError
        If a file cannot be read at all, the months are out of order, or no table takes
        a file of that name.

    Examples
    --------
    >>> layers = load_layers(since="2022-01", until="2022-12")
    >>> sorted(layers.interceptions["period"].unique())[:2]
    ['2022', '2022-01']
    >>> layers.set_aside["reason"].iloc[0]
    'before 2022-01'
    """
    if region is not None:
        with using_region(region):
            return load_layers(
                since=since,
                until=until,
                as_of=as_of,
                allow_named=allow_named,
                mappings=mappings,
                region=None,
                **own,
            )
    return _loaded(
        None, since=since, until=until, as_of=as_of, allow_named=allow_named, mappings=mappings,
        own=own,
    )  # fmt: skip


@fetching_once()
def load_some(
    *needed: Dataset,
    mappings: Mapping[str, MappingLike] = {},
    as_of: dt.date | None = None,
    **own: Source | None,
) -> Layers:
    """Load some tables as :func:`load_layers` does, without figures, and no claim judged."""
    names = [name for name, data in DATASETS.items() if any(data is one for one in needed)]
    return _loaded(
        names, since=None, until=None, as_of=as_of, allow_named=False, mappings=mappings, own=own
    )


def _loaded(
    names: Collection[str] | None,
    *,
    since: str | None,
    until: str | None,
    as_of: dt.date | None,
    allow_named: bool,
    mappings: Mapping[str, MappingLike],
    own: dict[str, Source | None],
) -> Layers:
    require_months(since, until)
    given = _own_files(own)
    _require_kinds(active_region())
    if tells_measures(given.get("interceptions"), mappings.get("counts")):
        given["measured"] = given.pop("interceptions")
        mappings = {{"counts": "measured"}.get(table, table): m for table, m in mappings.items()}
    checked = {
        name: data.load(
            given.get(name),
            **({"allow_named": allow_named} if data.personal else {}),
            **({"mapping": mappings[table]} if (table := data.own or name) in mappings else {}),
        )
        for name, data in DATASETS.items()
        if names is None or name in names
    }
    as_of = counted_on(as_of)
    shown: dict[str, pd.DataFrame] = {}
    judged: dict[str, pd.DataFrame] = {}
    aside: list[tuple[str, str, str, str]] = []
    for name, (rows, _) in checked.items():
        data = DATASETS[name]
        aside += [
            (name, f"column {column}", "", f"personal: holds {kind}")
            for column, kind in rows.attrs.get("left_out", {}).items()
        ]
        if not data.when:
            shown[name] = judged[name] = rows
            continue
        reasons = _outside(rows, data, since, until)
        young = embargoed(rows, data, as_of)
        reasons = reasons.mask(young, f"embargo: within {EMBARGO_DAYS} days of {as_of}")
        judged[name] = rows[~young]
        told = reasons.notna() & ~young
        aside += [
            (name, label, day, str(reason))
            for (label, day), reason in zip(_labels(rows[told], data), reasons[told], strict=True)
        ]
        aside += [(name, WITHHELD, "", str(reason)) for reason in reasons[young]]
        shown[name] = rows[reasons.isna()].reset_index(drop=True)
    faults = [rejected.assign(layer=layer) for layer, (_, rejected) in checked.items()]
    rejected = _withheld(pd.concat(faults, ignore_index=True), as_of)
    brought = {
        name for name, (rows, _) in checked.items() if len(rows) or given.get(name) is not None
    }
    layers = Layers(
        # What does not ship is a table only where somebody brings it.
        tables={n: rows for n, rows in shown.items() if DATASETS[n].made_of or n in brought},
        figures=figures(checked["interceptions"].rows) if names is None else pd.DataFrame(),
        claims=judge(judged, load_claims().rows) if names is None else pd.DataFrame(),
        rejected=rejected[["layer", *(c for c in rejected if c != "layer")]],
        set_aside=pd.DataFrame(aside, columns=list(SET_ASIDE)),
        since=since,
        until=until,
        as_of=as_of,
        read_as=_read_as({name: rows for name, (rows, _) in checked.items()}),
        inputs=inputs_read(given, {name: rows for name, (rows, _) in checked.items()}),
    )
    _log(layers)
    return layers


def _log(layers: Layers) -> None:
    aside = layers.set_aside["layer"].value_counts()
    for name, rows in layers.tables.items():
        LOGGER.info("%s: %d rows shown, %d set aside", name, len(rows), aside.get(name, 0))


def _read_as(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Return what of each table was read otherwise than it is written."""
    told = {name: tuple(rows.attrs.get("read_as", ())) for name, rows in tables.items()}
    return {name: said for name, said in told.items() if said}


def with_masked_incidents(layers: Layers, *, key: str, method: Literal["donut", "grid"]) -> Layers:
    """Return layers whose incidents are masked; what was not shown of them tells no more.

    Parameters
    ----------
    layers
        What :func:`load_layers` returns.
    key, method
        As for :func:`mask`.
    """
    aside, rejected = layers.set_aside, layers.rejected
    ours = aside["layer"].eq("incidents") & ~aside["reason"].str.startswith("personal")
    return replace(
        layers.with_tables(incidents=mask(layers.incidents, key=key, method=method)),
        # What is not drawn would otherwise be told by its id, its day and its cells.
        set_aside=aside.assign(
            id=aside["id"].mask(ours, WITHHELD), date=aside["date"].mask(ours, "")
        ),
        rejected=rejected.assign(
            found=rejected["found"].mask(rejected["layer"].eq("incidents"), "…")
        ),
    )


def _withheld(rejected: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the faults without the days within the embargo that were found in them."""
    cut = pd.Timestamp(as_of) - pd.Timedelta(days=EMBARGO_DAYS)
    late = pd.Series(
        [
            any(day > cut for day in days_told(f"{found} {problem}"))
            for found, problem in zip(rejected["found"], rejected["problem"], strict=True)
        ],
        dtype=bool,
    )
    # A date with two readings is told in both.
    untold = rejected["problem"].str.replace(DAY, "…", regex=True)
    return rejected.assign(
        found=rejected["found"].mask(late, "…"),
        problem=rejected["problem"].mask(late, untold),
    )


def _require_kinds(region: Region) -> None:
    """Raise for files of a region's own that nobody would read: a table would lack in silence."""
    if region.details is None or region.folder is None:
        return
    if faults := kind_faults(region.details.files, str(region.folder / REGION_FILE)):
        raise DataError(faults)


def _own_files(own: dict[str, Source | None]) -> dict[str, Source | None]:
    """Return files of a user's own by the table whose place they take."""
    takes = {data.own: name for name, data in DATASETS.items() if data.own is not None}
    unknown = [name for name in own if name not in takes]
    if unknown:
        told = "is no table that takes a file of yours."
        raise DataError([Fault(name, told, nearest(name, takes)) for name in unknown])
    return {takes[name]: path for name, path in own.items()}


def _outside(
    rows: pd.DataFrame, data: Dataset, since: str | None, until: str | None
) -> pd.Series[str]:
    """Return why each row lies outside the months asked for, null if it does not."""
    first = NEVER[0] if since is None else date_span(since)[0]
    last = NEVER[1] if until is None else date_span(until)[1]
    reasons: list[str | None] = []
    for start, end in spans(rows, data):
        if end < first:
            reasons.append(f"before {since}")
        elif start > last:
            reasons.append(f"after {until}")
        elif not data.event and start < first:
            reasons.append(f"its period begins before {since}")
        elif not data.event and end > last:
            reasons.append(f"its period ends after {until}")
        else:
            reasons.append(None)
    return pd.Series(reasons, index=rows.index, dtype="object")


def _labels(rows: pd.DataFrame, data: Dataset) -> Iterator[tuple[str, str]]:
    """Yield what each row is called, and its date."""
    days = ["/".join(map(str, dates)) for dates in zip(*(rows[c] for c in data.when), strict=True)]
    return zip(rows[data.label].map(str), days, strict=True)

"""What of the twenty rules can be seen in the data; ``roxham.maps`` looks at the page.

Every answer comes with its evidence: what was counted, which column, which row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from roxham.geo import Region
from roxham.layers.model import Layers
from roxham.layers.privacy.embargo import counted_on

from . import counts as rules_counts
from . import figures as rules_numbers
from . import people as rules_people
from . import places as rules_places
from . import sources as rules_sources
from . import words as rules_words
from .places import OWN
from .rules import RULES, Answer, Finding, Frames, finding, join_findings, texts_kept

__all__ = ["check_data", "check_tables", "frames_of", "said_of"]


def frames_of(
    layers: Layers, ground: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, pd.DataFrame]:
    """Return all rows that are shown, by the names of their tables.

    Parameters
    ----------
    layers
        What happened.
    ground
        What it is drawn on, as ``Base.frames`` gives it.
    """
    worked_out = {"figures": layers.figures, "claims": layers.claims}
    return {**said_of(layers.region), **(ground or {}), **worked_out, **layers.tables}


def said_of(region: Region, *further: str | None) -> dict[str, pd.DataFrame]:
    """Return the texts of a region's file, and further ones, as a table: outputs print them.

    Examples
    --------
    >>> from roxham.geo import active_region
    >>> said_of(active_region(), "A headline")["page words"]["text"].tolist()[-1:]
    ['A headline']
    """
    given = region.details.model_dump(exclude={"files", "mappings"}) if region.details else {}
    said = [text for text in (*_texts(given), *further) if text and not text.isspace()]
    return {f"{OWN}words": pd.DataFrame({"text": said}, dtype=object)} if said else {}


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value that are more than one word."""
    if isinstance(value, str) and " " in value:
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def check_tables(
    tables: Iterable[tuple[str, pd.DataFrame]], *, as_of: dt.date | None = None
) -> list[Finding]:
    """Hold tables to the twenty rules, of which several may have one name.

    Parameters
    ----------
    tables
        Names and tables, such as the layers of a map.
    as_of
        As for :func:`check_data`.

    Examples
    --------
    >>> twice = [("features", pd.DataFrame({"name": ["A lake"]}))] * 2
    >>> found = check_tables([*twice, ("features", pd.DataFrame({"age": [34]}))])
    >>> [one.evidence for one in found if one.status == "fail"]
    ['features.age holds an age; if nobody can be found by it, say why']
    """
    every, parts = list(tables), list[dict[str, pd.DataFrame]]()
    for name, rows in every:
        part = next((part for part in parts if name not in part), None)
        if part is None:
            parts.append(part := {})
        part[name] = rows
    with texts_kept(rows for _, rows in every):
        return join_findings(*(check_data(part, as_of=as_of) for part in parts or [{}]))


def check_data(frames: Frames, *, as_of: dt.date | None = None) -> list[Finding]:
    """Hold tables to the twenty rules.

    Parameters
    ----------
    frames
        Tables by name. Those of ``DATASETS`` are looked at as what they are, others by
        their columns.
    as_of
        The day from which the embargo is counted; today by default.

    Returns
    -------
    list of Finding
        One for each rule, in order.

    Examples
    --------
    >>> from roxham.layers import load_layers
    >>> found = check_data(frames_of(load_layers()))
    >>> len(found), [one.rule for one in found if one.status == "fail"]
    (20, [])
    """
    day = counted_on(as_of)
    checks: dict[str, Callable[[Frames], Answer]] = {
        "retrospective": lambda tables: rules_places.retrospective(tables, day),
        "places": rules_places.places,
        "sensitivity": rules_people.sensitivity,
        "personal": rules_people.personal,
        "precision": rules_places.precision,
        "masking": rules_places.masking,
        "measured": rules_places.measured,
        "time": rules_places.time,
        "small-cells": rules_counts.small_cells,
        "microdata": rules_people.microdata,
        "units": rules_numbers.units,
        "minimum": rules_numbers.minimum,
        "terms": rules_words.terms,
        "provenance": rules_sources.provenance,
        "licence": rules_sources.licence,
        "figures": rules_numbers.figures,
        "corrections": rules_sources.corrections,
    }
    with texts_kept(frames.values()):
        return [
            finding(rule.name, _answer(checks[rule.name], frames))
            if rule.name in checks
            else Finding(rule.name, "not applicable", "a matter of the page")
            for rule in RULES
        ]


def _answer(check: Callable[[Frames], Answer], frames: Frames) -> Answer:
    """Return what a check says; a table that it cannot read does not hold."""
    try:
        return check(frames)
    except KeyError as error:
        return False, f"a table lacks the column {error}"
    except ValueError as error:
        return False, f"a table cannot be read: {error}"

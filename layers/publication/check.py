"""What of the twenty rules can be seen in the data; ``roxham.maps`` looks at the page.

Every answer comes with its evidence: what was counted, which column, which row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from roxham.layers.model import Layers

from . import figures as rules_numbers
from . import people as rules_people
from . import places as rules_places
from . import sources as rules_sources
from . import words as rules_words
from .rules import RULES, Answer, Finding, Frames, finding

__all__ = ["check_data", "frames_of"]


def frames_of(layers: Layers) -> dict[str, pd.DataFrame]:
    """Return the rows that are shown, by the names of their tables."""
    return dict(layers.tables)


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
    day = as_of or dt.date.today()
    checks: dict[str, Callable[[Frames], Answer]] = {
        "retrospective": lambda tables: rules_places.retrospective(tables, day),
        "places": rules_places.places,
        "sensitivity": rules_people.sensitivity,
        "personal": rules_people.personal,
        "precision": rules_places.precision,
        "masking": rules_places.masking,
        "measured": rules_places.measured,
        "time": rules_places.time,
        "small-cells": lambda tables: rules_people.small_cells(tables, day),
        "microdata": rules_people.microdata,
        "units": rules_numbers.units,
        "minimum": rules_numbers.minimum,
        "terms": rules_words.terms,
        "provenance": rules_sources.provenance,
        "licence": rules_sources.licence,
        "figures": rules_numbers.figures,
        "corrections": rules_sources.corrections,
    }
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

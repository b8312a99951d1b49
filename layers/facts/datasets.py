"""Every table of facts there is: what is listed here is loaded, checked, shown and exported."""

from __future__ import annotations

from roxham.geo.errors import DataError, Fault
from roxham.layers.model import Dataset, Measure

from .asylum_claims import ASYLUM_CLAIMS_DATA
from .counts import MEASURED_DATA
from .encounters import ENCOUNTERS_DATA
from .entries import ENTRIES_DATA
from .incidents import INCIDENTS_DATA
from .interceptions import INTERCEPTIONS_DATA
from .policy import POLICY_EVENTS_DATA
from .ports import PORTS_DATA
from .transfers import TRANSFERS_DATA

__all__ = ["DATASETS", "measure_of", "measures"]

DATASETS: dict[str, Dataset] = {
    data.name: data
    for data in (
        INTERCEPTIONS_DATA,
        INCIDENTS_DATA,
        PORTS_DATA,
        POLICY_EVENTS_DATA,
        TRANSFERS_DATA,
        ENCOUNTERS_DATA,
        ENTRIES_DATA,
        MEASURED_DATA,
    )
}
"""By name, in the order in which they are shown; a further table is added to it."""

BESIDE = (ASYLUM_CLAIMS_DATA,)
"""Tables that series are told of, and that are no table of the page."""


def measures() -> dict[str, tuple[Dataset, Measure]]:
    """Return every measure with its table, by the word that asks for it.

    Examples
    --------
    >>> [name for name, (_, measure) in measures().items() if not measure.no_series]
    ['interceptions', 'encounters', 'entries', 'claims']
    """
    every = (*DATASETS.values(), *BESIDE)
    return {m.name: (data, m) for data in every if (m := data.measure) is not None}


def measure_of(name: str) -> tuple[Dataset, Measure]:
    """Return a measure and its table.

    Raises
    ------
    DataError
        If there is no such measure, or it makes no series.
    """
    every = measures()
    if name not in every:
        told = ", ".join(one for one, (_, measure) in every.items() if not measure.no_series)
        raise DataError(Fault("measure", f"“{name}” is no measure.", f"Choose one of {told}."))
    if why := every[name][1].no_series:
        raise DataError(f"{name} {why}")
    return every[name]

"""Every table of facts there is: what is listed here is loaded, checked, shown and exported."""

from __future__ import annotations

from roxham.layers.model import Dataset

from .counts import MEASURED_DATA
from .encounters import ENCOUNTERS_DATA
from .entries import ENTRIES_DATA
from .incidents import INCIDENTS_DATA
from .interceptions import INTERCEPTIONS_DATA
from .policy import POLICY_EVENTS_DATA
from .ports import PORTS_DATA
from .transfers import TRANSFERS_DATA

__all__ = ["DATASETS"]

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

"""What happened, when, how sure, and from whom: counts, incidents, ports, policy."""

from .bundle import EMBARGO_DAYS, Layers, load_layers
from .context import incident_context
from .counts import count_table
from .encounters import ENCOUNTERS, load_encounters
from .gates import gates
from .incidents import INCIDENTS, load_incidents
from .interceptions import INTERCEPTIONS, PROVINCES, load_interceptions, monthly_series
from .lookup import find_gate, find_place, find_places
from .mask import mask
from .policy import POLICY_EVENTS, load_policy_events
from .ports import PORTS, load_ports
from .small_cells import suppress_small
from .transfers import TRANSFERS, latest_transfers, load_transfers
from .verdicts import ARTICLE_FIGURES, figures

__all__ = [
    "ARTICLE_FIGURES",
    "EMBARGO_DAYS",
    "ENCOUNTERS",
    "INCIDENTS",
    "INTERCEPTIONS",
    "POLICY_EVENTS",
    "PORTS",
    "PROVINCES",
    "TRANSFERS",
    "Layers",
    "count_table",
    "figures",
    "find_gate",
    "find_place",
    "find_places",
    "gates",
    "incident_context",
    "latest_transfers",
    "load_encounters",
    "load_incidents",
    "load_interceptions",
    "load_layers",
    "load_policy_events",
    "load_ports",
    "load_transfers",
    "mask",
    "monthly_series",
    "suppress_small",
]

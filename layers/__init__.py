"""What happened, when, how sure, and from whom: counts, incidents, ports, policy."""

from .bundle import load_layers
from .counts.arithmetic import add, compare_series, ratio, to_calendar_year, to_fiscal_year
from .counts.key_figures import figures
from .counts.mismatches import find_mismatches
from .counts.series import Series, load_series
from .counts.table import count_table
from .export.datapackage import load_export
from .export.tables import export_map
from .facts.asylum_claims import ASYLUM_CLAIMS, load_asylum_claims
from .facts.encounters import ENCOUNTERS, load_encounters
from .facts.incidents import INCIDENTS, load_incidents
from .facts.interceptions import INTERCEPTIONS, PROVINCES, load_interceptions, monthly_series
from .facts.policy import POLICY_EVENTS, load_policy_events
from .facts.ports import PORTS, load_ports
from .facts.releases import RELEASES, known_on, load_releases
from .facts.transfers import TRANSFERS, latest_transfers, load_transfers
from .intervals import Interval
from .model import Layers
from .privacy.embargo import EMBARGO_DAYS
from .privacy.masking import mask
from .privacy.suppression import suppress_small
from .provenance import catalogue
from .statements.claims import CLAIMS, check_claims, load_claims
from .travel.dated_routes import dated_routes
from .travel.open_gates import gate_names, gates
from .travel.place_lookup import find_gate, find_place, find_places
from .travel.regimes import regime_spans
from .travel.remoteness import incident_context

__all__ = [
    "ASYLUM_CLAIMS",
    "CLAIMS",
    "EMBARGO_DAYS",
    "ENCOUNTERS",
    "INCIDENTS",
    "INTERCEPTIONS",
    "POLICY_EVENTS",
    "PORTS",
    "PROVINCES",
    "RELEASES",
    "TRANSFERS",
    "Interval",
    "Layers",
    "Series",
    "add",
    "catalogue",
    "check_claims",
    "compare_series",
    "count_table",
    "dated_routes",
    "export_map",
    "figures",
    "find_gate",
    "find_mismatches",
    "find_place",
    "find_places",
    "gate_names",
    "gates",
    "incident_context",
    "known_on",
    "latest_transfers",
    "load_asylum_claims",
    "load_claims",
    "load_encounters",
    "load_export",
    "load_incidents",
    "load_interceptions",
    "load_layers",
    "load_policy_events",
    "load_ports",
    "load_releases",
    "load_series",
    "load_transfers",
    "mask",
    "monthly_series",
    "ratio",
    "regime_spans",
    "suppress_small",
    "to_calendar_year",
    "to_fiscal_year",
]

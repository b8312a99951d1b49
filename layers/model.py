"""What a bundle of layers is."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from .provenance import Input

__all__ = ["LAYERS", "Layers"]


@dataclass(frozen=True)
class Layers:
    """Every layer of the page.

    Attributes
    ----------
    interceptions, incidents, ports, policy_events, transfers, encounters
        The rows to show, as their loaders describe them.
    figures
        What the numbers say, from all annual counts whatever the months asked for.
    claims
        What the founding article said against all tables, whatever the months: see
        ``check_claims``.
    rejected
        Faults of files: ``layer, file, row, column, found, problem``.
    set_aside
        Sound rows not shown: ``layer, id, date, reason``.
    since, until
        First and last month shown, ``YYYY-MM``; None is no limit.
    inputs
        Files and addresses of a user's own, each with its name and the SHA-256 of what was
        read, empty for a table of a database.
    """

    interceptions: pd.DataFrame
    incidents: gpd.GeoDataFrame
    ports: gpd.GeoDataFrame
    policy_events: pd.DataFrame
    transfers: pd.DataFrame
    encounters: pd.DataFrame
    figures: pd.DataFrame
    claims: pd.DataFrame
    rejected: pd.DataFrame
    set_aside: pd.DataFrame
    since: str | None = None
    until: str | None = None
    inputs: tuple[Input, ...] = ()


LAYERS = ("interceptions", "incidents", "ports", "policy_events", "transfers", "encounters")

"""A page or picture as it goes out: masked, held to the rules, with what was overridden."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from roxham.geo.errors import DataError, Fault
from roxham.geo.io.atomic import write_together
from roxham.geo.quoting import MASK_KEY
from roxham.layers.bundle import with_masked_incidents
from roxham.layers.publication.check import check_data, frames_of
from roxham.layers.publication.gate import answered
from roxham.layers.publication.rules import join_findings
from roxham.maps.page.external import beside
from roxham.maps.page.page import page_html
from roxham.maps.page.rules import check_page

from .gate import tell_overrides, telling_rules

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from roxham.layers import Layers
    from roxham.layers.publication.gate import Override

__all__ = ["masked_layers", "write_checked"]


def masked_layers(layers: Layers, method: Literal["donut", "grid"]) -> Layers:
    """Return the layers with their incidents masked by the key in the environment."""
    key = os.environ.get(MASK_KEY, "")
    if not key:
        raise DataError(
            Fault(MASK_KEY, "is not set.", "Set it to a secret of 16 bytes or more, and keep it.")
        )
    return with_masked_incidents(layers, key=key, method=method)


def write_checked(
    drawn: folium.Map | None,
    layers: Layers,
    output: Path | None,
    *,
    allowed: Mapping[str, Override],
    ground: Mapping[str, pd.DataFrame] | None = None,
    notes: Sequence[dict[str, str]] = (),
    as_of: dt.date | None = None,
    external: bool = False,
) -> list[dict[str, str]]:
    """Write a page that keeps the rules, or fails only those that are allowed to; return these.

    ``notes`` are told beside them; ``external`` leaves scripts, styles and data in files beside it.

    Without a page, what is to be drawn on a picture is held to the rules on data.
    """
    html = None if drawn is None else page_html(drawn)
    data = check_data(frames_of(layers, ground), as_of=as_of)
    seen = [] if html is None else check_page(html, as_of=as_of)
    with telling_rules():
        given = [*answered(join_findings(data, seen), allowed), *notes]
    if given and drawn is not None:
        html = page_html(drawn, overrides=given)
    tell_overrides(given)
    if html is not None and output is not None:
        files = beside(html, output) if external else {output.name: html.encode("utf-8")}
        # The page itself last: one that was there works until all that the new one names is.
        write_together({output.with_name(name): content for name, content in files.items()})
    return given

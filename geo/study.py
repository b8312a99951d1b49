"""A region with what its files hold, each read when it is first asked for."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from pathlib import Path

import geopandas as gpd

from .arguments import checked
from .border.border import Border, load_border
from .network.roads import Roads
from .places.jurisdictions import load_jurisdictions
from .places.provinces import load_provinces
from .places.towns import load_places
from .places.water import load_water
from .readers.corridor import load_roads
from .region import Region, as_region, using_region

__all__ = ["Study", "load_region"]


class Study(Region):
    """A region, and the frames of its files; each is read once, when it is first asked for.

    It stands wherever a region, a border or ports are taken: ``cut_at_border(roads, study)``,
    ``gates(study, on=...)``, ``load_layers(region=study)``. Within ``using_region(study)``
    none of these need be given.

    Examples
    --------
    >>> study = load_region("roxham")
    >>> study.name, study.border.region.sides
    ('roxham', ('CA', 'US'))
    """

    @cached_property
    def border(self) -> Border:
        """Its line, and the two sides of it."""
        with using_region(self):
            return load_border()

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """Its towns and other named places."""
        return load_places(self)

    @cached_property
    def jurisdictions(self) -> gpd.GeoDataFrame:
        """Its states, provinces or counties; the two sides if its file names none."""
        with using_region(self):
            return load_jurisdictions()

    @cached_property
    def water(self) -> gpd.GeoDataFrame:
        """Its lakes and rivers."""
        with using_region(self):
            return load_water()

    @cached_property
    def areas(self) -> gpd.GeoDataFrame:
        """The areas that its counts are of."""
        return load_provinces(self)

    @cached_property
    def roads(self) -> Roads:
        """Its roads."""
        return load_roads(region=self)


@checked()
def load_region(region: Region | str | Path | None = None) -> Study:
    """Load a region that ships, by its name, or one of your own, by its folder.

    Parameters
    ----------
    region
        A name of :func:`region_names`, or a folder with a ``region.toml``; the first that
        ships by default.

    Returns
    -------
    Study
        The region, with ``border, places, jurisdictions, water, areas, roads``.

    Raises
    ------
    DataError
        If there is none, or its file is at fault: all faults at once, with line and key.

    Examples
    --------
    >>> region = load_region("roxham")
    >>> region.sides, region.border.line.section.tolist()[1]
    (('CA', 'US'), '45th parallel')
    """
    found = as_region(region)
    return Study(**{field.name: getattr(found, field.name) for field in fields(Region)})

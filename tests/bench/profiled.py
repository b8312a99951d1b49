"""Run one command and write down how its seconds part, for :mod:`.profile_commands`."""

from __future__ import annotations

import functools
import json
import os
import sys
import time
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

PHASES = {
    "reading": [
        "geo.readers.read:read_roads",
        "geo.readers.corridor:load_roads",
        "geo.crossings.find:cut_at_border",
        "geo.tables.contract:read_table",
        "geo.border.border:load_border",
        "layers.bundle:load_layers",
    ],
    "kernel": [
        "geo.access.isochrones:reach",
        "geo.access.catchment_areas:catchments",
        "geo.access.changes:compare_catchments",
        "geo.access.nearest:nearest_places",
        "geo.crossings.find:find_crossings",
        "geo.routing.travel_table:travel_table",
        "layers.travel.dated_routes:dated_routes",
        "layers.travel.remoteness:incident_context",
        "layers.statements.claims:check_claims",
        "layers.publication.check:check_data",
        "layers.mapping.propose:propose",
        "maps.page.page:border_map",
        "maps.printed.sheet:map_sheet",
        "maps.ground:load_base",
        "maps.page.rules:check_page",
    ],
    "writing": [
        "geo.io.write:write_frame",
        "geo.io.write:csv_bytes",
        "geo.io.atomic:write_atomic",
        "maps.page.page:page_html",
        "maps.printed.picture:save_picture",
        "layers.export.datapackage:export",
    ],
}
spent: defaultdict[str, float] = defaultdict(float)
inside: list[str] = []


def timed(phase: str, work: Any) -> Any:
    """Return a function whose seconds count for its phase, unless another is running."""

    @functools.wraps(work)
    def run(*args: Any, **options: Any) -> Any:
        if inside:
            return work(*args, **options)
        inside.append(phase)
        begun = time.process_time()
        try:
            return work(*args, **options)
        finally:
            inside.pop()
            spent[phase] += time.process_time() - begun

    return run


def watch(names: dict[str, list[str]]) -> None:
    """Put the functions that are timed in place of those that modules got of them."""
    swapped = {}
    for phase, places in names.items():
        for place in places:
            module, name = place.split(":")
            found = sys.modules.get(f"roxham.{module}")
            if found is not None and hasattr(found, name):
                swapped[id(getattr(found, name))] = timed(phase, getattr(found, name))
    for key, imported in [*sys.modules.items()]:
        if key.startswith("roxham"):
            for name, value in [*vars(imported).items()]:
                if id(value) in swapped:
                    setattr(imported, name, swapped[id(value)])
    kept: Any = sys.modules["roxham.geo.network.roads"]
    kept.Roads.save = timed("writing", kept.Roads.save)


def main() -> None:
    """Run the words of the command line, and write the phases to the file ``PHASES``."""
    from roxham.maps.cli import app

    load = app.Later.load

    def loaded(self: Any) -> Any:
        command = load(self)
        for places in PHASES.values():
            for place in places:  # what is only imported when it is called, of those used here
                if place.startswith("maps.page") and self.name in ("map", "check"):
                    import_module(f"roxham.{place.split(':')[0]}")
        spent["imports"] = time.process_time()
        import_module("roxham.geo.network.roads")
        watch(PHASES)
        return command

    app.Later.load = loaded  # type: ignore[method-assign]
    spent["imports"] = time.process_time()
    try:
        import roxham.__main__

        roxham.__main__.main()
    finally:
        Path(os.environ["PHASES"]).write_text(json.dumps(spent), encoding="utf-8")


if __name__ == "__main__":
    main()

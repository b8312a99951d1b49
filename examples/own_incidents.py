"""Incidents of your own: read, moved so that no place can be found again, and drawn."""

import secrets

import pandas as pd

from roxham.layers import load_incidents, load_layers, mask
from roxham.maps import border_map, save_html

# Two made-up incidents, as a newsroom's spreadsheet might have them. A file goes in the same way.
mine = pd.DataFrame(
    {
        "id": ["made-up-1", "made-up-2"],
        "date": ["2021-02", "2022-01-19"],
        "place_name": ["A field, made up", "A wood, made up"],
        "country": ["CA", "CA"],
        "lat": [45.05, 45.09],
        "lon": [-73.60, -73.20],
        "radius_m": [3000, 5000],
        "deaths": [0, 0],
        "injured": [1, 2],
        "kind": ["injury", "injury"],
        "direction": ["northbound", "northbound"],
        "source_title": "Made up for this example",
        "source_publisher": "Nobody",
        "source_url": "https://example.org/made-up",
        "source_date": "2022-02",
        "confidence": "single",
    }
)
incidents, rejected = load_incidents(mine)
print(len(incidents), "hold,", len(rejected), "faults")

# Keep your own key in a safe place: the same key moves a place alike in every release.
masked = mask(incidents, key=secrets.token_bytes(16))
print(masked[["date", "radius_m", "mask_method", "mask_max_m"]].to_string(index=False))

layers = load_layers(since="2021-01", until="2022-12").with_tables(incidents=masked)
print(save_html(border_map(layers), "own_incidents.html"))

"""How far from roads, ports and towns people died: ranges, as no place is known to the metre."""

from roxham.geo import load_places, load_roads
from roxham.layers import incident_context, load_incidents, load_ports

incidents = load_incidents().rows
context = incident_context(
    incidents[incidents["kind"] == "death"],
    load_roads(),
    ports=load_ports().rows,
    places=load_places(),
)
km = context.filter(regex=r"^(road|port|town)_(min|max)_m$").astype(float) / 1000
km.columns = km.columns.str.replace("_m$", "_km", regex=True)
print(context[["date", "network"]].join(km).to_string(index=False))

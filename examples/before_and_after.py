"""The roads that each gate is nearest to, on the day before the closure and the day after."""

import folium

from roxham.geo import catchments, load_border, load_roads
from roxham.layers import gates, load_ports
from roxham.maps import BorderLayer, CatchmentLayer, Legend, PortLayer, save_html

roads, ports = load_roads(), load_ports().rows
before, after = (
    catchments(roads, gates(ports, on=day), on=day) for day in ("2023-03-24", "2023-03-26")
)
assert before.areas is not None
assert after.areas is not None
lost = sorted(set(before.areas["gate"]) - set(after.areas["gate"]))
print("Nearest to some road before, and to none after:", *lost)

own = folium.Map([45.0, -73.4], zoom_start=9, tiles=None)
CatchmentLayer(before, after, schematic=True).add_to(own)
BorderLayer(load_border().line).add_to(own)
PortLayer(ports).add_to(own)
Legend().add_to(own)
print(save_html(own, "before_and_after.html"))

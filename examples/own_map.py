"""Put roxham's layers on a Folium map of your own and save it as one file."""

import folium

from roxham.geo import load_border, load_roads, load_water
from roxham.layers import load_ports
from roxham.maps import BorderLayer, PortLayer, RoadLayer, WaterLayer, save_html

own = folium.Map([45.0, -73.4], zoom_start=10, tiles=None)
WaterLayer(load_water()).add_to(own)
RoadLayer(load_roads().edges).add_to(own)
BorderLayer(load_border().line).add_to(own)
PortLayer(load_ports().rows).add_to(own)
print(save_html(own, "own_map.html"))

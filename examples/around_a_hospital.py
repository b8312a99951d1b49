"""What lies within 15, 30 and 60 minutes of a hospital by road, and where that ends."""

import folium

from roxham.geo import load_border, load_hospitals, load_roads, load_water, reach
from roxham.maps import BorderLayer, FeatureLayer, Legend, ReachLayer, WaterLayer, save_html

hospitals = load_hospitals()
clinic = hospitals[hospitals["city"] == "Plattsburgh"]
areas = reach(load_roads(), clinic, minutes=[15, 30, 60], direction="to")
print(areas[["origin", "minutes", "reached_km", "area_km2"]].round(1).to_string(index=False))

own = folium.Map([44.75, -73.5], zoom_start=9, tiles=None)
WaterLayer(load_water()).add_to(own)
ReachLayer(areas).add_to(own)
BorderLayer(load_border().line).add_to(own)  # nothing is reached across it: no gate was given
FeatureLayer(clinic, name="Hospital", columns=["name", "city"]).add_to(own)
Legend().add_to(own)
print(save_html(own, "around_a_hospital.html"))

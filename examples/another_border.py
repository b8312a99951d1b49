"""Another border altogether: a network and a line of your own, its crossings on a map."""

import folium
import geopandas as gpd
import networkx as nx

from roxham.geo import Region, Roads, cut_at_border, find_crossings
from roxham.maps import BorderLayer, FeatureLayer, RoadLayer, save_html

# A made-up stretch of open border: a line that winds, and three roads. With OSMnx or a file
# of roads it is read_roads("ireland.osm.pbf"), with a file of the line read_border("line.gpkg").
line = gpd.GeoSeries.from_wkt(
    ["LINESTRING (-7.6 54.2, -7.5 54.25, -7.4 54.2, -7.3 54.25)"], crs=4326
)
graph = nx.MultiGraph(crs="EPSG:4326")
for name, x in (("N54", -7.55), ("R189", -7.45), ("A3", -7.35)):
    for end, y in (("south", 54.15), ("north", 54.3)):
        graph.add_node(f"{name} {end}", x=x, y=y)
    graph.add_edge(f"{name} south", f"{name} north", ref=name, highway="primary", oneway=False)
roads = Roads.from_networkx(nx.MultiDiGraph(graph))

region = Region(
    "x", "Made-up", (-7.6, 54.1, -7.3, 54.35), "EPSG:32629", ("north", "south"), controlled=False
)
crossings = find_crossings(roads, line, region=region)
print(crossings[["crossing_id", "kind", "lon", "lat", "refs"]].to_string(index=False))
print(cut_at_border(roads, line, region=region).nodes["side"].value_counts().to_string())

page = folium.Map([54.225, -7.45], zoom_start=12, tiles=None)
RoadLayer(roads.edges).add_to(page)
BorderLayer(gpd.GeoDataFrame(geometry=line)).add_to(page)
FeatureLayer(crossings, name="Crossings", columns=["crossing_id", "refs"]).add_to(page)
print(save_html(page, "another_border.html"))

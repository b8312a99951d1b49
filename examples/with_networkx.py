"""The corridor's roads as a graph of NetworkX, as OSMnx makes them, with its own functions."""

import networkx as nx

from roxham.geo import load_places, load_roads, nearest_edges

roads = load_roads()
graph = roads.to_networkx()
print(roads)

towns = load_places().set_index("name").loc[["Plattsburgh", "Malone"]].reset_index()
snap = nearest_edges(roads, towns)
start, end = (roads.node_id[roads.u[edge]] for edge in snap.edge)
way = nx.shortest_path(graph, start, end, weight="length")
km = nx.path_weight(graph, way, weight="length") / 1000
print(f"{towns['name'][0]} to {towns['name'][1]}: {km:.0f} km over {len(way)} junctions")

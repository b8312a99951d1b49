"""What the closure of Roxham Road changed: the way across, and which gate is nearest."""

from roxham.geo import catchments, compare_catchments, load_border, load_places, load_roads
from roxham.layers import dated_routes, find_place, gates, load_ports

DAYS = ("2023-03-24", "2023-03-26")

roads, ports, places = load_roads(), load_ports().rows, load_places()
print("Roads are a schematic: true lengths between named junctions.")

for start, end in (("Roxham Road", "chemin Roxham"), ("Plattsburgh", "Montréal")):
    for day in DAYS:
        ends = find_place(start), find_place(end)
        route = dated_routes(roads, *ends, on=day, ports=ports).iloc[0]
        walked = f", {route['walk_m']:.0f} m of it on foot" if route["walk_m"] else ""
        km = route["length_m"] / 1000
        print(f"{day}, {start} to {end}: {km:.1f} km{walked}, through {route['gate_name']}.")
        print(f"    {route['rule']}")

# Which gate was nearest by road, for the towns south of the line and for the roads themselves.
towns = places[load_border().side_of(places.geometry) == "US"]
before, after = (catchments(roads, gates(ports, on=day), places=towns) for day in DAYS)
changed = compare_catchments(before, after)
print(changed["change"].value_counts().to_string())  # none: too far from the corridor's roads
for gate, (then, now) in changed.attrs["summary"]["road_km"].items():
    print(f"{gate} was nearest to {then:.0f} km of road, and is to {now:.0f}.")

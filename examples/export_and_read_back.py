"""Everything on the map as a data package: tables, schemas, sources, licences, hashes."""

import json
from pathlib import Path

from roxham.layers import export_map, load_export, load_layers
from roxham.maps import load_base

layers = load_layers(since="2022-01", until="2022-12")
folder = export_map("package", layers, load_base().frames(), format="csv")
package = json.loads((Path(folder) / "datapackage.json").read_text(encoding="utf-8"))
for resource in package["resources"]:
    licences = ", ".join(one["name"] for one in resource.get("licenses", []))
    print(f"{resource['path']:<28}{licences}")

frames = load_export(folder)
assert frames["interceptions"]["count"].dtype == "Int64"  # types and nulls come back
print(len(frames), "tables read back")

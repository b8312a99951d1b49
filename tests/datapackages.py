"""Bring row counts, sizes, hashes and schemas in the data packages up to date.

Run ``python -m tests.datapackages`` after a change to a shipped table; a test
holds the packages to the files.
"""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from roxham.geo.tables.contract import Column, Contract

from .reference import contracts

ROOT = Path(__file__).parent.parent
TYPES = {"integer": "integer", "number": "number", "lon": "number", "lat": "number"}
PACKAGES = (ROOT / "geo" / "data", ROOT / "layers" / "data")


def measured(path: Path) -> dict[str, Any]:
    """Return what can be read off a file: its rows, bytes and hash."""
    content = path.read_bytes()
    if path.suffix == ".csv":
        lines = csv.reader(content.decode().splitlines(keepends=True))
        size = {"rows": sum(1 for _ in lines) - 1}
    else:
        size = {"features": len(json.loads(content)["features"])}
    return {
        **size,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def schema(contract: Contract, header: list[str]) -> dict[str, Any]:
    """Return a Table Schema from the contract of a table."""
    columns = {column.name: column for column in contract.columns}
    fields = []
    for name in header:
        column = columns.get(name, Column(name))
        constraints: dict[str, Any] = {"required": True} if column.required else {}
        if column.choices:
            constraints["enum"] = list(column.choices)
        if column.nulls:
            constraints.pop("required", None)
        fields.append(
            {
                "name": name,
                "type": TYPES.get(column.kind, "string"),
                "description": column.meaning,
                **({"constraints": constraints} if constraints else {}),
            }
        )
    nulls = sorted({null for column in contract.columns for null in column.nulls})
    return {"fields": fields, "missingValues": ["", *nulls]}


def main() -> None:
    """Rewrite both packages in place."""
    declared = {contract.name.replace(" ", "_"): contract for contract in contracts()}
    for folder in PACKAGES:
        path = folder / "datapackage.json"
        package = json.loads(path.read_text())
        for resource in package["resources"]:
            file = folder / resource["path"]
            resource.update(measured(file))
            if file.suffix == ".csv":
                with file.open(newline="") as text:
                    header = next(csv.reader(text))
                resource["schema"] = schema(declared[file.stem], header)
        path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""Small files of one's own, made by hand."""

from pathlib import Path

import pandas as pd

SOURCED = "T,P,https://example.org/a,2023,single,"
COUNTS = (
    "period,province,count,source_title,source_publisher,source_url,source_date,confidence,note"
)
INCIDENT = {
    "id": "a",
    "date": "2023-01-04",
    "place_name": "P",
    "admin_area": "CA-QC",
    "country": "CA",
    "lat": "45.01",
    "lon": "-73.5",
    "radius_m": "3000",
    "location_basis": "computed",
    "deaths": "1",
    "injured": "0",
    "kind": "death",
    "direction": "southbound",
    "cause": "cold",
    "summary": "S",
    "source_title": "T",
    "source_publisher": "P",
    "source_url": "https://example.org/a",
    "source_date": "2023",
    "confidence": "single",
    "note": "",
}


def write_counts(folder: Path, *lines: str) -> Path:
    """Write a file of counts from its lines."""
    path = folder / "counts.csv"
    path.write_text("\n".join([COUNTS, *lines]) + "\n")
    return path


def write_incidents(folder: Path, *changes: dict[str, str]) -> Path:
    """Write a file with one incident for each set of changes to the sample."""
    path = folder / "incidents.csv"
    pd.DataFrame([INCIDENT | change for change in changes]).to_csv(path, index=False)
    return path

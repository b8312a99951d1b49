"""Make files that ask for far more than they are, and print how each is refused."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.geo.readers import test_osm_pbf as pbf

MEGABYTE = 1 << 20
MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True, check=False)
seconds, most = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
said = " ".join(done.stderr.split())[:120]
print(f"{seconds:.1f} s | {most / 1e3:.0f} MB | exit {done.returncode} | {said}")
"""
ROADS = (
    '<osm version="0.6"><node id="1" lat="45.0" lon="-73.5"/><node id="2" lat="45.1" lon="-73.5"/>'
    '<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>'
)


def packed(path: Path, head: bytes, fill: bytes, megabytes: int) -> None:
    """Write a gzip file of a beginning and much of the same."""
    with gzip.open(path, "wb") as file:
        file.write(head)
        for _ in range(megabytes):
            file.write(fill * MEGABYTE)


def make(folder: Path, megabytes: int) -> dict[str, list[str]]:
    """Write the files; return the words of the command that reads each."""
    packed(folder / "a.json.gz", b'{"elements": [], "x": "', b" ", megabytes)
    packed(folder / "a.graphml.gz", b"<graphml>", b" ", megabytes)
    packed(folder / "a.osm.gz", b'<osm version="0.6"><note>', b"a", megabytes)
    (folder / "wide.csv").write_text(",".join(f"c{k}" for k in range(100_000)) + "\n")
    with (
        zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/workbook.xml", "w", force_zip64=True) as file,
    ):
        for _ in range(megabytes):
            file.write(b" " * MEGABYTE)
    texts = pa.table({"id": pa.array(["a" * 1000] * 1_000_000).dictionary_encode()})
    with parquet.ParquetWriter(folder / "rows.parquet", texts.schema) as writer:
        for _ in range(megabytes // 8):
            writer.write_table(texts)
    (folder / "deep.geojson").write_text('{"type": "Feature", "properties": ' + "[" * 2_000_000)
    pbf.saved(folder / "a.pbf", pbf.way((1, 7), (8, bytes(30_000_000))))
    (folder / "sound.osm").write_text(ROADS)
    table = ["check", "--as", "places", "--table"]
    return {
        "JSON": ["roads", "a.json.gz"],
        "GraphML": ["roads", "a.graphml.gz"],
        "OSM XML": ["roads", "a.osm.gz"],
        "OSM PBF": ["roads", "a.pbf"],
        "CSV": [*table, "wide.csv"],
        "workbook": [*table, "a.xlsx"],
        "Parquet": [*table, "rows.parquet"],
        "border": ["crossings", "--roads", "sound.osm", "--border", "rows.parquet"],
        "GeoJSON": [*table, "deep.geojson"],
    }


def main() -> None:
    """Print a row for each; the memory is the most that the command held."""
    with tempfile.TemporaryDirectory() as name:
        for kind, words in make(
            Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 3000
        ).items():
            command = [sys.executable, "-m", "roxham", *words]
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, *command],
                cwd=name, capture_output=True, text=True, check=True,
            )  # fmt: skip
            print(f"| {kind} | {done.stdout.strip()} |", flush=True)


if __name__ == "__main__":
    main()

"""Checking tables of one's own, against Frictionless in an environment of its own.

    python -m tests.bench.bench_tables [PATH/TO/frictionless] [ROWS …]

Both read the same CSV file from the disk and hold each cell to its type and each row to its key.
Seconds of the processor of whole processes, Python's own start among them; 10,000 rows must take
less than two. Not for Windows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

COLUMNS = (
    *("period", "area", "measure", "unit", "count", "source_title", "source_publisher"),
    *("source_url", "confidence"),
)
KEY = ["period", "area", "measure", "unit"]
LIMIT_S = 2.0


def write_table(folder: Path, rows: int) -> Path:
    path = folder / f"counts-{rows}.csv"
    with path.open("w") as file:
        file.write(",".join(COLUMNS) + "\n")
        for i in range(rows):
            period = f"{1900 + i % 200}-{(i // 200) % 12 + 1:02}"
            file.write(f"{period},US-{i // 2400},entries,persons,{i % 997},A page,An office,")
            file.write(f"https://example.org/{i % 50},single\n")
    return path


def write_schema(folder: Path) -> Path:
    needed = {"constraints": {"required": True}}
    fields = [{"name": name, "type": "string", **needed} for name in COLUMNS]
    fields[COLUMNS.index("count")] = {
        **{"name": "count", "type": "integer", "constraints": {"required": True, "minimum": 0}}
    }
    path = folder / "schema.json"
    path.write_text(json.dumps({"fields": fields, "primaryKey": KEY}))
    return path


def timed(words: list[str], folder: Path) -> tuple[float, float]:
    """Return the processor's seconds, and the most memory in MB."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    words = sys.argv[1:]
    other = words.pop(0) if words and not words[0].isdecimal() else None
    sizes = [int(word) for word in words] or [10_000, 100_000, 1_000_000]
    print("| rows | roxham check, s | peak, MB | frictionless validate, s | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        schema = write_schema(folder)
        for rows in sizes:
            table = write_table(folder, rows)
            ours = [
                sys.executable,
                "-m",
                "roxham",
                "check",
                "--table",
                table.name,
                "--as",
                "counts",
            ]
            seconds, most = timed(ours, folder)
            line = f"| {rows:,} | {seconds:.1f} | {most:,.0f} | "
            if other is None:
                print(line + "– | – |")
            else:
                theirs = [other, "validate", table.name, "--schema", schema.name]
                slower, _ = timed(theirs, folder)
                print(line + f"{slower:.1f} | {slower / seconds:.1f} |", flush=True)
            if rows <= 10_000 and seconds > LIMIT_S:
                raise SystemExit(f"{rows:,} rows took {seconds:.1f} s, more than {LIMIT_S:g}.")


if __name__ == "__main__":
    main()

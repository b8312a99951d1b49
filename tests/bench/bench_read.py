"""Time reading, saving and reopening networks against OSMnx, answers compared.

    python tests/bench/bench_read.py --edges 20000 --edges 100000 [--real FOLDER]

Each measurement runs in a process of its own, which reports seconds of the processor (the
best and the median of the runs that fit in two, at least three; OSMnx at least one, it takes
long) and the peak of its memory in the first run. Seconds of the clock would be no measure:
on a busy machine what is short fits between the work of others, and what is long does not.
The best of OSMnx's runs is one in which Python did not look for garbage; in most it does, and
takes twice as long. Before, each process has read a file of one road, so that what it loads
once for all files counts for neither; that is printed apart. Prints one table; fails where
nodes, edges or lengths differ. Linux only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from make_network import as_pbf, make_network

Row = dict[str, Any]
MEASURE = """
import json, pathlib, re, statistics, time
{setup}
def memory(kind):
    return int(re.search(kind + r":\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
imported = memory("VmRSS")
found = {warm}
once = (memory("VmRSS") - imported) / 1024
pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
before, times, used = memory("VmRSS"), [], 0
while len(times) < {least} or sum(times) < 2:
    found = None
    start = time.process_time()
    found = {work}
    times.append(time.process_time() - start)
    used = used or (memory("VmHWM") - before) / 1024
{answer}
times = dict(seconds=min(times), usual=statistics.median(times))
print(json.dumps(dict(times, mb=used, once=once, nodes=nodes, edges=edges, km=km)))
"""

OURS = "nodes, edges, km = found.node_count, found.edge_count, float(found.length_m.sum()) / 1000"
THEIRS = """
nodes, edges = len(found), found.number_of_edges()
km = sum(length for *_, length in found.edges(data="length")) / 1000
"""
ONE_ROAD = """<osm version="0.6"><node id="1" lat="45" lon="-73.5"/>
<node id="2" lat="45.01" lon="-73.5"/><node id="3" lat="45.02" lon="-73.5"/><way id="7">
<nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way></osm>"""
READ = "from roxham.geo import read_roads, load_roads"
OSMNX = "import osmnx, warnings; warnings.simplefilter('ignore')"


def measure(setup: str, work: str, paths: tuple[Path, Path], answer: str, *, least: int = 3) -> Row:
    """Run one piece of work, a function of a path, in a process of its own."""
    warm, call = (f"({work})({str(path)!r})" for path in paths)
    code = MEASURE.format(setup=setup, warm=warm, work=call, answer=answer, least=least)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    result: Row = json.loads(done.stdout)
    return result


def prepare(path: Path, folder: Path) -> tuple[Path, Path, Path, Path]:
    """Write PBF, GraphML and saved network of a file; return its path and theirs."""
    from roxham.geo import read_roads

    pbf, graphml, saved = (folder / f"{path.name}.{kind}" for kind in ("pbf", "graphml", "arrow"))
    as_pbf(path, pbf)
    import osmnx

    osmnx.save_graphml(read_roads(path).to_networkx(), graphml)
    read_roads(path).save(saved)
    return path, pbf, graphml, saved


def bench(path: Path, folder: Path) -> None:
    """Measure one file and print its rows."""
    small = folder / "one-road.osm"
    small.write_text(ONE_ROAD)
    xml, pbf, graphml, saved = zip(prepare(small, folder), prepare(path, folder), strict=True)
    keep_barriers = "osmnx.settings.useful_tags_node += ['barrier']"
    theirs = (
        "lambda p: osmnx.simplify_graph(osmnx.graph_from_xml(p, simplify=False, "
        "retain_all=True), node_attrs_include=['barrier'])"
    )
    peer = measure(f"{OSMNX}; {keep_barriers}", theirs, xml, THEIRS, least=1)
    load = measure(OSMNX, "osmnx.load_graphml", graphml, THEIRS, least=1)
    lines = "lambda p: (lambda r: (r.lines, r)[1])(load_roads(p))"
    rows = [
        ("XML, osmnx.graph_from_xml", peer, peer),
        ("XML, read_roads", measure(READ, "read_roads", xml, OURS), peer),
        ("PBF, read_roads", measure(READ, "read_roads", pbf, OURS), peer),
        ("GraphML, osmnx.load_graphml", load, load),
        ("saved, load_roads, columns", measure(READ, "load_roads", saved, OURS), load),
        ("saved, load_roads, lines built", measure(READ, lines, saved, OURS), load),
    ]
    print(f"\n{path.name}: {peer['nodes']:,} nodes, {peer['edges']:,} edges, {peer['km']:,.1f} km")
    for label, row, other in rows:
        for key in ("nodes", "edges"):
            assert row[key] == peer[key], f"{label}: {key} {row[key]} is not {peer[key]}"
        assert abs(row["km"] - peer["km"]) < 1e-3 * peer["km"], f"{label}: lengths differ"
        ratio, usual = (other[kind] / row[kind] for kind in ("seconds", "usual"))
        less = other["mb"] / max(row["mb"], 0.1)
        print(
            f"{label:32}{row['seconds']:12.6f} s{ratio:8.1f} x, median{row['usual']:12.6f} s"
            f"{usual:8.1f} x{row['mb']:9,.1f} MB{less:8.1f} less{row['once']:7.1f} MB once"
        )


def main() -> None:
    """Make the files and measure them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, action="append", default=[])
    parser.add_argument("--real", type=Path, help="folder with .osm files")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in given.edges:
            path = folder / f"made-{count}.osm"
            make_network(count, path)
            bench(path, folder)
        for path in sorted(given.real.glob("*.osm")) if given.real else ():
            bench(path, folder)


if __name__ == "__main__":
    main()

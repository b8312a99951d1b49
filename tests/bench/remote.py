"""The neighbours' remote files, from npm, and a browser that is given them when a page asks.

kepler.gl's page takes React and four more packages from esm.sh, which builds them on request: the
same versions are built here with esbuild, so that React is one instance. The page of keplergl 0.4.0
asks for kepler.gl 3.3.0-alpha.18, which is not on npm: its newest release there stands in for it,
with the style sheet of the newest that has one. Base maps are answered with an empty style.
"""

from __future__ import annotations

import re
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

FOLIUM = {
    "leaflet@1.9.3": ("dist/leaflet.js", "dist/leaflet.css"),
    "jquery@3.7.1": ("dist/jquery.min.js:jquery-3.7.1.min.js",),
    "jquery-ui-dist@1.12.1": ("jquery-ui.js",),
    "bootstrap@5.2.2": ("dist/js/bootstrap.bundle.min.js", "dist/css/bootstrap.min.css"),
    "@fortawesome/fontawesome-free@6.2.0": ("css/all.min.css",),
    "leaflet.awesome-markers@2.0.5": (
        "dist/leaflet.awesome-markers.js",
        "dist/leaflet.awesome-markers.css",
    ),
}
"""Which files of which package, and by which name they are asked for where it is another; two small
style sheets of Folium's page are left empty."""
LONBOARD = {
    "requirejs@2.3.4": ("require.js:require.min.js",),
    "@jupyter-widgets/html-manager@1.0.15": ("dist/embed-amd.js",),
    "anywidget@0.9.21": ("dist/index.js",),
    "parquet-wasm@0.7.1": ("esm/parquet_wasm_bg.wasm",),
}
KEPLER = {
    "kepler.gl@3.3.0-alpha.11": ("umd/keplergl.min.js",),
    "kepler.gl@3.2.6": ("umd/keplergl.min.css",),
    "maplibre-gl@4": ("dist/maplibre-gl.css",),
    "es-module-shims@2.8.1": ("dist/es-module-shims.js",),
}
ESM = {
    "react@19.1.0": 'export { default } from "react";',
    "react-dom@19.1.0": 'export { default } from "react-dom";',
    "client": 'export { createRoot, hydrateRoot } from "react-dom/client";',
    "redux@5.0.1": 'export * from "redux";',
    "react-redux@9.3.0": 'export * from "react-redux";',
    "styled-components@6.1.19": (
        'export * from "styled-components"; export { default } from "styled-components";'
    ),
}
"""What the page takes of each module of esm.sh, by the end of its address."""
NO_BASEMAP = {"style.json": b'{"version": 8, "sources": {}, "layers": []}'}
TYPES = {"css": "text/css", "wasm": "application/wasm", "json": "application/json"}
CHUNK = "chunk-"
"""Begins the names of esbuild's shared parts, which no address of the page's names."""
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist"]
FLAGS += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-accelerated-2d-canvas", "--disable-gpu-rasterization"]
"""Without a graphics card: WebGL by Mesa's llvmpipe, all else on the processor as usual."""


def run(*asked: str, folder: Path) -> str:
    done = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def packed(folder: Path, packages: dict[str, tuple[str, ...]]) -> dict[str, bytes]:
    """Return files of packages of npm, by the name they are asked for."""
    files: dict[str, bytes] = {}
    for package, names in packages.items():
        name = run("npm", "pack", "--silent", package, folder=folder).split()[-1]
        with tarfile.open(folder / name) as archive:
            for stored, _, served in (name.partition(":") for name in names):
                found = archive.extractfile(f"package/{stored}")
                assert found is not None
                files[served or Path(stored).name] = found.read()
    return files


def built(folder: Path) -> dict[str, bytes]:
    """Return the modules of esm.sh that kepler.gl's page imports, and the parts they share."""
    packages = [name for name in ESM if "@" in name]
    (folder / "package.json").write_text("{}")
    quiet = ("--silent", "--no-audit", "--no-fund", "--legacy-peer-deps")
    run("npm", "install", *quiet, "esbuild", *packages, folder=folder)
    entries = []
    for number, text in enumerate(ESM.values()):
        (folder / f"{number}.mjs").write_text(text)
        entries.append(f"{number}.mjs")
    options = ("--bundle", "--splitting", "--format=esm", "--minify", "--outdir=out")
    production = '--define:process.env.NODE_ENV="production"'
    run("node_modules/.bin/esbuild", *entries, *options, production, folder=folder)
    files = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    # One address for a shared part, from wherever it is asked for.
    files = {name: text.replace(b'"./', b'"https://esm.sh/') for name, text in files.items()}
    return files | {name: files[f"{number}.js"] for number, name in enumerate(ESM)}


def remote_files(folder: Path) -> dict[str, bytes]:
    """Return every neighbour's remote files, by the last part of their address."""
    files = packed(folder, FOLIUM | LONBOARD | KEPLER) | NO_BASEMAP
    esm = folder / "esm"
    esm.mkdir()
    return files | built(esm)


@contextmanager
def opened(
    browser: Browser, path: Path, served: dict[str, bytes], *, script: str = ""
) -> Iterator[tuple[Page, list[str], float]]:
    """Open a page; give it, the addresses it asks for, and when it was asked for itself."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []

    def serve(route: Route) -> None:
        name = route.request.url.split("?")[0].rpartition("/")[2]
        if not name.startswith(CHUNK):
            asked.append(route.request.url)
        if name not in served and name.endswith("js"):
            route.abort()
            return
        kind = TYPES.get(name.rpartition(".")[2], "text/javascript")
        allow = {"access-control-allow-origin": "*"}
        route.fulfill(body=served.get(name, b""), content_type=kind, headers=allow)

    page.route(re.compile("^https?:"), serve)
    if script:
        page.add_init_script(script)
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    yield page, asked, start
    context.close()

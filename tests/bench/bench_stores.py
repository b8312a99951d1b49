"""Crossings of files in stores, against those of the same files on disk.

    python -m tests.bench.bench_stores [--s3] [--gs]

``https://`` is a server of this machine that answers ranges, with a certificate made for it; it
needs aiohttp and openssl. ``s3://`` is moto's server (``pip install 'moto[server]' s3fs``), with
keys that open nothing; ``gs://`` is gcp-storage-emulator's (``pip install gcp-storage-emulator
gcsfs``). Asserted are equal answers, and that no key is in a message; printed are
requests and bytes, as the server counts them and as roxham does.
"""

from __future__ import annotations

import argparse
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import fsspec
import pandas as pd

from roxham.geo.border.linework import lines_of
from roxham.geo.scale.connection import connected
from roxham.geo.scale.geoparquet import files_of, read_rows
from roxham.geo.scale.road_files import crossings_of, near_roads
from tests.geo.scale.tiles import LINE, OPEN, streets, tiled

SECRET = "a-key-that-opens-nothing"


class Served:
    """What a server was asked for."""

    def __init__(self) -> None:
        self.requests = self.bytes = 0


@contextmanager
def over_https(folder: Path, files: Path) -> Iterator[tuple[str, Served]]:
    """Serve a folder over TLS, ranges too, and a list of it."""
    certificate = folder / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=localhost", "-addext"]
    key = folder / "key.pem"
    subprocess.run(
        ["openssl", *words, "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            served.requests += 1
            name = self.path.strip("/").partition("?")[0]
            path = files / name
            if not name:
                links = "".join(f'<a href="{one.name}">x</a>' for one in sorted(files.iterdir()))
                self.answer(200, links.encode(), "text/html")
            elif not path.is_file():
                self.answer(404, b"")
            elif asked := self.headers.get("Range"):
                content = path.read_bytes()
                first, last = asked.removeprefix("bytes=").split("-")
                begin = int(first) if first else len(content) - int(last)
                end = min(int(last) if first and last else len(content) - 1, len(content) - 1)
                self.answer(206, content[begin : end + 1], told=f"{begin}-{end}/{len(content)}")
            else:
                self.answer(200, path.read_bytes())

        def answer(self, code: int, body: bytes, kind: str = "", told: str = "") -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Accept-Ranges", "bytes")
            if kind:
                self.send_header("Content-Type", kind)
            if told:
                self.send_header("Content-Range", f"bytes {told}")
            self.end_headers()
            if self.command != "HEAD":
                served.bytes += len(body)
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return None

    with ThreadingHTTPServer(("localhost", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["SSL_CERT_FILE"] = str(certificate)
        yield f"https://localhost:{server.server_port}", served
        server.shutdown()


@contextmanager
def over_s3(files: Path) -> Iterator[tuple[str, None]]:
    """Put the files of a folder into a bucket of moto's server."""
    port = 5600 + os.getpid() % 300
    address = f"http://127.0.0.1:{port}"
    told = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": SECRET}
    os.environ |= {**told, "AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": "us-east-1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urlopen(address)
                break
            except OSError:
                time.sleep(0.2)
        store = fsspec.filesystem("s3")
        store.mkdir("tiles")
        for file in sorted(files.iterdir()):
            store.put_file(str(file), f"tiles/roads/{file.name}")
        yield "s3://tiles/roads", None
    finally:
        server.terminate()
        server.wait()


@contextmanager
def over_gs(files: Path) -> Iterator[tuple[str, None]]:
    """Put the files of a folder into a bucket of gcp-storage-emulator's server."""
    port = 5900 + os.getpid() % 300
    address = f"http://127.0.0.1:{port}"
    os.environ["STORAGE_EMULATOR_HOST"] = address
    words = ["start", "--host=127.0.0.1", f"--port={port}", "--in-memory", "--default-bucket=tiles"]
    starts = "import sys; from gcp_storage_emulator.__main__ import main; main(sys.argv[1:])"
    server = subprocess.Popen(
        [sys.executable, "-c", starts, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urlopen(f"{address}/storage/v1/b")
                break
            except OSError:
                time.sleep(0.2)
        store = fsspec.filesystem("gs", token="anon", endpoint_url=address)
        for file in sorted(files.iterdir()):
            store.pipe_file(f"tiles/roads/{file.name}", file.read_bytes())
        yield "gs://tiles/roads", None
    finally:
        server.terminate()
        server.wait()


def crossings(pattern: str, scheduler: str | None) -> tuple[pd.DataFrame, int, int]:
    """Return the crossings of files, bytes read and bytes stored."""
    with connected(scheduler) as workers:
        near = near_roads(files_of(pattern), *lines_of(LINE), workers)
        assert near.faults == [], near.faults
        table = crossings_of(near, workers, LINE, region=OPEN)
    read, stored = (sum(getattr(one, name) for one in near.told) for name in ("read", "stored"))
    return pd.DataFrame(table), read, stored


def compared(address: str, pattern: str, expected: pd.DataFrame, served: Served | None) -> None:
    """Read a store by this process and by two workers, and print what it took."""
    for scheduler in (None, "local:2"):
        before = (served.requests, served.bytes) if served else (0, 0)
        begun = time.perf_counter()
        found, read, stored = crossings(pattern, scheduler)
        seconds = time.perf_counter() - begun
        pd.testing.assert_frame_equal(found, expected)
        told = ""
        if served:
            asked, sent = served.requests - before[0], served.bytes - before[1]
            told = f"{asked} requests, {sent:,} bytes"
        kind, who = address.partition(":")[0], scheduler or "one process"
        print(f"{kind:6} {who:12} {len(found)} crossings {seconds:6.1f} s, "
              f"read {read:,} of {stored:,} bytes  {told}", flush=True)  # fmt: skip
    fault = str(read_rows(f"{address}/none.parquet").fault)
    assert SECRET not in fault
    print(f"       {fault}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--s3", action="store_true")
    parser.add_argument("--gs", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        files = folder / "tiles"
        files.mkdir()
        for number, tile in enumerate(tiled(streets(13, size=160), 4, 0.001)):
            tile.to_parquet(
                files / f"{number}.parquet", write_covering_bbox=True, row_group_size=2000
            )
        pattern = str(files / "*.parquet")
        expected, read, stored = crossings(pattern, None)
        assert len(expected)
        print(f"disk   one process  {len(expected)} crossings, read {read:,} of {stored:,} bytes")
        with over_https(folder, files) as (address, served):
            compared(address, f"{address}/*.parquet", expected, served)
        for named, store in ((asked.s3, over_s3), (asked.gs, over_gs)):
            if named:
                with store(files) as (address, _):
                    compared(address, f"{address}/*.parquet", expected, None)


if __name__ == "__main__":
    main()

"""A server of this machine, in a process of its own, that notes who comes and what for.

GDAL may hold the interpreter while it waits for an answer: a thread could not note that it asked.
"""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Loopback:
    """What is known of the server from outside."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log, self.seen = port, log, 0
        self.address = f"http://127.0.0.1:{port}"

    def asked(self) -> list[str]:
        """Return what was asked for since the last time, and ``connected`` for each who came."""
        own = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        own.connect()
        ours = str(own.sock.getsockname()[1])
        own.request("GET", "/last")  # whoever came before has been noted when this is answered
        own.getresponse().read()
        own.close()
        lines = self.log.read_text().splitlines()
        new, self.seen = lines[self.seen :], len(lines)
        return [what for port, what in (line.split(" ", 1) for line in new) if port != ours]


@contextmanager
def listening(log: Path) -> Iterator[Loopback]:
    """Run the server; ``log`` is a file that is not there yet."""
    words = [sys.executable, __file__, str(log)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Loopback(int(process.stdout.readline()), log)
        process.terminate()


def serve(log: Path) -> None:
    """Answer every request with 404, and note it."""
    with log.open("a", buffering=1) as file:

        class Server(ThreadingHTTPServer):
            def process_request(self, request: Any, client_address: Any) -> None:
                file.write(f"{client_address[1]} connected\n")
                super().process_request(request, client_address)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                file.write(f"{self.client_address[1]} {self.path}\n")
                self.send_error(404)

            def do_HEAD(self) -> None:
                self.do_GET()

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: Any) -> None:
                return None

        with Server(("127.0.0.1", 0), Handler) as server:
            print(server.server_port, flush=True)  # noqa: T201
            server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))

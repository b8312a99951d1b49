"""WebKit by WebDriver, as Debian's ``webkit2gtk-driver`` has it: asked as Firefox is."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from .firefox import ANSWER_S, START_S, Firefox

BROWSERS = Path("/usr/lib")
"""Where MiniBrowser stands, in a folder of the machine's kind."""


class WebKit(Firefox):
    """A window of WebKit; what it writes to its console is not told."""

    def __init__(self, address: str) -> None:
        self.said: list[str] = []
        browser = str(next(BROWSERS.glob("*/webkit2gtk-4.*/MiniBrowser")))
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.address = f"{address}/session"
        self.address += "/" + self._send("", {"capabilities": wanted})["sessionId"]

    def _send(self, path: str, given: dict[str, Any] | None, method: str = "POST") -> Any:
        content = None if given is None else json.dumps(given).encode()
        asked = Request(
            self.address + path, content, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urlopen(asked, timeout=ANSWER_S) as answer:
                return json.loads(answer.read())["value"]
        except HTTPError as error:
            raise AssertionError(f"{path}: {json.loads(error.read())['value']}") from None

    def here(self, method: str, **parameters: Any) -> Any:
        """Do what the tests ask of a window in Firefox's words."""
        if method == "browsingContext.print":
            return {"data": self._send("/print", {})}
        assert method == "input.releaseActions", method
        return self._send("/actions", None, "DELETE")

    def resize(self, width: int, height: int) -> None:
        """Give the page so many pixels; the window's own bars come on top."""
        rect = {"x": 0, "y": 0, "width": width, "height": height}
        for _ in range(2):
            self._send("/window/rect", rect)
            time.sleep(0.2)
            seen = self.evaluate("[innerWidth, innerHeight]")
            rect["width"] += width - seen[0]
            rect["height"] += height - seen[1]

    def open(self, address: str, *, ready: str = ".rx-ready") -> None:
        self._send("/url", {"url": address})
        self.until(f"document.querySelector({json.dumps(ready)}) !== null")
        self.settle()

    def evaluate(self, expression: str) -> Any:
        script = (
            "const done = arguments[0];"
            f"(async () => JSON.stringify(await ({expression}) ?? null))()"
            ".then((answer) => done([answer]), (error) => done([null, String(error)]));"
        )
        found = self._send("/execute/async", {"script": script, "args": []})
        if found[0] is None:
            raise AssertionError(found[1])
        return json.loads(found[0])

    def close(self) -> None:
        self._send("", None, "DELETE")

    def _act(self, *sources: dict[str, Any]) -> None:
        self._send("/actions", {"actions": list(sources)})


@contextmanager
def driven(program: str) -> Iterator[WebKit]:
    """Run the driver, and a window of WebKit by it, until the block is left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([program, f"--port={port}"])
    try:
        _wait(port, process)
        window = WebKit(f"http://127.0.0.1:{port}")
        yield window
        window.close()
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("WebKit's driver does not listen.")

"""Firefox by WebDriver BiDi, which it speaks by itself: no driver between."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

START_S = 60
ANSWER_S = 60
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "ArrowRight": "\ue014"}
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
}


class Firefox:
    """A window of Firefox: what it shows, and what it said."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.numbers = itertools.count(1)
        self.said: list[str] = []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        contexts = self.ask("browsingContext.getTree", maxDepth=0)["contexts"]
        self.context = contexts[0]["context"]

    def ask(self, method: str, **parameters: Any) -> Any:
        """Return the answer to a command; raise what Firefox says of a wrong one."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self.socket.recv(timeout=ANSWER_S))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] != "debug":
                self.said.append(told["params"]["text"])
            if told.get("id") != number:
                continue
            if told["type"] == "error":
                raise AssertionError(f"{method}: {told['message']}")
            return told["result"]

    def here(self, method: str, **parameters: Any) -> Any:
        """Ask of this window."""
        return self.ask(method, context=self.context, **parameters)

    def resize(self, width: int, height: int) -> None:
        self.here("browsingContext.setViewport", viewport={"width": width, "height": height})

    def open(self, address: str, *, ready: str = ".rx-ready") -> None:
        self.here("browsingContext.navigate", url=address, wait="complete")
        self.until(f"document.querySelector({json.dumps(ready)}) !== null")
        # Parts that are out of view are laid out when idle, and move what is to be clicked.
        self.until("document.querySelector('.rx-scripts main:not(.rx-settled)') === null")
        self.settle()

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is, as JSON tells it; a promise is waited for."""
        answer = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression}) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def until(self, expression: str, *, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            assert time.monotonic() < end, f"never: {expression}"
            time.sleep(0.05)

    def settle(self) -> None:
        self.evaluate("new Promise((d) => requestAnimationFrame(() => setTimeout(d, 60)))")

    def click(self, selector: str) -> None:
        x, y = self.evaluate(
            f"""(() => {{ const node = document.querySelector({json.dumps(selector)});
            node.scrollIntoView({{ block: 'center', behavior: 'instant' }});
            const {{ left, top, width, height }} = node.getBoundingClientRect();
            return [Math.round(left + width / 2), Math.round(top + height / 2)]; }})()"""
        )
        self.click_at(x, y)

    def click_at(self, x: int, y: int) -> None:
        moves = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": moves})
        self.settle()

    def wheel(self, x: int, y: int, by: int, *, ctrl: bool = False) -> None:
        turn = {"type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": by}
        wheel = {"type": "wheel", "id": "wheel", "actions": [{"type": "pause"}, turn]}
        held = [{"type": "keyDown", "value": "\ue009"}] if ctrl else []
        self._act({"type": "key", "id": "keys", "actions": held}, wheel)
        self.here("input.releaseActions")
        time.sleep(0.5)

    def press(self, *keys: str) -> None:
        actions = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self._act({"type": "key", "id": "keys", "actions": actions})
        self.settle()

    def _act(self, *sources: dict[str, Any]) -> None:
        self.here("input.performActions", actions=list(sources))


@contextmanager
def launched(program: str, profile: Path) -> Iterator[Firefox]:
    """Run Firefox without a window, in a profile of its own, until the block is left."""
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    log = profile / "log"
    words = [program, "--headless", "--no-remote", "--profile", str(profile)]
    with log.open("w") as said:
        process = subprocess.Popen(
            [*words, "--remote-debugging-port", "0", "about:blank"], stdout=said, stderr=said
        )
    try:
        # To keep it alive would take random numbers from a thread, also while Hypothesis draws.
        address = f"{_address(process, log)}/session"
        with connect(address, max_size=None, ping_interval=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that Firefox says it listens at."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text())
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"Firefox does not listen: {log.read_text()[-500:]}")

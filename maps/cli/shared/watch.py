"""Bounds held while a library is at work: a process beside this one ends it when it passes one.

Within a piece a library decodes as long as it does, with the interpreter held and no word of ours
heard. So the command line has a second process, made before anything is loaded: it is told what
is read and since when, looks at the clock and at the memory, and says which bound was passed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from typing import NoReturn

from roxham.geo.bounds import Asked, hear, held

__all__ = ["watch"]

EVERY_S = 0.05
PATIENCE_S, SPARE = 0.5, 1.1
"""What this process has first, to refuse the file itself, which says more: seconds, and a share."""


def watch() -> None:
    """Have this process ended if a file passes a bound of time or memory, where that can be.

    One that has loaded libraries has threads already, and cannot be parted safely.
    """
    if sys.platform == "win32" or "numpy" in sys.modules:
        return
    ear, mouth = os.pipe()
    # Else a Ctrl-C between two lines would be told twice.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    watched = os.getpid()
    if os.fork() == 0:
        _work(ear, mouth, watched)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(ear)

    def tell(asked: Asked | None) -> None:
        with suppress(OSError):  # nobody watches
            if watched == os.getpid():  # not of a worker, which has no watcher
                os.write(mouth, json.dumps(asked).encode() + b"\n")

    hear(tell)


def _work(ear: int, mouth: int, watched: int) -> NoReturn:
    """Be the second process, and nothing else."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.close(mouth)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # who reads our output does not wait for it
        _look(ear, watched)
    finally:
        os._exit(0)


def _look(ear: int, watched: int) -> None:
    """Look at a process until it ends, which closes the pipe, or is ended."""
    told, asked = b"", None
    while True:
        if select.select([ear], [], [], EVERY_S if asked else None)[0]:
            came = os.read(ear, 1 << 16)
            if not came:
                return
            *lines, told = (told + came).split(b"\n")
            if lines:
                found = json.loads(lines[-1])
                asked = Asked(*found) if found else None
        elif asked and os.getppid() != watched:
            return
        elif asked and (said := _passed(asked, watched)):
            os.write(2, f"{said}\n".encode())
            os.kill(watched, signal.SIGALRM)
            time.sleep(1)
            if os.getppid() == watched:
                os.kill(watched, signal.SIGKILL)
            return


def _passed(asked: Asked, watched: int) -> str:
    """Return what to say of the bound that a process has passed; nothing if none."""
    if time.monotonic() > asked.until_s + PATIENCE_S:
        return asked.too_long
    return asked.too_large if held(watched) > asked.bytes * SPARE else ""

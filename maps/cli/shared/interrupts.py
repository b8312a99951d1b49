"""Ctrl-C at any moment: one line, exit code 130, and no file half written."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType

__all__ = ["STOPPED", "ignore", "leave_at_once", "pressed", "unwind"]

STOPPED = 130
"""How a command leaves when Ctrl-C was pressed; Typer leaves so too."""
AGAIN_S = 0.01


def leave_at_once() -> None:
    """While modules load, leave without a word from them: nothing is open that could be lost.

    An exception would be raised within an import, where compiled modules take it for another
    error and callbacks of Python's own print it and go on. A Ctrl-C that is ignored, as in
    the background of a script, or heard by somebody else, stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def unwind() -> None:
    """From here on let everything that is open close itself, by ``KeyboardInterrupt``."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, _unwind)
        sys.unraisablehook = _press_again


def ignore() -> None:
    """All is done and told: stop nothing that only tidies up."""
    if signal.getsignal(signal.SIGINT) in (_leave, _unwind):
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def pressed() -> bool:
    """Whether Ctrl-C was pressed since :func:`unwind`, whatever a library made of it."""
    return _heard


_heard = False


def _leave(number: int, frame: FrameType | None) -> None:
    with suppress(OSError):  # nobody listens
        os.write(2, b"Stopped.\n")
    os._exit(STOPPED)


def _unwind(number: int, frame: FrameType | None) -> None:
    global _heard
    _heard = True
    raise KeyboardInterrupt


def _press_again(lost: sys.UnraisableHookArgs) -> None:
    """Press Ctrl-C again a moment later where it came within a callback of Python's own.

    What one raises, such as ``__del__``, is printed and goes no further: the command would go on.
    """
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    again = threading.Timer(AGAIN_S, _press)
    again.daemon = True
    again.start()


def _press() -> None:
    if signal.getsignal(signal.SIGINT) is not _unwind:
        return
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:  # which wakes it if it waits
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

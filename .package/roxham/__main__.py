"""Run the command line: ``roxham``, or ``python -m roxham``."""

import gc
import os
import signal
import sys

__all__ = ["main"]

if "--multiprocessing-fork" in sys.orig_argv:  # a worker of a command, which tells a Ctrl-C itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """Run it; if it is stopped while it still loads, no traceback reaches the reader."""
    # Pydantic looks for plugins in all that is installed; none is asked for what a command reads.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()  # until the command is imported: collections on the way find nothing to free
    try:
        from roxham.maps.cli.shared.interrupts import ignore, leave_at_once

        leave_at_once()
        from roxham.maps.cli.shared.watch import watch

        watch()
        from roxham.maps.cli.app import main as run
        from roxham.maps.cli.shared.console import hear

        hear()
        try:
            run()
        finally:
            ignore()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)


if __name__ == "__main__":
    __spec__ = None  # or no worker would run the lines above: a module of this name is passed over
    main()

"""Who does the work: a running cluster of ``dask.distributed``, one made here, or this process."""

from __future__ import annotations

import contextlib
import logging
import platform
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from roxham.geo.errors import DataError, Fault, FetchError, RoxhamError, shown

__all__ = ["Alone", "Workers", "connected"]

ADDRESS = re.compile(r"(?:tcp|tls)://[^\s/]+:\d{1,5}")
MADE = re.compile(r"local:([1-9]\d{0,2})")
ALIKE = ("roxham", "dask", "distributed", "numpy", "pandas", "pyarrow", "geopandas", "shapely")
"""What must be of one version wherever frames go from one to the other."""
PATIENCE_S = 10
TRIES = 3
"""Workers that may die of a task before it is given up."""


class Alone:
    """The process itself, as if it were all the workers there are."""

    address: str | None = None
    dashboard: str | None = None

    def each(self, work: Callable[..., Any], names: Sequence[str], *args: Any) -> list[Any]:
        """Begin work on each of some names, and return what stands for the outcomes."""
        return [work(name, *args) for name in names]

    def one(self, work: Callable[..., Any], *args: Any) -> Any:
        """Begin work on outcomes of others."""
        return work(*args)

    def outcome(self, begun: Any) -> Any:
        """Return an outcome, or several."""
        return begun


class Workers(Alone):
    """The workers of a cluster; outcomes stay with them until they are asked for."""

    def __init__(self, client: Any, address: str, *, shows: bool) -> None:
        self.client, self.address, self.shows = client, address, shows
        self.dashboard = client.dashboard_link

    def each(self, work: Callable[..., Any], names: Sequence[str], *args: Any) -> list[Any]:
        """Begin work on each of some names; how far it is shows on a terminal."""
        with self._told():
            shared = [self.client.scatter(arg, broadcast=True, hash=False) for arg in args]
            begun = [self.client.submit(work, name, *shared, pure=False) for name in names]
            if self.shows:
                from distributed import progress

                with contextlib.redirect_stdout(sys.stderr):
                    progress(begun, notebook=False)
                    print(file=sys.stderr)  # noqa: T201
            return begun

    def one(self, work: Callable[..., Any], *args: Any) -> Any:
        """Begin work on outcomes of others, where these are."""
        with self._told():
            return self.client.submit(work, *args, pure=False)

    def outcome(self, begun: Any) -> Any:
        """Return an outcome, or several."""
        with self._told():
            return self.client.gather(begun)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one line that the cluster, or a worker time and again, went away."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        try:
            yield
        except RoxhamError:
            raise
        except KilledWorker as error:
            found = f"{TRIES} workers died of the same work, {shown(error.task)}."
            remedy = "Give workers more memory, or cut its file into smaller ones."
            raise DataError(Fault(str(self.address), found, remedy)) from None
        except (CommClosedError, CancelledError, TimeoutError, OSError) as error:
            if isinstance(error, OSError) and error.filename is not None:
                raise
            raise FetchError(
                f"{self.address}: the cluster went away. Nothing is written; start it again."
            ) from None
        except AttributeError as error:  # of a client that closed while it was asked
            if self.client.status == "running":
                raise
            raise FetchError(
                f"{self.address}: the cluster went away. Nothing is written; start it again."
            ) from error


@contextmanager
def connected(address: str | None, *, shows: bool = False) -> Iterator[Alone]:
    """Give the workers at an address.

    Parameters
    ----------
    address
        ``tcp://HOST:PORT`` (or ``tls://``) of a running scheduler; ``local:N`` for N processes
        on this machine; None for this process alone, which needs no Dask.
    shows
        Whether Dask's progress bar is drawn, on standard error.

    Raises
    ------
    DataError
        If it is no such address, Dask is not installed, no worker is there, or versions differ.
    FetchError
        If nobody answers there.
    """
    if address is None:
        yield Alone()
        return
    made = MADE.fullmatch(address)
    if made is None and not ADDRESS.fullmatch(address):
        remedy = "Give tcp://HOST:PORT of a scheduler, or local:4 for four processes here."
        raise DataError(Fault("--scheduler", f"“{shown(address)}” is no address.", remedy))
    try:
        import dask.config
        import distributed
    except ImportError:
        raise DataError(
            Fault("--scheduler", "needs Dask, which is not installed.", "Install roxham[dask].")
        ) from None
    asked = {
        "distributed.scheduler.allowed-failures": TRIES - 1,
        "distributed.comm.timeouts.connect": f"{PATIENCE_S}s",
        "distributed.admin.low-level-log-length": 0,
    }
    with dask.config.set(asked), _silenced(), contextlib.ExitStack() as open_:
        try:
            if made is not None:
                with _put_off():
                    cluster = distributed.LocalCluster(
                        n_workers=int(made[1]), threads_per_worker=1, dashboard_address=":0",
                        silence_logs=logging.CRITICAL,
                    )  # fmt: skip
                    open_.callback(_quietly, cluster.close)
                client = distributed.Client(cluster, set_as_default=False)
            else:
                client = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, TimeoutError):
            raise FetchError(
                f"{address}: no scheduler answers. Start one with `dask scheduler`, and workers "
                "with `dask worker`."
            ) from None
        open_.callback(_quietly, client.close)
        workers = Workers(client, address, shows=shows)
        with workers._told():
            _require_alike(client, address)
        yield workers


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep to itself what Dask logs, with tracebacks, of what is said here in a line."""
    logging.getLogger("asyncio").addFilter(_is_news)  # for good: it is told when it is collected
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _put_off() -> Iterator[None]:
    """Have a Ctrl-C wait: a cluster that is half made, or half closed, tells a lot of it."""
    heard = signal.getsignal(signal.SIGINT)
    if heard is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether what asyncio logs is more than that Dask stopped a task of its own."""
    error = record.exc_info and record.exc_info[1]
    return not (error and type(error).__module__.startswith("distributed"))


def _quietly(close: Callable[[], object]) -> None:
    """Close what may be gone."""
    with contextlib.suppress(Exception), _put_off():
        close()


def versions() -> dict[str, str]:
    """Return the versions of what must be alike."""
    found = {"python": platform.python_version().rpartition(".")[0]}
    for name in ALIKE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


def _require_alike(client: Any, address: str) -> None:
    """Raise if there is no worker, or one of them has other versions than this process."""
    try:
        found = client.run(versions, on_error="return")
    except ValueError as error:
        raise DataError(Fault(address, f"its workers cannot be asked: {shown(error)}.")) from None
    if not found:
        raise DataError(
            Fault(address, "has no worker.", "Start some: dask worker with this address.")
        )
    here = versions()
    faults = []
    for worker, told in found.items():
        if isinstance(told, BaseException):
            remedy = f"Install roxham {here['roxham']} where the workers are."
            faults.append(Fault(str(worker), f"this worker has no roxham: {shown(told)}.", remedy))
            continue
        other = [f"{n} {told.get(n)} (here {v})" for n, v in here.items() if told.get(n) != v]
        if other:
            remedy = "Install the same on all."
            problem = f"this worker has other versions: {', '.join(other)}."
            faults.append(Fault(str(worker), problem, remedy))
    if faults:
        raise DataError(faults)

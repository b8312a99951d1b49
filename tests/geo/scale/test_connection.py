"""What is said of a cluster that fails, by a stand-in for Dask's client: no process starts."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Any

import distributed
import pytest

from roxham.geo import DataError, FetchError
from roxham.geo.scale import connection
from roxham.geo.scale.connection import Workers, connected, versions


class Client:
    """Answers as it is told to."""

    dashboard_link, status = None, "running"

    def __init__(self, answer: Any) -> None:
        self.answer, self.closed = answer, 0

    def gather(self, begun: object) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def run(self, work: object, on_error: str) -> Any:
        return self.gather(None)

    def submit(self, work: Any, *args: Any, pure: bool) -> Any:
        return work(*args)

    def close(self) -> None:
        self.closed += 1


def outcome(client: Client) -> Any:
    return Workers(client, "tcp://a:1", shows=False).outcome(None)


def test_work_that_kills_its_workers_is_told_with_what_to_do() -> None:
    last: Any = None
    killed = distributed.KilledWorker("read a.parquet", last, 2)
    with pytest.raises(DataError, match=r"workers died of the same work, read a.parquet") as caught:
        outcome(Client(killed))
    assert "Give workers more memory" in str(caught.value)


def test_a_file_that_is_missing_is_no_cluster_that_went_away() -> None:
    with pytest.raises(FileNotFoundError):
        outcome(Client(FileNotFoundError(2, "No such file", "a.parquet")))
    with pytest.raises(FetchError, match="tcp://a:1: the cluster went away"):
        outcome(Client(OSError("broken pipe")))


def test_a_fault_of_ours_is_no_client_that_closed() -> None:
    client = Client(AttributeError("'NoneType' object has no attribute 'send'"))
    with pytest.raises(AttributeError):
        outcome(client)
    client.status = "closed"
    with pytest.raises(FetchError, match="the cluster went away"):
        outcome(client)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({}, "has no worker. Start some"),
        (ValueError("not the same Python"), "its workers cannot be asked: not the same Python"),
        ({"tcp://w:2": ModuleNotFoundError("No module named 'roxham'")}, "has no roxham: No mod"),
    ],
)
def test_workers_that_cannot_work_are_told(answer: Any, told: str) -> None:
    with pytest.raises(DataError, match=told):
        connection._require_alike(Client(answer), "tcp://a:1")
    connection._require_alike(Client({"tcp://w:2": versions()}), "tcp://a:1")


def test_what_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ALIKE", ("no-such-library",))
    assert versions()["no-such-library"] == "none"


def test_processes_of_this_machine_are_closed_with_their_client(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, cluster, asked = Client({"w": versions()}), Client(None), {}

    def started(**words: Any) -> Client:
        asked.update(words)
        return cluster

    monkeypatch.setattr(distributed, "LocalCluster", started)
    monkeypatch.setattr(distributed, "Client", lambda found, **_: (found is cluster) and client)
    with connected("local:3") as workers:
        assert (asked["n_workers"], asked["threads_per_worker"]) == (3, 1)
        assert workers.one(sum, [1, 2]) == 3
        assert (client.closed, cluster.closed) == (0, 0)
    assert (client.closed, cluster.closed) == (1, 1)


def test_how_far_work_is_shows_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def progress(begun: list[str], *, notebook: bool) -> None:
        sys.stdout.write(f"{len(begun)} of 2")

    monkeypatch.setattr(distributed, "progress", progress)
    workers = Workers(Client(None), "tcp://a:1", shows=True)
    assert workers.each(str.upper, ["a", "b"]) == ["A", "B"]
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "2 of 2\n")


def test_a_ctrl_c_waits_until_a_cluster_is_made() -> None:
    before, told = signal.getsignal(signal.SIGINT), []
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def make() -> None:
        with connection._put_off():
            signal.raise_signal(signal.SIGINT)
            told.append("made")

    try:
        with pytest.raises(KeyboardInterrupt):
            make()
    finally:
        signal.signal(signal.SIGINT, before)
    assert told == ["made"]


def test_what_asyncio_tells_of_tasks_that_dask_stopped_is_no_news() -> None:
    theirs = type("AllExit", (Exception,), {"__module__": "distributed.client"})

    def news(error: Exception | None) -> bool:
        info = None if error is None else (type(error), error, None)
        return connection._is_news(logging.LogRecord("asyncio", 40, "", 1, "x", (), info))

    assert [news(theirs()), news(ValueError()), news(None)] == [False, True, True]

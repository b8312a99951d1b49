"""What roxham depends on: licences on an allow-list, and nothing that asks a server on import."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

FREE = re.compile(
    r"\b(mit|bsd|apache|isc|psf|python software foundation|python-2\.0|hpnd|mpl|mozilla public"
    r"|zlib|unlicense|cc0|0bsd|public domain|historical permission)\b",
    re.IGNORECASE,
)
"""Licences under which a library may be passed on with anything."""
BOUND = re.compile(r"\b(a?gpl|lgpl|general public|sspl|commercial|proprietary)", re.IGNORECASE)
EXCEPTIONS = {"psycopg", "psycopg-binary"}
"""LGPL: only with the extra ``postgresql``, linked and not changed."""
EXTRAS = ("arrow", "excel", "postgresql", "static")
WATCH = """
import sys

def watch(event, words):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"asked for {words}")

sys.addaudithook(watch)
import roxham.geo, roxham.layers, roxham.maps
import roxham.maps.cli.app
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except SystemExit:
    print("quiet")
"""


def requirements() -> set[str]:
    """Return the names of all distributions that are installed for roxham to run."""
    found: set[str] = set()
    left = [("roxham", extra) for extra in ("", *EXTRAS)]
    seen = set(left)
    while left:
        name, extra = left.pop()
        try:
            asked = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # of another system, or an extra that is not installed
        found.add(re.sub(r"[-_.]+", "-", name).lower())
        for each in map(Requirement, asked):
            if each.marker is not None and not each.marker.evaluate({"extra": extra}):
                continue
            for one in ("", *each.extras):
                if (each.name, one) not in seen:
                    seen.add((each.name, one))
                    left.append((each.name, one))
    return found - {"roxham"}


def licence_of(name: str) -> str:
    told = distribution(name).metadata
    classifiers = [c for c in told.get_all("Classifier") or [] if c.startswith("License ::")]
    expression = [*(told.get_all("License-Expression") or [])]
    named = expression or [c.rpartition("::")[2] for c in classifiers]
    return " ".join(map(str, named or told.get_all("License") or []))[:200]


def test_licences_of_what_is_needed_are_free() -> None:
    needed = requirements()
    assert {"numpy", "pandas", "folium", "requests", "pyarrow"} <= needed
    licences = {name: licence_of(name) for name in needed - EXCEPTIONS}
    wrong = {
        name: said for name, said in licences.items() if BOUND.search(said) or not FREE.search(said)
    }
    assert wrong == {}
    for name in EXCEPTIONS & needed:
        assert "LGPL" in licence_of(name) or "Lesser" in licence_of(name)


def test_importing_asks_no_server() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH],
        env={**os.environ, "EAGER_IMPORT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "quiet\n", "")

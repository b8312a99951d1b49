"""Where everything must run, a test that is skipped for no known reason fails the run.

A module that is renamed or a library that is no longer installed would otherwise take
its tests along in silence.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

KNOWN = (
    r"the real geodata files are not beside this checkout",
    r"the full road network is not beside this checkout",
    r"Node\.js is not installed",
    r"Chromium is not installed; set CHROMIUM to its path",
    r"Firefox is not installed; set FIREFOX to its path",
    r"QGIS is not installed for /usr/bin/python3",
)
"""What a fresh machine may lack; see :func:`tests.maps.conftest.skip_or_fail` for stricter."""


def unknown(reports: list[Any]) -> list[str]:
    """Return what was skipped for other reasons than these, with the reason."""
    return [
        f"{report.nodeid}: {reason}"
        for report in reports
        for reason in [str(report.longrepr[2]).removeprefix("Skipped: ")]
        if not any(re.fullmatch(known, reason) for known in KNOWN)
    ]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped anything in silence."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:  # the latter on a worker
        return
    for found in unknown(reporter.stats.get("skipped", [])):
        reporter.write_line(f"Skipped, which must not be: {found}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

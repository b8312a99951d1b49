"""Tests that vanish fail the run where everything must run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

KNOWN = "the real geodata files are not beside this checkout"


def _run(folder: Path, test: str, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(Path(__file__).with_name("skips.py").read_text())
    (folder / "test_made_up.py").write_text(f"import pytest\n{test}\ndef test_sound(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(folder)],
        # without plugins: they are slow to import, and none is asked for here
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | env,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("test", "named"),
    [
        ("pytest.importorskip('no_such_module')", "no_such_module"),
        ("@pytest.mark.skip(reason='later')\ndef test_later(): pass", "later"),
        ("def test_asks():\n    pytest.skip('not today')", "not today"),
    ],
)
def test_an_unknown_reason_fails_where_everything_must_run(
    test: str, named: str, tmp_path: Path
) -> None:
    done = _run(tmp_path, test, CI="true")
    assert done.returncode == 1
    assert f"Skipped, which must not be: test_made_up.py{'' if 'import' in test else '::test'}" in (
        done.stdout
    )
    assert named in done.stdout
    assert _run(tmp_path, test, CI="").returncode == (5 if "import" in test else 0)


def test_a_known_reason_does_not_fail_it(tmp_path: Path) -> None:
    done = _run(tmp_path, f"def test_asks():\n    pytest.skip({KNOWN!r})", CI="true")
    assert done.returncode == 0
    assert "1 skipped" in done.stdout

"""Hold a type checker's findings against the mistakes planted in a user's script."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PLANTED = Path(__file__).with_name("planted.txt")


def checkers(python: str, script: Path) -> dict[str, list[str]]:
    """Return how each type checker is run over a script that uses the packages of a Python."""
    return {
        "mypy": ["mypy", "--python-executable", python, "--no-incremental", str(script)],
        # a project of its own: pyright overlooks files below hidden folders
        "pyright": ["pyright", "--pythonpath", python, "--project", str(script.parent)],
    }


def main(python: str) -> None:
    """Run mypy and pyright from an empty folder; fail where one finds more or less than planted."""
    text = PLANTED.read_text()
    lines = enumerate(text.splitlines(), 1)
    expected = {number for number, line in lines if line.endswith("# wrong")}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        script.write_text(text)
        Path(folder, "pyrightconfig.json").write_text("{}")
        for name, words in checkers(python, script).items():
            run = subprocess.run(
                [sys.executable, "-m", *words], cwd=folder, capture_output=True, text=True
            )
            found = {int(n) for n in re.findall(r"script\.py:(\d+)(?::\d+)?.*error", run.stdout)}
            assert found == expected, (
                f"{name}: {sorted(found ^ expected)}\n{run.stdout}{run.stderr}"
            )
            print(f"{name} finds the {len(expected)} planted mistakes, and no other.")


if __name__ == "__main__":
    main(sys.argv[1])

"""What is checked, by people and by CI alike; ``nox -l`` lists it.

Sessions without an environment of their own run in the one that calls them. The others make
theirs under ``.nox``, which the package registry fills.
"""

import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.sessions = ["lint", "tests"]
nox.options.error_on_missing_interpreters = True

HERE = Path(__file__).parent
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def module(session: nox.Session, name: str, *words: str) -> None:
    """Run a module of the environment that nox was called from."""
    session.run(sys.executable, "-m", name, *words, external=True)


@nox.session(python=False)
def fix(session: nox.Session) -> None:
    """Format, and mend what the linter can."""
    module(session, "ruff", "check", "--fix", *session.posargs)
    module(session, "ruff", "format", *session.posargs)


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Format, linter, both type checkers, contracts between the rooms."""
    module(session, "ruff", "format", "--check", ".")
    module(session, "ruff", "check", ".")
    module(session, "mypy")
    module(session, "pyright", "--pythonpath", sys.executable)
    with session.chdir(".package"):  # the rooms are roxham.* from here alone
        session.run(
            str(Path(sys.executable).with_name("lint-imports")),
            *("--config", "../pyproject.toml"),
            external=True,
        )


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """All tests on all cores, or those that are named."""
    words = session.posargs or ["-n", "auto", "--dist", "loadscope"]
    module(session, "pytest", "-q", *words)


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build/html, warnings as errors, and search it without a network."""
    site = "docs/_build/html"
    module(session, "sphinx", "-b", "html", "-W", "--keep-going", "-q", "docs", site)
    module(session, "tests.site", site)


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Build sdist and wheel; use the wheel in an environment that holds nothing else."""
    dist = Path(session.create_tmp()) / "dist"
    for old in dist.glob("*"):
        old.unlink()
    session.run(sys.executable, "-m", "hatchling", "build", "-d", str(dist), external=True)
    (built,) = dist.glob("*.whl")
    # What is used is compiled on the way; the rest of all these packages need not be.
    session.install("--no-compile", "-r", "requirements/run.txt")
    session.install("--no-deps", "--no-compile", str(built))
    python = str(Path(session.bin) / "python")
    session.run(python, "-I", str(HERE / "tests" / "wheel" / "use.py"))
    session.run(sys.executable, str(HERE / "tests" / "wheel" / "planted.py"), python, external=True)


@nox.session(python="3.11", default=False)
@nox.parametrize("resolution", ["lowest-direct", "highest"])
def versions(session: nox.Session, resolution: str) -> None:
    """Pass the tests with the oldest versions that pyproject.toml allows, and with the newest."""
    session.install("uv")
    pins = Path(session.create_tmp()) / "pins.txt"
    words = ["--python-version", "3.11", "--all-extras", "--group", "build", "--group", "dev"]
    session.run(
        *("uv", "pip", "compile", "-q", "--resolution", resolution),
        *(*words, "-o", str(pins), "pyproject.toml"),
    )
    # Compiled here: what a warning is told of then would be an error within a test.
    session.run("uv", "pip", "install", "-q", "--compile-bytecode", "-r", str(pins))
    session.install("--no-deps", "--no-build-isolation", "-e", ".")
    session.run("python", "-m", "pytest", "-q", *session.posargs)

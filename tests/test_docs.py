"""What the documents say holds: code runs, columns are those of the code, links lead somewhere."""

import re
import runpy
from pathlib import Path

import pytest

from . import reference

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_says_what_the_code_declares(name: str) -> None:
    assert (reference.FOLDER / name).read_text() == reference.PAGES[name]()


def test_the_architecture_is_one_page_and_draws_the_contracts() -> None:
    text = reference.ARCHITECTURE.read_text()
    assert text == reference.architecture()
    assert "  ─ access" in text
    assert len(text.encode()) <= 8192


def test_the_reference_knows_the_tables() -> None:
    names = {contract.name for contract in reference.contracts()}
    assert {"incidents", "interceptions", "ports", "transfers", "border"} <= names


def test_the_readme_code_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert len(list(names["mine"]._children)) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name)
def test_an_example_runs(
    example: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(example), run_name="__main__")
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_our_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text())
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("name", ["draw", "test"])
def test_the_readme_commands_are_one_line_each(name: str) -> None:
    found = re.search(
        rf"<!-- {name} -->\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert found
    assert found[1].count("\n") == 1

"""At a terminal commands print tables to be read; into a pipe, CSV to be read by programs."""

import pytest

from roxham.maps.cli.shared.console import out
from tests.maps.command import Run

WORDS = {
    "regions": (("regions",), "roxham", "region,title,sides,border,languages,bounds"),
    "data": (("data",), "geo/border.csv", "resource,"),
    "counts": (("counts", "--province", "CA-QC"), "18836", "year,province,count"),
    "claims": (("claims",), "A02", "claim_id,"),
    "crossings": (("crossings",), "lacolle-champlain", "crossing_id,"),
}


@pytest.mark.parametrize("what", WORDS)
def test_a_table_is_printed_for_its_reader(
    what: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, cell, header = WORDS[what]
    piped = run(*words)
    monkeypatch.setattr(out, "_force_terminal", True)
    monkeypatch.setattr(out, "_width", 200)
    read = run(*words)
    assert (piped.code, read.code) == (0, 0)
    assert header in piped.out
    assert header not in read.out
    assert cell in read.out
    assert cell in piped.out
    assert "nan" not in read.out.lower().split()

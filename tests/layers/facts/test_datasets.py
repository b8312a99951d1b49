"""A table of facts is known by its entry, and by no list beside the entries."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.layers.facts.asylum_claims import load_asylum_claims
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.encounters import load_encounters
from roxham.layers.facts.entries import load_entries
from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.mapping.read import as_mapping
from roxham.layers.templates import own_contracts, own_tables
from roxham.maps.cli.shared.files import one_mapping

ROOMS = [Path(__file__).parents[3] / room for room in ("geo", "layers", "maps")]
TABLES = {*DATASETS, *own_contracts()}
WORDS = {
    "layers/bundle.py": {"counts", "measured"},  # which of two a file of counts is
    "layers/facts/counts.py": {"encounters", "interceptions", "entries"},  # headers people write
    "layers/publication/places.py": {"measured", "places"},  # rules
    "layers/publication/rules.py": {"measured", "places"},
    "layers/statements/functions.py": {"encounters", "transfers"},  # functions of statements
    "layers/statements/lookups.py": {"encounters", "transfers"},  # these in Python
}
"""Words of other kinds that are called as tables are."""


def lists(text: str) -> Iterator[set[str]]:
    """Yield the names of tables in each list, tuple, set, ``Literal`` or dict with several."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                held: list[ast.expr | None] = [*parts]
            case ast.Dict():
                held = [*node.keys, *node.values]
            case _:
                continue
        words = [one.value for one in held if isinstance(one, ast.Constant)]
        named = TABLES.intersection(word for word in words if isinstance(word, str))
        if len(named) > 1 and 4 * len(named) >= len(words):
            yield named


def test_no_list_of_tables_stands_in_python() -> None:
    assert list(lists("Table = Literal['incidents', 'counts']")) == [{"incidents", "counts"}]
    assert list(lists("takes = {'ports': 1, 'x': 'transfers'}")) == [{"ports", "transfers"}]
    found = {
        f"{file.relative_to(room.parent)}: {', '.join(sorted(named))}"
        for room in ROOMS
        for file in room.rglob("*.py")
        for named in lists(file.read_text(encoding="utf-8"))
        if not named <= WORDS.get(str(file.relative_to(room.parent)), set())
    }
    assert not found


def test_a_mapping_becomes_a_table_that_there_is() -> None:
    told = f"as: is none of {', '.join(own_contracts())}"
    with pytest.raises(DataError, match=told):
        as_mapping({"as": "people"}, tables=own_contracts())
    assert own_tables() == [*own_contracts()]
    for table in own_tables():
        assert as_mapping({"as": table}, tables=own_contracts()).table == table
    assert {one.table for name in publishers() if (one := publisher(name))} <= {*own_contracts()}


def test_a_mapping_of_a_command_is_held_to_the_tables_there_are(tmp_path: Path) -> None:
    (path := tmp_path / "m.toml").write_text('as = "people"\ncolums = 1\n')
    with pytest.raises(DataError, match=r"(?s)as: is none of .*colums"):
        one_mapping(str(path), {})


@pytest.mark.parametrize("load", [load_encounters, load_entries, load_asylum_claims])
def test_what_counts_is_read_by_mappings_of_counts(load: object, tmp_path: Path) -> None:
    assert callable(load)
    with pytest.raises(DataError, match="is a mapping of people, not of counts"):
        load(tmp_path / "a.csv", mapping={"as": "people"})

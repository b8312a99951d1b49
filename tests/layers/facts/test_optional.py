"""What a template calls optional, no gate demands: of any table, column by column and all at once.

Of a port one name is needed: that of the side it is best known on.
"""

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.mapping.propose import propose
from roxham.layers.templates import columns_table, own_contracts
from roxham.layers.travel.place_lookup import read_points

SHIPPED = [name for name, data in DATASETS.items() if data.made_of and name != "entries"]
"""Those that ship a table; the ports of entries are a second file."""
ONE_OF = {"ports": "ca_name"}


def shipped(name: str) -> pd.DataFrame:
    room, _, file = DATASETS[name].made_of[0].partition("/")
    with (files("roxham") / room / "data" / file).open(encoding="utf-8") as text:
        rows = pd.read_csv(text, dtype=str, keep_default_na=False)
    rows = rows[rows["precision"] == "exact"] if "precision" in rows else rows
    return rows.tail(5)


def optional(name: str) -> list[str]:
    columns = DATASETS[name].contract.columns
    return [c.name for c in columns if not c.required and c.name != ONE_OF.get(name)]


@pytest.mark.parametrize("name", SHIPPED)
def test_each_optional_column_may_be_left_out_and_all_of_them(name: str, tmp_path: Path) -> None:
    rows = shipped(name)
    path = tmp_path / "own.csv"
    for left in [*([column] for column in optional(name)), optional(name)]:
        rows.drop(columns=left, errors="ignore").to_csv(path, index=False)
        read = DATASETS[name].load(path)
        assert read.rejected.empty, left
        assert len(read.rows) == len(rows)


@pytest.mark.parametrize("name", [name for name, data in DATASETS.items() if data.own])
def test_adapt_asks_for_no_more_than_the_template_does(name: str) -> None:
    own = str(DATASETS[name].own)
    needed = shipped(name).drop(columns=optional(name), errors="ignore")
    assert propose(needed, own_contracts()[own], own).missing == []
    said = columns_table(own)
    told = [c for c in optional(name) if not c.endswith("_fr")]
    assert told
    assert all(f"| `{column}` | no |" in said for column in told)


def test_incidents_need_no_number_of_injured(tmp_path: Path) -> None:
    assert "injured" in optional("incidents")
    path = tmp_path / "own.csv"
    shipped("incidents").drop(columns="injured").to_csv(path, index=False)
    assert DATASETS["incidents"].load(path).rows["injured"].isna().all()


def test_places_need_every_column_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,lon\nA,-73\n")
    with pytest.raises(DataError, match="lat"):
        read_points(path)
    assert all(c.required for c in own_contracts()["places"].columns)

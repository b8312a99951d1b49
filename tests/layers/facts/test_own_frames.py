"""Every loader takes a frame: what it returns, it takes back as it is."""

import pytest

import roxham.layers

TABLES = ["asylum_claims", "claims", "encounters", "entries", "incidents", "interceptions"]
TABLES += ["policy_events", "ports", "releases", "transfers"]


@pytest.mark.parametrize("name", TABLES)
def test_a_loader_takes_back_what_it_returned(name: str) -> None:
    load = getattr(roxham.layers, f"load_{name}")
    rows = load().rows.head(40)
    again, rejected = load(rows)
    assert rejected.empty
    key = rows.columns[0]
    assert again[key].astype(str).tolist() == rows[key].astype(str).tolist()

"""A file of another layout than its publisher's is told so, and whose it looks like."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers.facts.counts import load_counts
from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.mapping.recognise.layouts import columns_of, looks_like
from roxham.layers.travel.place_lookup import read_points

GEONAMES = "1\tA\tA\t\t45.1\t-73.5\tP\tPPL\tCA\t\t10\t\t\t\t5\t\t9\tAmerica/Toronto\t2020-01-01\n"


def test_a_text_without_a_header_is_known_by_its_cells(tmp_path: Path) -> None:
    assert looks_like(GEONAMES.rstrip("\n").split("\t")) == ["geonames"]
    turned = GEONAMES.replace("45.1", "north")
    (tmp_path / "g.txt").write_text(turned * 3)
    with pytest.raises(DataError, match="its column 5 is latitude, and holds north"):
        read_points(tmp_path / "g.txt", mapping="geonames")
    (tmp_path / "g.txt").write_text(GEONAMES.replace("\tP\t", "\tH\t"))
    with pytest.raises(DataError, match="its feature class is nowhere P; found H"):
        read_points(tmp_path / "g.txt", mapping="geonames")


def test_every_layout_is_known_by_its_own_columns() -> None:
    for name in publishers():
        mapping = publisher(name)
        assert mapping is not None
        header = [names[0] for names in columns_of(mapping)]
        header += ["Jan"] if mapping.wide is not None else []
        if not mapping.read.names:
            assert looks_like(header)[0] == name
            assert name not in looks_like(header[1:])


def test_a_mapping_of_ones_own_is_told_what_to_correct() -> None:
    said = {"columns": {"area": "a", "count": "n"}, "rows": {"keep": {"a": ["IE"]}}}
    frame = pd.DataFrame({"a": ["FR"], "n": ["5"]})
    with pytest.raises(DataError, match=r"no row that is kept.*Correct rows\.keep"):
        load_counts(frame, mapping=said)

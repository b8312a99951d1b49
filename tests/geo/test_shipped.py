"""What ships is held to its contract when it is read."""

import pytest

from roxham.geo import DataError
from roxham.geo.shipped import read_shapes, read_shipped
from roxham.geo.tables import Column, Contract

WRONG = Contract("wrong", (Column("name", choices=("Atlantis",)),))


def test_a_shipped_table_with_bad_rows_raises_and_names_them() -> None:
    with pytest.raises(DataError, match=r"places\.csv, row 2, column name: is not one of") as told:
        read_shipped("places.csv", WRONG)
    assert len(told.value.faults) > 100


def test_shipped_shapes_with_bad_properties_raise() -> None:
    with pytest.raises(DataError, match=r"water\.geojson, row 2, column name"):
        read_shapes("water.geojson", WRONG)

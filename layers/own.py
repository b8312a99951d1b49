"""Tables of one's own: each is known by the hash of the very bytes that were read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from roxham.geo._remote import is_remote
from roxham.geo.packages import Input
from roxham.geo.redact import name_of
from roxham.geo.sources import fetched
from roxham.geo.tables import Checked, Contract, read_table

__all__ = ["inputs_read", "read_own"]


def read_own(source: str | Path, contract: Contract) -> Checked[pd.DataFrame]:
    """Read a table as :func:`roxham.geo.tables.read_table`, its hash in ``rows.attrs["sha256"]``.

    A table of a database is no file and has no hash.
    """
    with fetched(source) as file:
        read = read_table(file, contract, name=name_of(source))
        if isinstance(file, Path) and file.is_file():
            with file.open("rb") as opened:
                read.rows.attrs["sha256"] = hashlib.file_digest(opened, "sha256").hexdigest()
    return read


def inputs_read(
    sources: Mapping[str, str | Path | None], tables: Mapping[str, pd.DataFrame]
) -> tuple[Input, ...]:
    """Return what was given in place of bundled tables, by layer: no folder, no key, no password.

    Examples
    --------
    >>> rows = pd.DataFrame()
    >>> rows.attrs["sha256"] = "abc"
    >>> inputs_read({"ports": "https://me:secret@example.org/p.csv?k=1"}, {"ports": rows})
    (Input(layer='ports', name='https://example.org/p.csv', sha256='abc'),)
    """
    return tuple(
        Input(
            layer,
            name_of(source) if is_remote(source) else Path(name_of(source)).name,
            str(tables[layer].attrs.get("sha256", "")),
        )
        for layer, source in sources.items()
        if source is not None
    )

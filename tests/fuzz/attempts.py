"""What makes an input, and what reads it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple


class Many(NamedTuple):
    """Inputs that are read at once, such as the rows of a table."""

    size: int
    refused: Callable[[], int]
    """Read them, and return how many were refused."""


Try = Callable[[Random, Path], Callable[[], object] | Many]
"""Make one input in a folder, and return what reads it."""


@contextmanager
def quietly() -> Iterator[None]:
    """Let nothing warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

"""A disk that is full, or a folder that is closed, for whoever asks: root is refused little."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

__all__ = ["closed", "limited"]


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """Let nobody look into a folder, nor write there, as if it were another user's."""
    look, may = Path.stat, os.access

    def refuse(path: Path, **options: Any) -> os.stat_result:
        if folder in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **options)

    def allowed(path: Any, mode: int) -> bool:
        return not Path(path).is_relative_to(folder) and may(path, mode)

    with mock.patch.object(Path, "stat", refuse), mock.patch.object(os, "access", allowed):
        yield


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as ``ulimit -f`` does.

    Python ignores the signal that comes with it, so a write beyond it fails with EFBIG.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

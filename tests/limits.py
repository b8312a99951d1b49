"""A disk that is full, for whoever asks: no file may grow beyond so many bytes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["limited"]


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

"""A stretch of border: where it is, whose sides it has, and what its folder says of it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""What happened, when, how sure, and from whom: counts, incidents, ports, policy."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

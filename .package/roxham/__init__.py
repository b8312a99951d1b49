"""Map and analyse border crossings, first of all around Roxham Road.

Three rooms: :mod:`roxham.geo` says where things are, :mod:`roxham.layers`
what happened there, :mod:`roxham.maps` shows it.
"""

import logging

__version__ = "0.1.0"
__all__ = ["READERS", "__version__"]

READERS = {"ports": "roxham.layers:load_ports"}
"""What reads a table of a region by a mapping: a room above the one that asks, by its name."""

logging.getLogger(__name__).addHandler(logging.NullHandler())

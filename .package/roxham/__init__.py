"""Map and analyse border crossings, first of all around Roxham Road.

Three rooms: :mod:`roxham.geo` says where things are, :mod:`roxham.layers`
what happened there, :mod:`roxham.maps` shows it.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]

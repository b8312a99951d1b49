"""Files in and out: text tables, vector files, addresses, whole writes.

A table of one's own, whatever its file, becomes cells of text (``sources``), and one check
holds for all (``roxham.geo.tables.contract``). Files with geometries are opened in ``vector``
alone: the first bytes decide the kind, and GDAL is given what only one driver knows.
Everything is written through ``atomic``.
"""

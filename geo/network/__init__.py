"""A road network in columns.

:class:`~roxham.geo.network.roads.Roads` holds nodes, directed edges and their lines as arrays;
frames and OSMnx graphs are made when asked (``convert``), and lose nothing. ``save`` writes
the file that a name asks for; an ``.arrow`` file keeps all and is mapped when it is opened
(``storage``, ``arrow_table``).
"""

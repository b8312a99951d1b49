"""Road networks out of files and from Overpass.

A file becomes an ``Extract``, columns before any topology (``osm_elements``), and that a
network with OSMnx's topology (``simplify`` lists each deliberate difference). OSM XML as it is
nearly always written is read in bulk (``osm_xml_bulk``), anything unusual by Expat, and PBF by
NumPy: the libraries, which are the oracles in the tests, were the bottleneck.
"""

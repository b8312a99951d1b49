"""Frames shown to a reader: Folium elements, one HTML page, the command line."""

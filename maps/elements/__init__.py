"""Folium elements, each with its payload."""

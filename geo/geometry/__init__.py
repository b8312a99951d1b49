"""Geometry on arrays: exact predicates, intersections, proximity."""

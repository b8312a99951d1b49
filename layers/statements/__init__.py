"""Statements that the tables decide."""

"""Workbooks, saved pages and JSON as cells of text."""

"""Counts as series: arithmetic, mismatches, key figures."""

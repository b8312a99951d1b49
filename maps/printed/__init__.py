"""The printed twin: a map on a sheet."""

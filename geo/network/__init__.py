"""A road network in columns."""

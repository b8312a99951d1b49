"""The export: a data package that others can reuse, and back."""

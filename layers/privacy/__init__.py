"""What protects people, in the data."""

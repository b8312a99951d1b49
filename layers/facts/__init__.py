"""The tables of facts, each with its loader."""

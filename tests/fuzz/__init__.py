"""Seeded structural mutation of inputs: what readers make of files that are nearly right."""

"""Sentences that must pass, and sentences that must not, with the rates at which they do."""

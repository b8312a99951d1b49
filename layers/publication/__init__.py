"""The rules of publication."""

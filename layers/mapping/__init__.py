"""Other people's tables as ours: which of their columns is which, written down and used again."""

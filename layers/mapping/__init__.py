"""Other people's tables as ours: which of their columns is which."""

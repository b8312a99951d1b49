"""Pages built one after the other, and the memory that stays."""

"""The border: a line, its two sides, and which lines may be called open."""

"""Where roads meet a border: found everywhere, told where documented."""

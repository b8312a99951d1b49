"""Tables of facts: contracts, coarse dates, what is bundled."""

"""What happened, when, how sure, and from whom: counts, incidents, ports, policy."""

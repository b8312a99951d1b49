"""Files in and out: text tables, vector files, addresses, whole writes."""

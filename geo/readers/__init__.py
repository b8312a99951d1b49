"""Road networks out of files and from Overpass."""

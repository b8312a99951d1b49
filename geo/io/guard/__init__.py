"""What a file holds before a library reads it: no recipe, no other file, nothing beyond bounds."""

"""What protects people, in the data.

Columns of personal data are left out (``personal``), young rows wait (``embargo``), places are
masked by a keyed hash (``masking``: measure first, a masked frame is refused), small counts
withheld so that no total gives them back (``suppression``).
"""

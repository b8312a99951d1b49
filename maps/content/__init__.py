"""What page and sheet say, as plain records in both languages.

The page's words are in ``assets/messages``, a file for each language. French of the notes that
rows share stands once, by the English: of the facts in ``layers/data/notes_fr.json``, of the
ground in ``geo/data/notes_fr.json``. Apostrophes are printed as type has them; data and downloads
keep them as written.
"""

"""Statements that the tables decide.

A statement of an article has an expression over our tables. Python's grammar reads it;
``language`` knows numbers, quoted texts, comparisons, ``+ - * /``, ``and``, ``or``, ``not`` and the
functions of ``functions``, and refuses all else before anything is looked up. It is walked
(``evaluate``), never compiled or run. Numbers have kinds, so that interceptions are not
added to transfers. A comparison is supported where it holds for all that the numbers can be,
contradicted where it holds for none, else it cannot be decided here; ``and`` of parts of
which some hold and others do not is partly. A row that rests on the statement's own source
alone is no evidence for it (``evidence``).
"""

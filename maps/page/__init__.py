"""The page.

Everything on it that has a date asks one clock: null is all months, a coarse date shows over
its whole span, and what has no date is listed apart. ``series`` sends the data series as
layers without geometry; the page makes a table of each layer when it is first opened.
"""

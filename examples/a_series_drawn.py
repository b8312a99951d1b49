"""A series of counts with what it counts, its breaks, and a drawing that shows its gaps."""

from roxham.layers import load_series

series = load_series("interceptions", place="CA-QC")
print(series)
print(series.definition)
print(series.at("2022-12"))  # an Interval: low and high are the same where a count is exact
print(series.at("2019-06"))  # None: the month is not sourced, so it is no zero
print(series.breaks[["date", "kind", "what"]].to_string(index=False))
series.plot("a_series_drawn.svg")

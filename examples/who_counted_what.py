"""Check a printed figure against the tables: 39,540 is whose total."""

from roxham.layers import count_table, figures, find_mismatches, load_interceptions

interceptions = load_interceptions().rows

by_year = count_table(interceptions, by="year")
print(by_year[by_year["year"] == "2022"].to_string(index=False))

columns = ["title", "value", "low", "high", "formula", "printed", "verdict"]
print(figures(interceptions)[columns].to_string(index=False))

for row in find_mismatches(interceptions).itertuples():
    print(row.statement, row.explanation if row.status == "explained" else "Unexplained.")

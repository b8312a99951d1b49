"""Check a printed figure against the tables: 39,540 is whose total."""

from roxham.layers import (
    check_claims,
    count_table,
    figures,
    find_mismatches,
    load_interceptions,
    load_layers,
)

interceptions = load_interceptions().rows

by_year = count_table(interceptions, by="year")
print(by_year[by_year["year"] == "2022"].to_string(index=False))

columns = ["title", "value", "low", "high", "formula"]
print(figures(interceptions)[columns].to_string(index=False))

said = check_claims(load_layers())
print(said[["claim_id", "verdict", "found", "belongs_to"]].to_string(index=False))

for row in find_mismatches(interceptions).itertuples():
    print(row.statement, row.explanation if row.status == "explained" else "Unexplained.")

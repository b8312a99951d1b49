"""Check a printed figure against the tables: whose total is 39,540?"""

from roxham.layers import count_table, figures, load_interceptions

interceptions = load_interceptions().rows

in_2022 = count_table(interceptions, by="year").query("year == '2022'")
print(in_2022.to_string(index=False))

for row in figures(interceptions).itertuples():
    said = f"  printed as {row.printed:,.0f}: {row.verdict}" if row.verdict else ""
    print(f"{row.title}: {row.value:,.2f} ({row.formula}){said}")

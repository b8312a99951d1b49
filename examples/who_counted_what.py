"""Check a printed figure against the tables: whose total is 39,540?"""

from roxham.layers import count_table, figures, load_interceptions

interceptions = load_interceptions().rows

in_2022 = count_table(interceptions, by="year").query("year == '2022'")
print(in_2022.to_string(index=False))

for figure in figures(interceptions).to_dict("records"):
    said = (
        f", printed as {figure['printed']:,.0f}: {figure['verdict']}" if figure["verdict"] else ""
    )
    print(f"{figure['title']}: {figure['value']:,.2f} ({figure['formula']}){said}")

"""A map in marimo, without a network: ``marimo edit maps_in_marimo.py``, or run as a script."""

import marimo

app = marimo.App()


@app.cell
def load():
    from roxham.layers import load_layers, load_series

    layers = load_layers(since="2022-01", until="2022-12")
    return layers, load_series


@app.cell
def summary(layers):
    layers  # noqa: B018  (a cell shows its last line)
    return


@app.cell
def count(load_series):
    december = load_series("interceptions", place="CA-QC").at("2022-12")
    print("Quebec, December 2022:", december)
    return


@app.cell
def page(layers):
    from roxham.maps import border_map, show_map

    shown = show_map(border_map(layers), height=700)
    print(shown)
    shown  # noqa: B018
    return


if __name__ == "__main__":
    app.run()

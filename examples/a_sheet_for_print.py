"""A map for paper: the same facts on a sheet, as SVG, PNG or PDF, in French."""

from roxham.layers import load_layers
from roxham.maps import load_base, map_sheet, save_picture

layers = load_layers(since="2022-01", until="2022-12")
sheet = map_sheet(layers, load_base(), language="fr", view="site")
print(sheet.description)
print(save_picture(sheet, "a_sheet_for_print.svg"))

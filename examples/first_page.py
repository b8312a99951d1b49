"""The page of one year, from the tables that ship, in one file."""

from roxham.layers import load_layers
from roxham.maps import border_map, save_html

layers = load_layers(since="2022-01", until="2022-12")
print(layers)
print(save_html(border_map(layers), "first_page.html"))

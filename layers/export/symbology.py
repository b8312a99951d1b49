"""How a layer is drawn, as QGIS (QML) and other programs (SLD 1.1) read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from roxham.layers.model import Style

__all__ = ["qml", "renderer", "sld"]


SYMBOLS = {
    "point": ("marker", "SimpleMarker"),
    "line": ("line", "SimpleLine"),
    "area": ("fill", "SimpleFill"),
}
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
SE = "http://www.opengis.net/se"
SLD = "http://www.opengis.net/sld"
OGC = "http://www.opengis.net/ogc"
PX_PER_MM = 1 / 0.28
"""SLD counts in pixels of 0.28 mm."""


def qml(style: Style) -> str:
    """Return a style as QGIS keeps it.

    Examples
    --------
    >>> 'type="singleSymbol"' in qml(Style("line", "#aa0000"))
    True
    """
    root = ET.Element("qgis", version="3.34.0", styleCategories="Symbology")
    root.append(renderer(style))
    return DOCTYPE + _text(root)


def renderer(style: Style) -> ET.Element:
    """Return how QGIS draws a layer: one symbol, or one for each value of a column."""
    categorised = style.column is not None
    root = ET.Element(
        "renderer-v2",
        type="categorizedSymbol" if categorised else "singleSymbol",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    if style.column is not None:
        root.set("attr", style.column)
        categories = ET.SubElement(root, "categories")
        for number, (value, _) in enumerate(style.classes()):
            ET.SubElement(
                categories,
                "category",
                symbol=str(number),
                value=value or "",
                label=(value or "other").replace("_", " "),
                render="true",
                type="string",
            )
    symbols = ET.SubElement(root, "symbols")
    for number, (value, colour) in enumerate(
        style.classes() if categorised else [(None, style.colour)]
    ):
        kind, layer = SYMBOLS[style.kind]
        symbol = ET.SubElement(
            symbols, "symbol", type=kind, name=str(number), alpha="1", clip_to_extent="1"
        )
        element = ET.SubElement(symbol, "layer", {"class": layer}, enabled="1", locked="0")
        element.set("pass", "0")
        options = ET.SubElement(element, "Option", type="Map")
        for name, text in _options(style, value, colour).items():
            ET.SubElement(options, "Option", type="QString", name=name, value=text)
            ET.SubElement(element, "prop", k=name, v=text)  # as QGIS before 3.26 reads it
    return root


def _options(style: Style, value: str | None, colour: str) -> dict[str, str]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    solid = f"{red},{green},{blue},255"
    width = f"{style.width_of(value):g}"
    if style.kind == "line":
        return {"line_color": solid, "line_width": width, "line_width_unit": "MM",
                "line_style": "solid", "capstyle": "round", "joinstyle": "round"}  # fmt: skip
    if style.kind == "point":
        return {"name": style.shape_of(value), "color": solid, "size": width, "size_unit": "MM",
                "outline_color": "255,255,255,255", "outline_width": "0.2",
                "outline_width_unit": "MM", "outline_style": "solid"}  # fmt: skip
    fill = f"{red},{green},{blue},{round(255 * style.opacity)}"
    return {"color": fill, "style": "solid", "outline_color": solid, "outline_width": width,
            "outline_width_unit": "MM", "outline_style": "solid", "joinstyle": "round"}  # fmt: skip


def sld(style: Style, layer: str) -> str:
    """Return a style as a Styled Layer Descriptor 1.1.

    Examples
    --------
    >>> "<se:LineSymbolizer>" in sld(Style("line", "#aa0000"), "border")
    True
    """
    for prefix, space in (("se", SE), ("sld", SLD), ("ogc", OGC)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{SLD}}}StyledLayerDescriptor", version="1.1.0")
    named = ET.SubElement(root, f"{{{SLD}}}NamedLayer")
    ET.SubElement(named, f"{{{SE}}}Name").text = layer
    user = ET.SubElement(named, f"{{{SLD}}}UserStyle")
    ET.SubElement(user, f"{{{SE}}}Name").text = layer
    features = ET.SubElement(user, f"{{{SE}}}FeatureTypeStyle")
    for value, colour in style.classes():
        rule = ET.SubElement(features, f"{{{SE}}}Rule")
        ET.SubElement(rule, f"{{{SE}}}Name").text = value or ("other" if style.column else layer)
        if style.column is not None and value is not None:
            same = ET.SubElement(
                ET.SubElement(rule, f"{{{OGC}}}Filter"), f"{{{OGC}}}PropertyIsEqualTo"
            )
            ET.SubElement(same, f"{{{OGC}}}PropertyName").text = style.column
            ET.SubElement(same, f"{{{OGC}}}Literal").text = value
        elif style.column is not None:
            ET.SubElement(rule, f"{{{SE}}}ElseFilter")
        _symbolizer(rule, style, value, colour)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _text(root)


def _symbolizer(rule: ET.Element, style: Style, value: str | None, colour: str) -> None:
    width = f"{style.width_of(value) * PX_PER_MM:.2f}"
    if style.kind == "point":
        graphic = ET.SubElement(ET.SubElement(rule, f"{{{SE}}}PointSymbolizer"), f"{{{SE}}}Graphic")
        mark = ET.SubElement(graphic, f"{{{SE}}}Mark")
        ET.SubElement(mark, f"{{{SE}}}WellKnownName").text = style.shape_of(value)
        _parameters(ET.SubElement(mark, f"{{{SE}}}Fill"), fill=colour)
        ET.SubElement(graphic, f"{{{SE}}}Size").text = width
        return
    name = "Line" if style.kind == "line" else "Polygon"
    symbolizer = ET.SubElement(rule, f"{{{SE}}}{name}Symbolizer")
    if style.kind == "area":
        fill = ET.SubElement(symbolizer, f"{{{SE}}}Fill")
        _parameters(fill, fill=colour, fill_opacity=f"{style.opacity:g}")
    _parameters(ET.SubElement(symbolizer, f"{{{SE}}}Stroke"), stroke=colour, stroke_width=width)


def _parameters(element: ET.Element, **values: str) -> None:
    for name, text in values.items():
        parameter = ET.SubElement(element, f"{{{SE}}}SvgParameter", name=name.replace("_", "-"))
        parameter.text = text


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"

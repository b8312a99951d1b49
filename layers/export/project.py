"""A project of QGIS over the layers of an export, as the page draws them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from pyproj import Transformer

from roxham.layers.model import Style

from .symbology import renderer

__all__ = ["Drawn", "project_bytes"]

NAME = "roxham.qgs"
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP can tell: the same layers give the same bytes."""
GEOMETRIES = {"point": "Point", "line": "Line", "area": "Polygon"}
HIDDEN = ("provinces",)
"""Layers that are there, to be turned on: the page draws them on a small map of their own."""
PROJECTED = 3857
"""The CRS that the project draws in, which is the page's."""
SRSIDS = {3857: 3857, 4326: 3452}
"""What QGIS calls a CRS by itself: of a project it knows no other name."""
INK, PAPER = "28,27,25,255", "251,249,243,255"


class Drawn(NamedTuple):
    """A layer of the project: its table, the file that it is in, and how it is drawn."""

    name: str
    title: str
    path: str
    style: Style
    bounds: tuple[float, float, float, float]


def project_bytes(layers: Sequence[Drawn], *, title: str) -> bytes:
    """Return a project (``.qgz``) of QGIS 3.22 or later, beside the files that it draws.

    Parameters
    ----------
    layers
        GeoPackage layers in EPSG:4326, their paths relative to the project.
    title
        Of the project.
    """
    ordered = sorted(layers, key=lambda one: (one.name in HIDDEN, one.style.depth, one.name))
    root = ET.Element("qgis", version="3.22.0", projectname=title)
    ET.SubElement(root, "title").text = title
    _crs(ET.SubElement(root, "projectCrs"), PROJECTED)
    enabled = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    # Without it QGIS takes the project for one without a CRS, and draws degrees as a square grid.
    ET.SubElement(enabled, "ProjectionsEnabled", type="int").text = "1"
    tree = ET.SubElement(root, "layer-tree-group")
    for one in ordered:
        shown = "Qt::Unchecked" if one.name in HIDDEN else "Qt::Checked"
        ET.SubElement(
            tree,
            "layer-tree-layer",
            id=_id(one),
            name=one.title,
            checked=shown,
            expanded="0",
            providerKey="ogr",
            source=_source(one),
        )
    _canvas(root, ordered)
    held = ET.SubElement(root, "projectlayers")
    for one in ordered:
        held.append(_layer(one))
    order = ET.SubElement(root, "layerorder")
    for one in ordered:
        ET.SubElement(order, "layer", id=_id(one))
    properties = ET.SubElement(root, "properties")
    paths = ET.SubElement(properties, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    text = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(NAME, MOMENT)
        archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _id(one: Drawn) -> str:
    return f"roxham_layer_{one.name}"  # QGIS gives short ones another


def _source(one: Drawn) -> str:
    only = f"|subset={one.style.only}" if one.style.only else ""
    return f"./{one.path}|layername={one.name}{only}"


def _crs(parent: ET.Element, code: int) -> None:
    system = ET.SubElement(parent, "spatialrefsys")
    ET.SubElement(system, "srsid").text = str(SRSIDS[code])
    ET.SubElement(system, "srid").text = str(code)
    ET.SubElement(system, "authid").text = f"EPSG:{code}"


def _canvas(root: ET.Element, layers: Sequence[Drawn]) -> None:
    """Write where the project opens: at the ports, or at whatever lies on top."""
    if not layers:
        return
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "meters"
    projected = Transformer.from_crs(4326, PROJECTED, always_xy=True)
    bounds = projected.transform_bounds(*layers[0].bounds)
    extent = ET.SubElement(canvas, "extent")
    for name, edge in zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True):
        ET.SubElement(extent, name).text = f"{edge:.3f}"
    _crs(ET.SubElement(canvas, "destinationsrs"), PROJECTED)


def _layer(one: Drawn) -> ET.Element:
    layer = ET.Element(
        "maplayer",
        type="vector",
        geometry=GEOMETRIES[one.style.kind],
        labelsEnabled=str(int(one.style.label is not None)),
    )
    ET.SubElement(layer, "id").text = _id(one)
    ET.SubElement(layer, "datasource").text = _source(one)
    ET.SubElement(layer, "layername").text = one.title
    _crs(ET.SubElement(layer, "srs"), 4326)
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    layer.append(renderer(one.style))
    if one.style.label is not None:
        layer.append(_labels(one.style, one.style.label))
    return layer


def _labels(style: Style, label: str) -> ET.Element:
    chosen = ", ".join(f"'{value}'" for value in style.labelled)
    some = f'CASE WHEN "{style.column}" IN ({chosen}) THEN "{label}" END'
    labels = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labels, "settings")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=some if chosen else label,
        isExpression=str(int(bool(chosen))),
        fontFamily="Source Sans 3",
        fontSize="9" if chosen else "8",
        fontWeight="75" if chosen else "50",
        fontSizeUnit="Point",
        textColor=INK,
        textOpacity="1",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.7",
        bufferSizeUnits="MM",
        bufferColor=PAPER,
        bufferOpacity="1",
    )
    first = "10" if chosen else "5"  # what is named alone among its kind has room before others
    placement = ET.SubElement(settings, "placement", placement="6", dist="0.8", distUnits="MM")
    placement.set("priority", first)
    ET.SubElement(
        settings, "rendering", drawLabels="1", obstacle="1", displayAll=str(int(bool(chosen)))
    )
    return labels

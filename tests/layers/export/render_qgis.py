"""Draw a project as QGIS opens it; run by the Python that has QGIS: project, picture, box."""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

project, picture, *box = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
opened = QgsProject.instance()
read = opened.read(project)
root = opened.layerTreeRoot()
layers = [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()]
settings = QgsMapSettings()
settings.setLayers(layers)
settings.setOutputSize(QSize(800, 600))
settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
settings.setBackgroundColor(QColor("white"))
settings.setExtent(QgsRectangle(*map(float, box)))
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
job.renderedImage().save(picture)
told = {
    "version": Qgis.QGIS_VERSION,
    "read": read,
    "crs": opened.crs().authid(),
    "errors": [error.message for error in job.errors()],
    "title": opened.title(),
    "layers": [
        {
            "name": layer.id(),
            "valid": layer.isValid(),
            "rows": layer.featureCount(),
            "labels": layer.labelsEnabled(),
            "renderer": layer.renderer().type() if layer.renderer() else None,
            "symbols": [
                [
                    item.label(),
                    item.symbol().color().name(),
                    item.symbol().symbolLayer(0).properties().get("name"),
                ]
                for item in layer.renderer().legendSymbolItems()
                if item.symbol()
            ],
        }
        for layer in layers
    ],
}
print(json.dumps(told))  # noqa: T201
application.exitQgis()

"""Draw a project as the window of QGIS shows it; run by the Python that has QGIS.

Its list of layers beside its map: project, picture, box.
"""

import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsLayerTreeModel,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import (  # type: ignore[import-not-found]
    QgsLayerTreeMapCanvasBridge,
    QgsLayerTreeView,
    QgsMapCanvas,
)
from qgis.PyQt.QtCore import QCoreApplication  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor, QFont  # type: ignore[import-not-found]
from qgis.PyQt.QtWidgets import QSplitter  # type: ignore[import-not-found]

project, picture, *box = sys.argv[1:]
application = QgsApplication([], True)
application.initQgis()
opened = QgsProject.instance()
canvas, tree, window = QgsMapCanvas(), QgsLayerTreeView(), QSplitter()
canvas.setCanvasColor(QColor("white"))
bridge = QgsLayerTreeMapCanvasBridge(opened.layerTreeRoot(), canvas)
if not opened.read(project):
    sys.exit(f"{project}: cannot be read")
model = QgsLayerTreeModel(opened.layerTreeRoot())
tree.setModel(model)
tree.collapseAll()
tree.setFont(QFont("DejaVu Sans", 9))
window.addWidget(tree)
window.addWidget(canvas)
window.setSizes([390, 810])
window.resize(1200, 760)
window.show()
canvas.setDestinationCrs(opened.crs())
bridge.setCanvasLayers()
degrees = QgsCoordinateReferenceSystem("EPSG:4326")
place = QgsCoordinateTransform(degrees, canvas.mapSettings().destinationCrs(), opened)
canvas.setExtent(place.transformBoundingBox(QgsRectangle(*map(float, box))))
canvas.refresh()
canvas.waitWhileRendering()
QCoreApplication.processEvents()
window.grab().save(picture)
application.exitQgis()

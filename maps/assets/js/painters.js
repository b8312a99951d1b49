// Which painter draws which kind of layer.
import { jurisdictionPainter, waterPainter } from "./paint_areas.js";
import { borderPainter, roadPainter } from "./paint_lines.js";
import { featurePainter } from "./paint_features.js";
import { incidentPainter } from "./paint_incidents.js";
import { catchmentPainter } from "./paint_catchments.js";
import { placePainter } from "./paint_places.js";
import { portPainter } from "./paint_ports.js";
import { reachPainter } from "./paint_reach.js";
import { routePainter } from "./paint_routes.js";

export const PAINTERS = {
  jurisdictions: jurisdictionPainter,
  water: waterPainter,
  roads: roadPainter,
  features: featurePainter,
  incidents: incidentPainter,
  border: borderPainter,
  places: placePainter,
  ports: portPainter,
  routes: routePainter,
  reach: reachPainter,
  catchments: catchmentPainter,
};

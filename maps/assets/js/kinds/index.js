// Which painter draws which kind of layer.
import { jurisdictionPainter, waterPainter } from "./areas.js";
import { borderPainter, roadPainter } from "./lines.js";
import { featurePainter } from "./features.js";
import { incidentPainter } from "./incidents.js";
import { catchmentPainter } from "./catchments.js";
import { placePainter } from "./places.js";
import { portPainter } from "./ports.js";
import { reachPainter } from "./reach.js";
import { routePainter } from "./routes.js";

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

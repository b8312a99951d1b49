// The kinds of layers of the map, by the `kind` that a payload gives. A new one is a file beside this
// one and its name here; what several of them share lies in shared/. A kind holds what is special to
// it; of these the first three lines are needed:
//   rank {drawn, legend, read, table}  its place among the others, the lowest first; the last drawn lies on top
//   draw(view, layer), hit(view, layer, x, y)  on the canvas; hit gives a feature's number or -1
//   popup(layer, i), and anchor(layer, i) or middle(layer, i)  a feature's card, and where it points, [lat, lon]
//   name(layer, i)      what a feature is called where it is pointed at
//   mark(view, layer, i), labels(view, layer), block(view, layer)  the chosen one, texts, room kept from texts
//   signs(layer)        for the legend: pairs of what paints a swatch and its words
//   columns             of its table (panels/tabledata.js); without them it has all columns of the data
//   id                  the column of stable ids, for the address
//   reach(layer, i)     how far a feature's area goes beyond its point, in world units
//   ground              it is listed last, and apart
//   standing            its features stay when their date has passed (with the words clock.undated_<kind>)
//   monthly             of its features those of one month are shown: the clock's, else the last
//   wet                 names of land keep off it
//   bothDates           what changed between two dates is both of them
// Its words are layer.<kind> in messages/en.json, its colours in map.css and core/theme.js.
import { borderKind } from "./border.js";
import { catchmentKind } from "./catchments.js";
import { entryKind } from "./entries.js";
import { featureKind } from "./features.js";
import { incidentKind } from "./incidents.js";
import { jurisdictionKind } from "./jurisdictions.js";
import { placeKind } from "./places.js";
import { portKind } from "./ports.js";
import { reachKind } from "./reach.js";
import { roadKind } from "./roads.js";
import { routeKind } from "./routes.js";
import { waterKind } from "./water.js";

export const KINDS = {
  border: borderKind,
  catchments: catchmentKind,
  entries: entryKind,
  features: featureKind,
  incidents: incidentKind,
  jurisdictions: jurisdictionKind,
  places: placeKind,
  ports: portKind,
  reach: reachKind,
  roads: roadKind,
  routes: routeKind,
  water: waterKind,
};

// What is special to the kind of a payload.
export function traitsOf(kind) {
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`No kind of layer is called ${kind}.`);
  return KINDS[kind];
}

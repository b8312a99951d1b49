// What lines of any kind share: which one is near, their middle, a mark.
import { nearestFeature } from "../../core/geometry.js";
import { xToLon, yToLat } from "../../core/projection.js";

// The line nearest to a point of the canvas, of those that may be; -1 where none is near.
export function nearestLine(view, layer, px, py, may) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  return nearestFeature(layer, x, y, 5 / view.scale, may);
}

// Halfway along the points of a line, [lat, lon].
export function lineMiddle(layer, i) {
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const first = pointsOf[partsOf[i]];
  const last = pointsOf[partsOf[i + 1]] - 1;
  const k = Math.floor((first + last) / 2);
  const next = Math.min(k + 1, last);
  return [yToLat((y[k] + y[next]) / 2), xToLon((x[k] + x[next]) / 2)];
}

export function markLine(view, layer, i) {
  view.ctx.beginPath();
  view.trace(layer.geometry, i, false);
  view.ctx.globalAlpha = 0.55;
  view.stroke(view.theme.select, 7);
  view.ctx.globalAlpha = 1;
}

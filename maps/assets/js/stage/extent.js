// Which features lie in a rectangle of the map: by their course, not only by their box.
import { featureHolds } from "../core/geometry.js";
import { latToY, lonToX } from "../core/projection.js";

// What of the world a map shows, in world units.
export function viewOf(map) {
  const bounds = map.getBounds();
  return {
    minX: lonToX(bounds.getWest()),
    maxX: lonToX(bounds.getEast()),
    minY: latToY(bounds.getNorth()),
    maxY: latToY(bounds.getSouth()),
  };
}

// Whether a segment meets the rectangle (Liang and Barsky).
export function segmentMeets(ax, ay, bx, by, { minX, minY, maxX, maxY }) {
  let [enter, leave] = [0, 1];
  const edges = [
    [ax - bx, ax - minX],
    [bx - ax, maxX - ax],
    [ay - by, ay - minY],
    [by - ay, maxY - ay],
  ];
  for (const [slope, room] of edges) {
    if (slope === 0) {
      if (room < 0) return false;
    } else if (slope < 0) enter = Math.max(enter, room / slope);
    else leave = Math.min(leave, room / slope);
  }
  return enter <= leave;
}

// Points, lines (1) or areas (2), as the payload says for all features or for each.
export function dimensionOf(layer, i) {
  const { dimensions } = layer.extra;
  return (Array.isArray(dimensions) ? dimensions[i] : dimensions) ?? 0;
}

// How far an area of uncertainty reaches around its centre, in world units.
export function reachOf(layer, i) {
  return layer.traits.reach?.(layer, i) ?? 0;
}

export function isPlaced(layer, i) {
  return layer.geometry.partsOf[i] < layer.geometry.partsOf[i + 1];
}

// Whether a feature, or the area around it, meets a rectangle in world units.
export function meetsRectangle(layer, i, rectangle) {
  if (!isPlaced(layer, i)) return false;
  const { box, partsOf, pointsOf, x, y } = layer.geometry;
  const reach = reachOf(layer, i);
  const { minX, minY, maxX, maxY } = rectangle;
  const [left, top, right, bottom] = box.subarray(4 * i, 4 * i + 4);
  if (left - reach > maxX || right + reach < minX || top - reach > maxY || bottom + reach < minY) return false;
  const dimension = dimensionOf(layer, i);
  for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
    for (let k = pointsOf[part]; k < pointsOf[part + 1]; k += 1) {
      const aside = Math.hypot(Math.max(minX - x[k], 0, x[k] - maxX), Math.max(minY - y[k], 0, y[k] - maxY));
      if (aside <= reach) return true;
      const next = k + 1 < pointsOf[part + 1];
      if (dimension > 0 && next && segmentMeets(x[k], y[k], x[k + 1], y[k + 1], rectangle)) return true;
    }
  }
  return dimension === 2 && featureHolds(layer.geometry, i, minX, minY);
}

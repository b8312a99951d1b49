// Decode a layer's payload: columns by name, geometry as flat arrays in world units.
import { latToY, lonToX } from "./projection.js";

function decodeColumn(column) {
  if (Array.isArray(column)) return column;
  return column.codes.map((code) => (code < 0 ? null : column.values[code]));
}

function running(counts) {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => {
    starts[i + 1] = starts[i] + count;
  });
  return starts;
}

// Feature i owns parts partsOf[i]..partsOf[i+1]; part p owns points pointsOf[p]..pointsOf[p+1].
// x and y are Web Mercator over the unit square; box is minX, minY, maxX, maxY of each feature.
export function decodeGeometry(geometry, n) {
  const partsOf = running(geometry.parts);
  const pointsOf = running(geometry.sizes);
  const count = geometry.xy.length / 2;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  let east = 0;
  let north = 0;
  for (let i = 0; i < count; i += 1) {
    east += geometry.xy[2 * i];
    north += geometry.xy[2 * i + 1];
    lon[i] = east / geometry.scale;
    lat[i] = north / geometry.scale;
    x[i] = lonToX(lon[i]);
    y[i] = latToY(lat[i]);
  }
  const box = new Float64Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = pointsOf[partsOf[i]]; k < pointsOf[partsOf[i + 1]]; k += 1) {
      minX = Math.min(minX, x[k]);
      maxX = Math.max(maxX, x[k]);
      minY = Math.min(minY, y[k]);
      maxY = Math.max(maxY, y[k]);
    }
    box.set([minX, minY, maxX, maxY], 4 * i);
  }
  return { partsOf, pointsOf, x, y, lon, lat, box };
}

export function decodeLayer(payload) {
  const columns = new Map(Object.entries(payload.columns).map(([name, c]) => [name, decodeColumn(c)]));
  return {
    kind: payload.kind,
    n: payload.n,
    extra: payload,
    columns,
    geometry: decodeGeometry(payload.geometry, payload.n),
    value(i, name) {
      return columns.get(name)?.[i] ?? null;
    },
  };
}

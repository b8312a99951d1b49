// Web Mercator over the unit square, x to the east, y to the south.

export function lonToX(lon) {
  return lon / 360 + 0.5;
}

export function latToY(lat) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export function xToLon(x) {
  return (x - 0.5) * 360;
}

export function yToLat(y) {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

const EQUATOR_M = 40_075_016.686;

// How much of the unit square a distance on the ground covers at a latitude.
export function metresToWorld(metres, lat) {
  return metres / (EQUATOR_M * Math.cos((lat * Math.PI) / 180));
}

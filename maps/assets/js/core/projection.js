// Web Mercator over the unit square, x to the east, y to the south.

// Where the map begins: over 180° at 0°, and the west goes on in the east, from 180° to 360°.
let begins = -Infinity;

export function ahead(lon) {
  return lon < begins ? lon + 360 : lon;
}

// A longitude within ±180°, as readers know it.
export function told(lon) {
  return lon > 180 ? lon - 360 : lon;
}

export function lonToX(lon) {
  return ahead(lon) / 360 + 0.5;
}

// Draws the page's map over 180°; returns Leaflet's projection for it. Of the world's own edge,
// by which Leaflet counts tiles, nothing is moved.
export function drawOver180() {
  begins = 0;
  const { SphericalMercator } = L.Projection;
  const project = ({ lat, lng }) => SphericalMercator.project(L.latLng(lat, lat === 0 && lng === -180 ? lng : ahead(lng)));
  return L.extend({}, L.CRS.EPSG3857, { projection: L.extend({}, SphericalMercator, { project }) });
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

const EQUATOR_M = 6_378_137;
const ECCENTRICITY_2 = 0.00669437999014; // squared, of WGS84
const LIMIT = 85.051129; // where the square ends

// The radius, in metres, of the sphere that fits the ellipsoid best at a latitude: along and
// across the meridian it is then right to 0.34 % everywhere.
function curvature(lat) {
  return (EQUATOR_M * Math.sqrt(1 - ECCENTRICITY_2)) / (1 - ECCENTRICITY_2 * Math.sin((lat * Math.PI) / 180) ** 2);
}

// How much of the unit square a distance on the ground covers at a latitude.
export function metresToWorld(metres, lat) {
  return metres / (2 * Math.PI * curvature(lat) * Math.cos((lat * Math.PI) / 180));
}

// A circle on the ground, as it lies on the square: there its middle is not its centre, and the
// farther from the equator, the less.
export function circleToWorld(lat, metres) {
  const away = (metres / curvature(lat)) * (180 / Math.PI);
  const [north, south] = [Math.min(LIMIT, lat + away), Math.max(-LIMIT, lat - away)].map(latToY);
  return { y: (north + south) / 2, reach: (south - north) / 2 };
}

// The place so many metres from another in a direction, radians from north by east; degrees.
export function placeFrom(lon, lat, turn, metres) {
  const [away, phi] = [metres / curvature(lat), (lat * Math.PI) / 180];
  const sine = Math.sin(phi) * Math.cos(away) + Math.cos(phi) * Math.sin(away) * Math.cos(turn);
  const east = Math.atan2(Math.sin(turn) * Math.sin(away) * Math.cos(phi), Math.cos(away) - Math.sin(phi) * sine);
  return [lon + (east * 180) / Math.PI, (Math.asin(sine) * 180) / Math.PI];
}

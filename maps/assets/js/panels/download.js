// What a table shows, as a file: CSV and GeoJSON, each row with its source and licence.
import { dimensionOf, isPlaced, reachOf } from "../stage/extent.js";
import { latLon } from "../core/geometry.js";
import { placeFrom, told } from "../core/projection.js";
import { isTranslation, SOURCE_COLUMNS } from "./tabledata.js";

// A spreadsheet runs a text cell that begins so, unless it is a number; as geo/io/csv.py.
const FORMULA = /^'*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[ "]+[=@\uff1d\uff20])/;
// Where a spreadsheet that separates by semicolons would begin a cell, and run it.
const PARTED =
  /([;\t\r\n][ "]*)('*)(?=[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9][0-9.,]*(?:[;\t\r\n]|$)))/g;
// A number, or a longitude and a latitude with a comma.
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:,[+-]?(?:\d+\.?\d*|\.\d+))?$/;
const CORNERS = 64;

// A field of RFC 4180, text that a spreadsheet would run marked as text.
export function csvField(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  const marked = typeof value === "string" && FORMULA.test(value) && !NUMBER.test(value);
  const parted = typeof value === "string" ? value.replace(PARTED, "$1'$2") : String(value);
  const text = marked ? `'${parted}` : parted;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A lone empty field is quoted: its line would be a blank one.
export function csvText(header, rows) {
  const line = (cells) => cells.map(csvField).join(",") || '""';
  return `${[header, ...rows].map(line).join("\n")}\n`;
}

// Every column of a layer, then where its points are, its source and its licence.
export function recordsOf(layer, rows) {
  const ofNote = [...layer.columns.keys()].filter((name) => name.startsWith("note_") && isTranslation(layer, name));
  const own = [...layer.columns.keys()].filter((name) => ![...SOURCE_COLUMNS, ...ofNote].includes(name));
  const points = Array.from({ length: layer.n }, (_, i) => i).some((i) => isPlaced(layer, i)) && dimensionsOf(layer).every((d) => d === 0);
  const places = points ? ["lon", "lat"].filter((name) => !own.includes(name)) : [];
  const sources = [...SOURCE_COLUMNS, ...ofNote];
  const licences = layer.extra.licences ?? [];
  const terms = [licences.map(({ name }) => name).join(", "), licences.map(({ url }) => url).join(" ")];
  const header = [...own, ...places, ...sources, "licence", "licence_url"];
  const read = (name, i) => (places.includes(name) ? placeOf(layer, i, name) : layer.value(i, name));
  const cells = rows.map((i) => [
    ...[...own, ...places, ...sources].map((name) => read(name, i)),
    ...terms.map((term) => term || null),
  ]);
  return { header, cells };
}

function dimensionsOf(layer) {
  return Array.isArray(layer.extra.dimensions) ? layer.extra.dimensions : [dimensionOf(layer, 0)];
}

function placeOf(layer, i, axis) {
  if (!isPlaced(layer, i)) return null;
  const [lat, lon] = latLon(layer.geometry, layer.geometry.pointsOf[layer.geometry.partsOf[i]]);
  return degrees(axis === "lon" ? told(lon) : lat);
}

function degrees(value) {
  return Math.round(value * 1e6) / 1e6;
}

function partsOf(layer, i) {
  const { geometry } = layer;
  const parts = [];
  for (let part = geometry.partsOf[i]; part < geometry.partsOf[i + 1]; part += 1) {
    const points = [];
    for (let k = geometry.pointsOf[part]; k < geometry.pointsOf[part + 1]; k += 1) {
      points.push(latLon(geometry, k).toReversed().map(degrees));
    }
    parts.push(points);
  }
  return parts;
}

function signedArea(ring) {
  let sum = 0;
  for (let k = 0; k + 1 < ring.length; k += 1) sum += ring[k][0] * ring[k + 1][1] - ring[k + 1][0] * ring[k][1];
  return sum / 2;
}

function ringHolds(ring, [px, py]) {
  let inside = false;
  for (let k = 0; k + 1 < ring.length; k += 1) {
    const [[ax, ay], [bx, by]] = [ring[k], ring[k + 1]];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

// Rings may touch in a corner: most of a ring's corners say whether it lies within another.
function liesWithin(ring, other) {
  const within = ring.filter((corner) => ringHolds(other, corner)).length;
  return 2 * within > ring.length && Math.abs(signedArea(other)) > Math.abs(signedArea(ring));
}

// Rings as polygons by how they nest: outer ones against the clock, holes with it (RFC 7946).
export function polygonsOf(rings) {
  const sound = rings.filter((ring) => ring.length >= 4 && signedArea(ring) !== 0);
  const around = sound.map((ring) => sound.filter((other) => other !== ring && liesWithin(ring, other)));
  const turned = (ring, against) => (signedArea(ring) > 0 === against ? ring : ring.toReversed());
  const polygons = new Map();
  sound.forEach((ring, k) => {
    if (around[k].length % 2 === 0) polygons.set(ring, [turned(ring, true)]);
  });
  sound.forEach((ring, k) => {
    if (around[k].length % 2 === 0) return;
    const outer = around[k].filter((other) => polygons.has(other));
    const nearest = outer.reduce((a, b) => (Math.abs(signedArea(b)) < Math.abs(signedArea(a)) ? b : a));
    polygons.get(nearest).push(turned(ring, false));
  });
  return [...polygons.values()];
}

// An area of uncertainty, as it is drawn: its centre alone would read as a spot.
function circle(layer, i) {
  const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
  const [lat, lon] = latLon(layer.geometry, k);
  const metres = layer.value(i, "radius_m");
  const ring = Array.from({ length: CORNERS }, (_, step) => {
    const turn = (-2 * Math.PI * step) / CORNERS; // against the clock
    return placeFrom(lon, lat, turn, metres).map(degrees);
  });
  return gathered("Polygon", ringsAsAreas([[...ring, ring[0]]]));
}

// A line as pieces within ±180°, cut where it goes over; with `ring`, an area's edge, closed there.
function cutAt180(given, ring) {
  const beyond = given.some(([x]) => x < -180) ? given.map(([x, y]) => [x + 360, y]) : given;
  if (beyond.every(([x]) => x <= 180)) return [beyond];
  if (beyond.every(([x]) => x >= 180)) return [beyond.map(([x, y]) => [degrees(x - 360), y])];
  return [1, -1].flatMap((side) => {
    const here = ([x]) => side * (180 - x) >= 0;
    const at = (x) => degrees(side === 1 ? x : x - 360);
    const pieces = [[]];
    const points = ring ? beyond.slice(1) : beyond;
    points.forEach(([x, y], k) => {
      const [fromX, fromY] = points[k - 1] ?? (ring ? beyond[0] : [x, y]);
      const over = here([x]) !== here([fromX]);
      if (over) pieces.at(-1).push([at(180), degrees(fromY + ((180 - fromX) / (x - fromX)) * (y - fromY))]);
      if (over && !here([x]) && !ring) pieces.push([]);
      if (here([x])) pieces.at(-1).push([at(x), y]);
    });
    if (ring && pieces[0].length > 0) pieces[0].push(pieces[0][0]);
    return pieces.filter((piece) => piece.length > 1);
  });
}

function ringsAsAreas(rings) {
  return polygonsOf(rings.flatMap((ring) => cutAt180(ring, true)));
}

function gathered(type, parts) {
  if (parts.length === 0) return null;
  return parts.length === 1 ? { type, coordinates: parts[0] } : { type: `Multi${type}`, coordinates: parts };
}

export function geometryOf(layer, i) {
  if (!isPlaced(layer, i)) return null;
  if (reachOf(layer, i) > 0) return circle(layer, i);
  const parts = partsOf(layer, i);
  const dimension = dimensionOf(layer, i);
  if (dimension === 0) return gathered("Point", parts.flat().map(([x, y]) => [degrees(told(x)), y]));
  if (dimension === 2) return gathered("Polygon", ringsAsAreas(parts));
  // A line shorter than the data is exact has one point left; a line has two.
  const lines = parts.map((points) => (points.length > 1 ? points : [points[0], points[0]]));
  return gathered("LineString", lines.flatMap((points) => cutAt180(points, false)));
}

export function geoJson(layer, rows) {
  const { header, cells } = recordsOf(layer, rows);
  const features = rows.map((i, k) => ({
    type: "Feature",
    geometry: geometryOf(layer, i),
    properties: Object.fromEntries(header.map((name, c) => [name, cells[k][c] ?? null])),
  }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

export function csvOf(layer, rows) {
  const { header, cells } = recordsOf(layer, rows);
  return csvText(header, cells);
}

// Hands a text to the reader as a file; nothing leaves the page.
export function saveText(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

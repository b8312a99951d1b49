// Decode a layer's payload, format 2: columns by name, geometry as flat arrays in world units.
import { latToY, lonToX } from "./projection.js";

const FORMAT = 2;

// Browsers of before 2025 have no fromBase64.
function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) bytes[k] = text.charCodeAt(k);
  return bytes;
}

async function inflate(base64) {
  const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Takes the stream apart in the order it was written in.
class StreamReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(size) {
    if (this.at + size > this.bytes.length) throw new RangeError("A layer's data ends too soon.");
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  json(size) {
    return JSON.parse(new TextDecoder().decode(this.take(size)));
  }

  // Whole numbers from 0 up, as byte planes, the lowest first.
  ints([length, planes]) {
    const out = planes > 4 ? new Float64Array(length) : new Uint32Array(length);
    for (let k = 0; k < planes; k += 1) {
      const plane = this.take(length);
      const weight = 2 ** (8 * k);
      for (let i = 0; i < length; i += 1) out[i] += plane[i] * weight;
    }
    return out;
  }
}

// A difference whose sign is in the lowest bit.
function unfolded(number) {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}

// Where each of a list of runs begins, and the end.
function running(counts) {
  const starts = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) starts[i + 1] = starts[i] + counts[i];
  return starts;
}

// A column's cells, by number; codes and values too where it is a dictionary. 0 is null, 1 the first value.
function decodeColumn(given, reader) {
  const values = given.values === undefined ? null : [null, ...reader.json(given.values)];
  const codes = reader.ints(given.codes);
  if (values) return { cell: (i) => values[codes[i]], codes, values };
  return { cell: (i) => (codes[i] === 0 ? null : (codes[i] - 1 + given.low) / given.per) };
}

// Feature i owns parts partsOf[i]..partsOf[i+1]; part p owns points pointsOf[p]..pointsOf[p+1].
// x and y are Web Mercator over the unit square; box is minX, minY, maxX, maxY of each feature.
// kinds are OGC's types and one (0 null, 1 point, 2 line, 4 polygon, 5 and on their multiples).
function decodeGeometry(given, n, reader) {
  const kinds = reader.ints(given.kinds);
  const partsOf = running(reader.ints(given.parts));
  reader.ints(given.part_kinds);
  const pointsOf = running(reader.ints(given.sizes));
  const [eastward, northward] = [reader.ints(given.x), reader.ints(given.y)];
  const x = new Float64Array(eastward.length);
  const y = new Float64Array(eastward.length);
  let [lon, lat] = [0, 0]; // in 1 / scale degrees
  const box = new Float64Array(4 * n);
  for (let i = 0; i < n; i += 1) {
    let minX = Infinity;
    let minY = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    for (let k = pointsOf[partsOf[i]]; k < pointsOf[partsOf[i + 1]]; k += 1) {
      lon += unfolded(eastward[k]);
      lat += unfolded(northward[k]);
      const east = lonToX(lon / given.scale);
      const south = latToY(lat / given.scale);
      x[k] = east;
      y[k] = south;
      if (east < minX) minX = east;
      if (east > maxX) maxX = east;
      if (south < minY) minY = south;
      if (south > maxY) maxY = south;
    }
    box[4 * i] = minX;
    box[4 * i + 1] = minY;
    box[4 * i + 2] = maxX;
    box[4 * i + 3] = maxY;
  }
  return { kinds, partsOf, pointsOf, x, y, box };
}

// The layer that painters draw. `shown` is null, or 0 for each feature to be left out.
export async function decodeLayer(payload) {
  if (payload.format !== FORMAT) throw new Error(`A layer's data is of format ${payload.format}, not ${FORMAT}.`);
  const { data, ...extra } = payload;
  const reader = new StreamReader(await inflate(data));
  const columns = new Map(payload.columns.map((given) => [given.name, decodeColumn(given, reader)]));
  return {
    kind: payload.kind,
    n: payload.n,
    extra,
    columns,
    geometry: decodeGeometry(payload.geometry, payload.n, reader),
    shown: null,
    value(i, name) {
      return columns.get(name)?.cell(i) ?? null;
    },
    // What a function makes of each feature's value, called once for each different one.
    each(name, make) {
      const { codes, values } = columns.get(name) ?? {};
      if (!codes) return Array.from({ length: payload.n }, (_, i) => make(this.value(i, name)));
      const made = values.map(make);
      return Array.from(codes, (code) => made[code]);
    },
  };
}

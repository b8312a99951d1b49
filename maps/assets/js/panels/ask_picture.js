// The ways of an answer as a small picture beside its figures, on the roads and the line around them.
import { svgEl } from "../core/dom.js";
import { localValue } from "../stage/popup.js";

export const PICTURE = { w: 330, h: 300 };
const PICTURE_MARGIN = 34; // pixels, in which the names of the ends stand
const PICTURE_LEAST = 1.5e-4; // of the unit square, some 4 km at 45°: nearer ends would show nothing around them

// Places of the unit square on the picture, of which the whole of a layer's lines is in the middle.
export function pictureFrame({ x, y }) {
  const ends = [x, y].map((values) => [Math.min(...values), Math.max(...values)]);
  const middle = ends.map(([least, most]) => (least + most) / 2);
  const room = [PICTURE.w, PICTURE.h].map((size) => size - 2 * PICTURE_MARGIN);
  const scale = Math.min(...ends.map(([least, most], k) => room[k] / Math.max(most - least, PICTURE_LEAST)));
  const at = [PICTURE.w, PICTURE.h].map((size, k) => (value) => size / 2 + (value - middle[k]) * scale);
  return { x: at[0], y: at[1] };
}

// The course of the features that come near the picture, in its pixels.
export function courseOf(geometry, features, frame) {
  const { partsOf, pointsOf, box, x, y } = geometry;
  const near = (i) =>
    frame.x(box[4 * i]) < PICTURE.w && frame.x(box[4 * i + 2]) > 0 && frame.y(box[4 * i + 1]) < PICTURE.h && frame.y(box[4 * i + 3]) > 0;
  const out = [];
  for (const i of features.filter(near)) {
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      for (let k = pointsOf[part]; k < pointsOf[part + 1]; k += 1) {
        out.push(`${k === pointsOf[part] ? "M" : "L"}${frame.x(x[k]).toFixed(1)} ${frame.y(y[k]).toFixed(1)}`);
      }
    }
  }
  return out.join("");
}

// The ways of some features as points of the picture, a few pixels apart.
function pointsAlong({ partsOf, pointsOf, x, y }, features, frame) {
  const out = [];
  for (const i of features) {
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      for (let k = pointsOf[part]; k < pointsOf[part + 1] - 1; k += 1) {
        const [ax, ay, bx, by] = [frame.x(x[k]), frame.y(y[k]), frame.x(x[k + 1]), frame.y(y[k + 1])];
        const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / 3));
        for (let step = 0; step <= steps; step += 1) out.push([ax + ((bx - ax) * step) / steps, ay + ((by - ay) * step) / steps]);
      }
    }
  }
  return out;
}

const LETTER = 7.4; // about a letter's width, in pixels

// Where the name of an end hides least of the ways: above the northern and below the other if it can.
export function namePlace([x, y], name, above, ways) {
  const wide = name.length * LETTER;
  const rows = above ? [y - 10, y + 19] : [y + 19, y - 10];
  const places = rows.flatMap((base) => [
    { x, y: base, anchor: "middle", left: x - wide / 2 },
    { x: x + 6, y: base, anchor: "end", left: x + 6 - wide },
    { x: x - 6, y: base, anchor: "start", left: x - 6 },
  ]);
  places.push({ x: x - 9, y: y + 4, anchor: "end", left: x - 9 - wide }, { x: x + 9, y: y + 4, anchor: "start", left: x + 9 });
  const hidden = ({ left, y: base }) => {
    if (left < 2 || left + wide > PICTURE.w - 2) return Infinity;
    return ways.filter(([px, py]) => px > left - 3 && px < left + wide + 3 && py > base - 13 && py < base + 5).length;
  };
  return places.reduce((best, place) => (hidden(place) < hidden(best) ? place : best));
}

function endMark([x, y], name, above, ways, taken) {
  const place = namePlace([x, y], name, above, ways);
  const wide = name.length * LETTER;
  taken.push({ left: place.left, right: place.left + wide, top: place.y - 13, bottom: place.y + 5 });
  return [svgEl("circle", { cx: x, cy: y, r: 4 }), svgEl("text", { x: place.x, y: place.y, "text-anchor": place.anchor }, name)];
}

const TOWNS = 4;

// Some towns around, the largest first, by which a reader knows where the ways lead: none where a way or a name is.
export function townsAround(towns, taken, ways) {
  const found = [];
  for (const { x, y, name } of [...towns].sort((a, b) => b.people - a.people)) {
    if (found.length === TOWNS) break;
    const wide = (name.length * LETTER * 12) / 14;
    const box = { left: x - 4, right: x + 7 + wide, top: y - 8, bottom: y + 8 };
    const inside = box.left > 2 && box.right < PICTURE.w - 2 && box.top > 2 && box.bottom < PICTURE.h - 2;
    const clear = ways.every(([px, py]) => px < box.left - 3 || px > box.right + 3 || py < box.top - 3 || py > box.bottom + 3);
    const apart = taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
    if (!inside || !clear || !apart) continue;
    taken.push(box);
    found.push({ x, y, name });
  }
  return found;
}

function townsOf(places, ends, frame) {
  if (!places) return [];
  const { partsOf, pointsOf, x, y } = places.geometry;
  return Array.from({ length: places.n }, (_, i) => ({
    x: frame.x(x[pointsOf[partsOf[i]]]),
    y: frame.y(y[pointsOf[partsOf[i]]]),
    name: String(localValue(places, i, "name") ?? ""),
    people: places.value(i, "population") ?? 0,
  })).filter(({ name, people }) => people > 0 && name && !ends.includes(name));
}

// `asked` is the layer of the answers' ways; null where it draws none.
export function askPicture(asked, ends, { roads, border, places }) {
  const drawn = Array.from(asked.mask.keys()).filter((i) => asked.mask[i] === 1);
  if (drawn.length === 0) return null;
  const { geometry } = asked;
  const frame = pictureFrame(geometry);
  const all = (layer) => courseOf(layer.geometry, Array.from({ length: layer.n }, (_, i) => i), frame);
  const [first, last] = [geometry.pointsOf[drawn[0]], geometry.pointsOf[drawn[0] + 1] - 1];
  const spots = [first, last].map((k) => [frame.x(geometry.x[k]), frame.y(geometry.y[k])]);
  const ways = pointsAlong(geometry, drawn, frame);
  const north = spots[0][1] < spots[1][1] ? 0 : 1;
  const taken = spots.map(([x, y]) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }));
  const marks = spots.map((spot, k) => endMark(spot, ends[k], k === north, ways, taken));
  const towns = townsAround(townsOf(places, ends, frame), taken, ways);
  return svgEl(
    "svg",
    { class: "rx-ask-picture", viewBox: `0 0 ${PICTURE.w} ${PICTURE.h}`, "aria-hidden": "true" },
    svgEl("path", { d: all(roads), class: "rx-ask-roads" }),
    border && svgEl("path", { d: all(border), class: "rx-ask-border" }),
    drawn.map((i) => svgEl("path", { d: courseOf(geometry, [i], frame), class: "rx-ask-way", "stroke-dasharray": asked.value(i, "when") === "before" ? "7 5" : null })),
    towns.map(({ x, y, name }) => [
      svgEl("circle", { cx: x, cy: y, r: 2, class: "rx-ask-town" }),
      svgEl("text", { x: x + 6, y: y + 4, class: "rx-ask-town" }, name),
    ]),
    marks,
  );
}

// The border and the roads.
import { featureDistance2 } from "./geometry.js";
import { formatLength, formatNumber, t, word } from "./i18n.js";
import { card, localValue } from "./popup.js";
import { xToLon, yToLat } from "./projection.js";

function nearestLine(layer, view, px, py, reachPx) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  const reach = reachPx / view.scale;
  let found = -1;
  let best = reach * reach;
  for (let i = 0; i < layer.n; i += 1) {
    if (layer.shown?.[i] === 0) continue;
    const d2 = featureDistance2(layer.geometry, i, x, y, reach);
    if (d2 <= best) [found, best] = [i, d2];
  }
  return found;
}

function middlePoint(layer, i) {
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const first = pointsOf[partsOf[i]];
  const last = pointsOf[partsOf[i + 1]] - 1;
  const k = Math.floor((first + last) / 2);
  const next = Math.min(k + 1, last);
  return [yToLat((y[k] + y[next]) / 2), xToLon((x[k] + x[next]) / 2)];
}

function markLine(view, layer, i) {
  view.ctx.beginPath();
  view.trace(layer.geometry, i, false);
  view.ctx.globalAlpha = 0.55;
  view.stroke(view.theme.select, 7);
  view.ctx.globalAlpha = 1;
}

export const borderPainter = {
  order: 4,
  draw(view, layer) {
    const { ctx, theme } = view;
    ctx.lineJoin = "round";
    ctx.lineCap = "butt";
    ctx.beginPath();
    for (let i = 0; i < layer.n; i += 1) if (layer.shown?.[i] !== 0) view.trace(layer.geometry, i, false);
    view.stroke(theme["border-band"], 9);
    view.stroke(theme.border, 2);
  },
  mark: markLine,
  hit: (view, layer, px, py) => nearestLine(layer, view, px, py, 5),
  name: () => t("layer.border"),
  middle: middlePoint,
  popup: (layer, i) =>
    card({
      kicker: t("popup.boundary"),
      title: t("layer.border"),
      rows: [[t("popup.section"), localValue(layer, i, "section")]],
      note: [t("disclaimer.boundary"), localValue(layer, i, "note")].filter(Boolean).join(" "),
      layer,
      i,
    }),
};

// OSM's classes in the order they are drawn: width at zoom 9.5, the colour's name, and the
// zoom from which the road and its shields are shown.
const CLASSES = {
  residential: { width: 0.8, colour: "road-local", from: 9.5, shield: 11 },
  unclassified: { width: 0.8, colour: "road-local", from: 9, shield: 11 },
  tertiary: { width: 0.9, colour: "road-local", from: 8.5, shield: 10.5 },
  secondary: { width: 1.1, colour: "road-secondary", from: 0, shield: 9.25 },
  primary: { width: 1.5, colour: "road-trunk", from: 0, shield: 8.25 },
  trunk: { width: 1.9, colour: "road-trunk", from: 0, shield: 7.5 },
  motorway: { width: 2.6, colour: "road-motorway", from: 0, shield: 0 },
};
const CLASS_ORDER = Object.keys(CLASSES);

export function roadClass(highway) {
  const found = String(highway ?? "").replace(/_link$/, "");
  return Object.hasOwn(CLASSES, found) ? found : "unclassified";
}

function byClass(layer) {
  layer.byClass ??= CLASS_ORDER.map((name) => [
    name,
    Array.from({ length: layer.n }, (_, i) => i).filter((i) => roadClass(layer.value(i, "highway")) === name),
  ]);
  return layer.byClass;
}

// Shields along a road: at the middle of its visible links, apart from each other.
function shieldSpots(view, layer) {
  const spots = new Map();
  const { partsOf, pointsOf, x, y } = layer.geometry;
  for (let i = 0; i < layer.n; i += 1) {
    const ref = layer.value(i, "ref");
    const name = roadClass(layer.value(i, "highway"));
    if (!ref || layer.shown?.[i] === 0 || view.zoom < CLASSES[name].shield || !view.shows(layer.geometry, i)) continue;
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      for (let k = pointsOf[part]; k < pointsOf[part + 1] - 1; k += 1) {
        const [ax, ay, bx, by] = [view.px(x[k]), view.py(y[k]), view.px(x[k + 1]), view.py(y[k + 1])];
        const length = Math.hypot(bx - ax, by - ay);
        // A road of several numbers stands as "A-10;A-15".
        for (const key of String(ref).split(";")) {
          if (!spots.has(key)) spots.set(key, []);
          spots.get(key).push({ x: (ax + bx) / 2, y: (ay + by) / 2, length, name });
        }
      }
    }
  }
  return spots;
}

// The class of most of a road's length: a stretch shared with a motorway makes it none.
function mainClass(candidates) {
  const lengths = new Map();
  for (const { name, length } of candidates) lengths.set(name, (lengths.get(name) ?? 0) + length);
  return [...lengths].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function shieldLabels(view, ref, candidates) {
  const main = mainClass(candidates);
  const major = CLASS_ORDER.indexOf(main);
  const quiet = major < CLASS_ORDER.indexOf("primary");
  const font = view.font({ size: quiet ? 9.5 : 10.5, weight: 600 });
  const w = view.measure(ref, font) + (quiet ? 7 : 9);
  const h = quiet ? 13 : 15;
  const apart = quiet ? 420 : 260;
  const seen = candidates.filter((c) => c.x > 0 && c.y > 0 && c.x < view.width && c.y < view.height);
  const chosen = [];
  for (const spot of seen.sort((a, b) => b.length - a.length)) {
    if (chosen.every((other) => Math.hypot(other.x - spot.x, other.y - spot.y) > apart)) chosen.push(spot);
  }
  return chosen.map((spot, order) => {
    const others = seen.filter((c) => Math.hypot(c.x - spot.x, c.y - spot.y) < apart / 2).slice(0, 12);
    return {
      text: ref,
      // Places are named before any road but a motorway is numbered.
      rank: (main === "motorway" ? 8 : 34 - major) + order * 3,
      boxes: [spot, ...others].map((c) => ({ x: c.x - w / 2, y: c.y - h / 2, w, h })),
      paint: (at, box) => paintShield(at, box, ref, font, { motorway: main === "motorway", quiet }),
    };
  });
}

function paintShield(view, box, ref, font, { motorway, quiet }) {
  const { ctx, theme } = view;
  ctx.beginPath();
  ctx.roundRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, 3.5);
  ctx.fillStyle = motorway ? theme["shield-major"] : theme.shield;
  ctx.fill();
  view.stroke(theme[motorway ? "shield-major" : quiet ? "road-secondary" : "road-motorway"], 1);
  ctx.textAlign = "left";
  view.write(ref, { ...box, x: box.x + (quiet ? 3.5 : 4.5) }, { font, colour: motorway ? theme["shield-major-ink"] : theme["shield-ink"], halo: 0 });
}

export const roadPainter = {
  order: 2,
  draw(view, layer) {
    const { ctx, theme } = view;
    const grow = Math.max(0.75, Math.min(2.4, 2 ** ((view.zoom - 9.5) / 2.5)));
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    for (const [name, features] of byClass(layer)) {
      const { width, colour, from } = CLASSES[name];
      if (view.zoom < from) continue;
      const open = features.filter((i) => layer.value(i, "access") !== "no");
      ctx.beginPath();
      for (const i of open) if (layer.shown?.[i] !== 0 && view.shows(layer.geometry, i, 8)) view.trace(layer.geometry, i, false);
      if (width > 1) view.stroke(theme["road-casing"], width * grow + 2);
      view.stroke(theme[colour], width * grow);
      ctx.lineCap = "butt";
      ctx.beginPath();
      for (const i of features) {
        if (layer.value(i, "access") === "no" && layer.shown?.[i] !== 0 && view.shows(layer.geometry, i, 8)) view.trace(layer.geometry, i, false);
      }
      view.stroke(theme.site, Math.max(1.2, width * grow), [2, 3]);
      ctx.lineCap = "round";
    }
  },
  labels: (view, layer) => [...shieldSpots(view, layer)].flatMap(([ref, spots]) => shieldLabels(view, ref, spots)),
  mark: markLine,
  hit(view, layer, px, py) {
    const i = nearestLine(layer, view, px, py, 5);
    return i >= 0 && view.zoom >= CLASSES[roadClass(layer.value(i, "highway"))].from ? i : -1;
  },
  name: (layer, i) => [layer.value(i, "ref")?.replaceAll(";", " / "), localValue(layer, i, "name")].filter(Boolean).join(" · "),
  middle: middlePoint,
  popup(layer, i) {
    const speed = layer.value(i, "maxspeed_kmh");
    const basis = layer.value(i, "speed_basis");
    const length = layer.value(i, "length_m") ?? layer.value(i, "length");
    const note = localValue(layer, i, "note");
    return card({
      kicker: word("highway", roadClass(layer.value(i, "highway"))),
      title: roadPainter.name(layer, i),
      rows: [
        [t("popup.jurisdiction"), layer.value(i, "jurisdiction") && word("province", layer.value(i, "jurisdiction"))],
        [t("popup.length"), length === null ? null : formatLength(length)],
        [t("popup.speed"), speed === null ? null : `${formatNumber(speed)} km/h${basis ? ` (${word("basis", basis)})` : ""}`],
      ],
      note: [layer.extra.schematic ? t("disclaimer.schematic") : null, note].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

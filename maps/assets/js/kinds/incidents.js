// Incidents: the area within which each happened, never a bare dot.
import { latLon } from "../core/geometry.js";
import { MANY, paintOverlaps, paintShades } from "../stage/overlaps.js";
import { formatDate, formatLength, formatNumber, t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { SWATCH } from "../stage/swatch.js";
import { circleToWorld, yToLat } from "../core/projection.js";
import { MARK_PX, WAYS, paintWay, placeMarks, wayOf } from "./shared/ways.js";

// Outline and hatching tell the kinds apart without colour.
export const SIGNS = {
  death: { dash: [], angles: [Math.PI / 4], width: 1.8 },
  missing: { dash: [4, 2, 1, 2], angles: [Math.PI / 4, -Math.PI / 4], width: 1.6 },
  injury: { dash: [7, 4], angles: [-Math.PI / 4], width: 1.6 },
  rescue: { dash: [2, 3], angles: [0], width: 1.6 },
  smuggling: { dash: [9, 3, 2, 3], angles: [Math.PI / 2], width: 1.6 },
};
const OTHER = { dash: [1, 4], angles: [], width: 1.4 };

export function incidentStyle(kind) {
  return Object.hasOwn(SIGNS, kind) ? SIGNS[kind] : OTHER;
}

// An area as a circle: the height of its middle and how far it reaches, in world units.
function circleOnGround(layer, i) {
  const { partsOf, pointsOf, y } = layer.geometry;
  return circleToWorld(yToLat(y[pointsOf[partsOf[i]]]), layer.value(i, "radius_m") ?? 0);
}

function reachAround(layer, i) {
  return circleOnGround(layer, i).reach;
}

// Middle and reach of each area in world units, and which have a place: as they stand, and by size.
function areasOf(layer) {
  if (layer.areas) return layer.areas;
  const { partsOf, pointsOf, x } = layer.geometry;
  const metres = Float64Array.from({ length: layer.n }, (_, i) => layer.value(i, "radius_m") ?? 0);
  const placed = Array.from({ length: layer.n }, (_, i) => i).filter((i) => pointsOf[partsOf[i]] < pointsOf[partsOf[i + 1]]);
  const areas = { placed, x: new Float64Array(layer.n), y: new Float64Array(layer.n), reach: new Float64Array(layer.n) };
  for (const i of placed) {
    const k = pointsOf[partsOf[i]];
    const circle = circleOnGround(layer, i);
    areas.x[i] = x[k];
    areas.y[i] = circle.y;
    areas.reach[i] = circle.reach;
  }
  areas.bySize = placed.toSorted((a, b) => metres[b] - metres[a]);
  layer.areas = areas;
  return areas;
}

// No area is too small to be seen.
function radiusOf(view, reach) {
  return Math.max(5, reach * view.scale);
}

function circleOf(view, layer, i) {
  const { partsOf, pointsOf } = layer.geometry;
  if (pointsOf[partsOf[i]] === pointsOf[partsOf[i + 1]]) return null;
  const { x, y, reach } = areasOf(layer);
  return { x: view.px(x[i]), y: view.py(y[i]), r: radiusOf(view, reach[i]) };
}

// The shown areas that meet the canvas, the largest first.
function areasInView(view, layer) {
  const { x, y, reach, bySize } = areasOf(layer);
  return bySize.filter((i) => {
    if (layer.shown?.[i] === 0) return false;
    const r = radiusOf(view, reach[i]) + 2; // and half of its outline
    const [px, py] = [view.px(x[i]), view.py(y[i])];
    return px + r > 0 && px - r < view.width && py + r > 0 && py - r < view.height;
  });
}

function hatchCircle(ctx, { x, y, r }, angles, gap) {
  for (const angle of angles) {
    const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
    for (let offset = -r + gap / 2; offset < r; offset += gap) {
      const half = Math.sqrt(r * r - offset * offset);
      const [cx, cy] = [x - uy * offset, y + ux * offset];
      ctx.moveTo(cx - ux * half, cy - uy * half);
      ctx.lineTo(cx + ux * half, cy + uy * half);
    }
  }
}

const inkOf = (theme, kind) => (Object.hasOwn(SIGNS, kind) ? theme[kind] : theme.muted);

// The vaguer a place, the fainter its area: a circle has at most as much ink as others, however large it is.
export function inkStrength(r) {
  return Math.min(1, 16 / r);
}

// Lines over a large area would be read before anything else: beyond this only its edge tells the kind.
export const HATCHED_PX = 40;

export function paintCircle(view, circle, kind, strength = 1) {
  const { ctx, theme } = view;
  const style = incidentStyle(kind);
  const colour = inkOf(theme, kind);
  const ink = inkStrength(circle.r);
  ctx.beginPath();
  ctx.arc(circle.x, circle.y, circle.r, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.globalAlpha = Math.min(1, (0.02 + 0.14 * ink) * strength);
  ctx.fill();
  ctx.globalAlpha = Math.min(1, (0.3 + 0.55 * ink) * strength);
  view.stroke(colour, (0.8 + (style.width - 0.8) * ink) * strength, style.dash);
  ctx.globalAlpha = 1;
  if (circle.r > HATCHED_PX) return;
  ctx.beginPath();
  hatchCircle(ctx, circle, style.angles, circle.r > 30 ? 11 : 7);
  ctx.globalAlpha = Math.min(1, (0.03 + 0.3 * ink) * strength);
  view.stroke(colour, 0.8);
  ctx.globalAlpha = 1;
}

// The side that an incident is on, if the land of the map bears out what its row says; else null.
function sideOf(view, layer, i) {
  const country = layer.value(i, "country");
  const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
  return view.isOn(country, layer.geometry.x[k], layer.geometry.y[k]) ? country : null;
}

// The areas of each side are cut at the border: what happened on one side did not happen on the other.
function paintAreas(view, layer, seen, strength = 1) {
  const sides = new Map();
  for (const i of seen) {
    const side = sideOf(view, layer, i);
    if (!sides.has(side)) sides.set(side, []);
    sides.get(side).push(i);
  }
  for (const [side, own] of sides) {
    const circles = own.map((i) => circleOf(view, layer, i));
    view.paintOn(side, rectangleAround(circles), () => own.forEach((i, k) => paintCircle(view, circles[k], layer.value(i, "kind"), strength)));
  }
}

// What circles and their outlines may cover.
function rectangleAround(circles) {
  const edge = (name, sign) => circles.map((circle) => circle[name] + sign * (circle.r + 2));
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return { left: least(edge("x", -1)), top: least(edge("y", -1)), right: most(edge("x", 1)), bottom: most(edge("y", 1)) };
}

// Where the marks of what is seen stand, none over another and none on the other side.
function marksOf(view, layer, seen) {
  const spots = seen.toSorted((a, b) => a - b).map((i) => ({ i, side: sideOf(view, layer, i), ...circleOf(view, layer, i) }));
  const fits = ({ side }, { x, y }) => side === null || view.isOn(side, (x + view.origin.x) / view.scale, (y + view.origin.y) / view.scale);
  return placeMarks(spots, { taken: view.symbols, fits });
}

function paintMark(view, layer, { i, x, y }, r = MARK_PX) {
  paintWay(view.ctx, { x, y, r }, wayOf(layer.value(i, "direction")), { colour: inkOf(view.theme, layer.value(i, "kind")), paper: view.theme.paper });
}

// How many of the shown happened to people going each way, in the order of the marks.
function waysOf(layer) {
  const counts = new Map();
  for (let i = 0; i < layer.n; i += 1) {
    if (layer.shown?.[i] === 0) continue;
    const way = wayOf(layer.value(i, "direction"));
    counts.set(way, (counts.get(way) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => (a === "unknown") - (b === "unknown") || n - m || a.localeCompare(b));
}

// Which way people were going, in words; nothing where the table has no ways.
function wayWords(layer, i) {
  const direction = layer.value(i, "direction");
  return direction === null ? "" : WAYS.includes(direction) || direction === "unknown" ? t(`legend.way.${direction}`) : word("direction", direction);
}

function waySwatch(way) {
  return (ctx, theme) => paintWay(ctx, { x: SWATCH.w / 2, y: SWATCH.h / 2 }, way, { colour: theme.muted, paper: theme.paper });
}

function incidentSwatch(kind) {
  return (ctx, theme) => {
    const circle = { x: SWATCH.w / 2, y: SWATCH.h / 2, r: 8 };
    const colour = Object.hasOwn(SIGNS, kind) ? theme[kind] : theme.muted;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(circle.x, circle.y, circle.r, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.12;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.5;
    ctx.setLineDash(incidentStyle(kind).dash);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    hatchCircle(ctx, circle, incidentStyle(kind).angles, 4.5);
    ctx.globalAlpha = 0.5;
    ctx.lineWidth = 0.8;
    ctx.stroke();
    ctx.globalAlpha = 1;
  };
}

export const incidentKind = {
  rank: { drawn: 30, legend: 50, read: 20, table: 20 },
  id: "id",
  columns: [
    { name: "date", as: "date" },
    { name: "place_name", as: "local", heads: true },
    { name: "kind", as: "word", groups: ["kind"] },
    { name: "direction", as: "word", groups: ["direction"] },
    { name: "deaths", as: "number" },
    { name: "missing", as: "number" },
    { name: "injured", as: "number" },
    { name: "radius_m", as: "length" },
    { name: "summary", as: "local", long: true },
  ],
  signs(layer) {
    const found = new Set(Array.from({ length: layer.n }, (_, i) => layer.value(i, "kind")));
    const known = Object.keys(SIGNS).filter((kind) => found.has(kind));
    const others = [...found].filter((kind) => !Object.hasOwn(SIGNS, kind));
    others.sort((a, b) => (a === null) - (b === null) || String(a).localeCompare(String(b)));
    const entries = [...known, ...others].map((kind) => [
      incidentSwatch(kind),
      () => (kind === null || kind === undefined ? t("unknown") : word("kind", kind)),
    ]);
    const ways = waysOf(layer);
    if (ways.some(([way]) => way !== "unknown")) {
      entries.push(...ways.map(([way, count]) => [waySwatch(way), () => `${t(`legend.way.${way}`)} (${formatNumber(count)})`]));
    }
    if (layer.n > MANY) entries.push([(ctx, theme) => paintShades(ctx, theme, SWATCH), () => t("legend.many", { count: formatNumber(MANY) })]);
    return entries;
  },
  reach: reachAround,
  draw(view, layer) {
    const seen = areasInView(view, layer);
    layer.marks = [];
    if (seen.length > MANY) {
      const { x, y, reach } = areasOf(layer);
      paintOverlaps(view, Float64Array.from(seen.flatMap((i) => [view.px(x[i]), view.py(y[i]), radiusOf(view, reach[i])])));
      return;
    }
    paintAreas(view, layer, seen);
    layer.marks = marksOf(view, layer, seen);
    for (const mark of layer.marks) paintMark(view, layer, mark);
  },
  // No label lies over a mark.
  block(view, layer) {
    for (const { x, y } of layer.marks ?? []) view.board.mark({ x: x - MARK_PX, y: y - MARK_PX, w: 2 * MARK_PX, h: 2 * MARK_PX });
  },
  mark(view, layer, i) {
    if (!circleOf(view, layer, i)) return;
    paintAreas(view, layer, [i], 2);
    const mark = layer.marks?.find((other) => other.i === i);
    if (mark) paintMark(view, layer, mark, MARK_PX + 2.5);
  },
  // A mark; else the smallest area that holds the point, near its edge or centre before others of its size.
  hit(view, layer, px, py) {
    const mark = layer.marks?.findLast((one) => Math.hypot(px - one.x, py - one.y) <= MARK_PX + 2 && layer.shown?.[one.i] !== 0);
    if (mark) return mark.i;
    const { x, y, reach, placed } = areasOf(layer);
    let found = -1;
    let best = Infinity;
    for (const i of placed) {
      if (layer.shown?.[i] === 0) continue;
      const r = radiusOf(view, reach[i]);
      const [east, south] = [px - view.px(x[i]), py - view.py(y[i])];
      if (east * east + south * south > (r + 3) ** 2) continue;
      const side = sideOf(view, layer, i);
      if (side !== null && !view.isOn(side, (px + view.origin.x) / view.scale, (py + view.origin.y) / view.scale)) continue;
      const size = r + Math.hypot(east, south) / 1000;
      if (size < best) [found, best] = [i, size];
    }
    return found;
  },
  name: (layer, i) =>
    [word("kind", layer.value(i, "kind")), localValue(layer, i, "place_name"), formatDate(layer.value(i, "date")), wayWords(layer, i)].filter(Boolean).join(" · "),
  anchor(layer, i) {
    const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
    return latLon(layer.geometry, k);
  },
  popup(layer, i) {
    const count = (name) => {
      const n = layer.value(i, name);
      return n === null ? t("unknown") : formatNumber(n);
    };
    const precision = layer.value(i, "location_precision");
    const within = t("popup.within", { distance: formatLength(layer.value(i, "radius_m")) });
    const masked = layer.value(i, "mask_method") !== null && t("popup.masked_by", {
      least: formatLength(layer.value(i, "mask_min_m")),
      most: formatLength(layer.value(i, "mask_max_m")),
    });
    return card({
      kicker: [word("kind", layer.value(i, "kind")), wayWords(layer, i), formatDate(layer.value(i, "date"))].filter(Boolean).join(" · "),
      title: localValue(layer, i, "place_name"),
      text: [localValue(layer, i, "summary")],
      rows: [
        [t("popup.deaths"), count("deaths")],
        [t("popup.missing"), layer.value(i, "missing") === null ? null : count("missing")],
        [t("popup.injured"), count("injured")],
        [t("popup.cause"), localValue(layer, i, "cause")],
        [t("popup.area"), precision === null ? within : `${word("precision", precision)}, ${within}`],
        [t("popup.masked"), masked || null],
        [t("popup.placed"), localValue(layer, i, "location_basis")],
        [t("popup.name"), layer.value(i, "victim_name")],
        [t("popup.name_reason"), layer.value(i, "named_reason")],
      ],
      note: localValue(layer, i, "note"),
      layer,
      i,
    });
  },
};

// What the layers of travel share: two dates of which one is shown, hatched areas, hits.
import { featureDistance2, featureHolds } from "../../core/geometry.js";
import { formatNumber, t } from "../../core/i18n.js";
import { metresToWorld } from "../../core/projection.js";

const HIT_PX = 5;

export const SWIPE = "swipe";
export const STATES = ["before", "after", "change", SWIPE];

// Which features belong to a state: those of its date and those of no date. What changed of a
// kind that shows both dates, such as routes, is what it shows of each, but not what is the same on both.
export function stateMask(layer, state) {
  const both = state === "change" && layer.traits.bothDates;
  return Uint8Array.from({ length: layer.n }, (_, i) => {
    const when = layer.value(i, "when");
    return when === null || when === state || (state === SWIPE && when !== "change") || (both && layer.value(i, "same") !== true) ? 1 : 0;
  });
}

// Until the reader has chosen, a layer of two dates shows the earlier one. Another filter may
// hide more, never bring back what the state hides.
function travelShows(layer, i) {
  layer.mask ??= stateMask(layer, STATES[0]);
  return layer.mask[i] === 1 && (!layer.shown || layer.shown[i] === 1);
}

export function setState(layer, state) {
  layer.mask = stateMask(layer, state);
  layer.split = state === SWIPE ? (layer.split ?? 0.5) : null;
  return layer.mask;
}

export function shownOf(layer) {
  return Array.from({ length: layer.n }, (_, i) => i).filter((i) => travelShows(layer, i));
}

// Where the earlier day ends and the later begins, in pixels of the canvas; null where one is shown.
function dividerOf(view, layer) {
  return layer.split === null || layer.split === undefined ? null : view.inner.x + view.inner.w * layer.split;
}

// Whether what stands from one place to another, in pixels across, is on its day's side of the divider.
export function onItsSide(view, layer, i, from, to = from) {
  const divider = dividerOf(view, layer);
  const when = layer.value(i, "when");
  if (divider === null || when === null) return true;
  return when === "before" ? to <= divider : from >= divider;
}

// Draws what is shown; of two days side by side each on its own side, and the divider between them.
export function drawDated(view, layer, paint) {
  const divider = dividerOf(view, layer);
  if (divider === null) {
    shownOf(layer).forEach(paint);
    return;
  }
  const { ctx, height, width } = view;
  for (const [day, from, to] of [["before", 0, divider], ["after", divider, width]]) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, 0, to - from, height);
    ctx.clip();
    shownOf(layer).filter((i) => [day, null].includes(layer.value(i, "when"))).forEach(paint);
    ctx.restore();
  }
  ctx.beginPath();
  ctx.moveTo(divider, 0);
  ctx.lineTo(divider, height);
  view.stroke(view.theme.halo, 4);
  view.stroke(view.theme.ink, 1.6);
}

// The topmost area at a point of the canvas: what is drawn last lies on top.
export function areaAt(view, layer, px, py) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  const near = (HIT_PX / view.scale) ** 2;
  const shown = shownOf(layer).filter((i) => onItsSide(view, layer, i, px));
  const held = shown.findLast((i) => featureHolds(layer.geometry, i, x, y));
  // An area along a road is thin from afar: its band answers, too.
  return held ?? shown.findLast((i) => featureDistance2(layer.geometry, i, x, y, HIT_PX / view.scale) <= near) ?? -1;
}

export function formatMinutes(seconds) {
  if (seconds === null || seconds === undefined) return t("unknown");
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return t("travel.seconds", { seconds: formatNumber(Math.round(seconds)) });
  if (minutes < 60) return t("travel.minutes", { minutes: formatNumber(minutes) });
  const rest = String(minutes % 60).padStart(2, "0");
  return t("travel.hours", { hours: formatNumber(Math.floor(minutes / 60)), minutes: rest });
}

const RIBBON_M = 500; // how wide an area along a road is
const TILE = 8;
const LINES = [
  [[0, TILE, TILE, 0]],
  [[0, 0, TILE, TILE]],
  [[0, TILE / 2, TILE, TILE / 2]],
  [[TILE / 2, 0, TILE / 2, TILE]],
  [[0, 0, TILE, TILE], [0, TILE, TILE, 0]],
];
export const CROSSED = 4;

// A hatching that repeats, made once: four directions, and crossed.
const hatchings = new Map();
export function hatchFill(ctx, colour, kind, width = 1.1) {
  const key = `${colour} ${kind} ${width}`;
  if (!hatchings.has(key)) hatchings.set(key, makeHatching(ctx, colour, kind, width));
  return hatchings.get(key);
}

function makeHatching(ctx, colour, kind, width) {
  const sharp = 2;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * sharp;
  const pen = tile.getContext("2d");
  pen.scale(sharp, sharp);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = "square";
  for (const [ax, ay, bx, by] of LINES[kind]) {
    // The corners of a diagonal are drawn by its neighbours too.
    for (const shift of ax === bx || ay === by ? [0] : [-TILE, 0, TILE]) {
      pen.beginPath();
      pen.moveTo(ax + shift, ay);
      pen.lineTo(bx + shift, by);
      pen.stroke();
    }
  }
  const pattern = ctx.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / sharp));
  return pattern;
}

// Fills a feature with a tint and a hatching, and draws its edge.
export function paintArea(view, layer, i, { colour, tint, hatch = null, edge = 1, dash = [], width = 1.1, least = 0, band = 0.55 }) {
  const { ctx } = view;
  ctx.beginPath();
  view.trace(layer.geometry, i, true);
  ctx.fillStyle = colour;
  ctx.globalAlpha = tint;
  ctx.fill("evenodd");
  if (hatch !== null) {
    ctx.globalAlpha = 0.6;
    ctx.fillStyle = hatchFill(ctx, colour, hatch, width);
    ctx.fill("evenodd");
  }
  ctx.lineJoin = "round";
  // Seen from afar an area along a road is thinner than the road's line: a band shows it.
  const thin = least - metresToWorld(RIBBON_M, 45) * view.scale;
  ctx.globalAlpha = band;
  if (thin > 0) view.stroke(colour, thin);
  ctx.globalAlpha = 1;
  if (edge > 0) view.stroke(colour, edge, dash);
}

// Places along a feature's longest ring, where a label may stand.
export function spotsAlong(view, layer, i, wanted = 24) {
  const { partsOf, pointsOf, x, y } = layer.geometry;
  let ring = partsOf[i];
  for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
    if (pointsOf[part + 1] - pointsOf[part] > pointsOf[ring + 1] - pointsOf[ring]) ring = part;
  }
  const [first, last] = [pointsOf[ring], pointsOf[ring + 1]];
  const step = Math.max(1, Math.floor((last - first) / wanted));
  const spots = [];
  for (let k = first; k < last; k += step) spots.push({ x: view.px(x[k]), y: view.py(y[k]) });
  return spots;
}

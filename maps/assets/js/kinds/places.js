// Towns, and regions named in the open.
import { boxesAround, overlaps } from "../stage/labels.js";
import { latLon } from "../core/geometry.js";
import { formatNumber, t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";

const RANKS = { city: 1, town: 2, village: 3, hamlet: 5, airport: 6, station: 6 };

function placeStyle(layer, i) {
  const kind = layer.value(i, "kind");
  const people = layer.value(i, "population") ?? 0;
  if (kind === "region") return { rank: 22, size: 12.5, weight: 400, from: 8, region: true };
  if (people >= 1_000_000) return { rank: 1, size: 18, weight: 600, from: 0, dot: 4 };
  if (people >= 100_000) return { rank: 3 - people / 1_000_000, size: 16, weight: 600, from: 0, dot: 3.6 };
  if (people >= 15_000) return { rank: 4, size: 13.5, weight: 600, from: 7, dot: 3 };
  if (kind === "city") return { rank: 5, size: 13.5, weight: 600, from: 7, dot: 3 };
  if (people >= 5_000 || kind === "town") return { rank: 16, size: 12.5, weight: 400, from: 8, dot: 2.4 };
  return { rank: 17 + (RANKS[kind] ?? 4), size: 12, weight: 400, from: kind === "village" ? 9 : 9.75, dot: 2 };
}

// Where a place stands on the canvas, if this zoom shows it.
function spotOf(view, layer, i) {
  if (layer.shown?.[i] === 0) return null;
  const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
  if (k === layer.geometry.pointsOf[layer.geometry.partsOf[i + 1]]) return null;
  const style = placeStyle(layer, i);
  if (view.zoom < style.from) return null;
  const [x, y] = [view.px(layer.geometry.x[k]), view.py(layer.geometry.y[k])];
  const { x: left, y: top, w, h } = view.inner;
  const seen = x > left + 5 && y > top + 5 && x < left + w - 5 && y < top + h - 5;
  return seen ? { x, y, style } : null;
}

function regionLabel(view, text, spot) {
  const font = view.font({ size: spot.style.size, italic: true, serif: true });
  const w = view.measure(text, font, 1.5);
  return {
    text,
    rank: spot.style.rank,
    boxes: [0, -24, 24, -48, 48].map((dy) => ({ x: spot.x - w / 2, y: spot.y - 8 + dy, w, h: 16 })),
    paint: (at, box) => at.write(text, box, { font, colour: at.theme.muted, spacing: 1.5 }),
  };
}

function dotBox({ x, y, style }) {
  const r = (style.dot ?? 0) + 1.5;
  return { x: x - r, y: y - r, w: 2 * r, h: 2 * r };
}

const TOLD_PX = 12; // a mark this near a place's dot tells of the place
const MAJOR = 5; // up to this rank a place's dot keeps its room before any label is placed

export const placeKind = {
  rank: { drawn: 50, legend: 90, read: 60, table: 40 },
  ground: true,
  id: "place_id",
  columns: [
    { name: "name", as: "local", heads: true },
    { name: "kind", as: "word", groups: ["place"] },
    { name: "admin1", as: "word", groups: ["province"] },
    { name: "population", as: "number" },
  ],
  // A dot is drawn with its label, so that no nameless dots crowd the map.
  draw() {},
  symbols(view, layer) {
    const spots = Array.from({ length: layer.n }, (_, i) => spotOf(view, layer, i));
    return spots.filter((spot) => spot && !spot.style.region).map(({ x, y, style }) => ({ x, y, r: style.dot + 1 }));
  },
  block(view, layer) {
    for (let i = 0; i < layer.n; i += 1) {
      const spot = spotOf(view, layer, i);
      if (!spot || spot.style.region) continue;
      if (spot.style.rank <= MAJOR) view.board.block(dotBox(spot));
      else view.board.shun(dotBox(spot));
    }
  },
  labels(view, layer) {
    layer.written = new Map();
    const wanted = [];
    for (let i = 0; i < layer.n; i += 1) {
      const spot = spotOf(view, layer, i);
      const text = String(localValue(layer, i, "name") ?? "");
      if (!spot || !text) continue;
      if (spot.style.region) {
        wanted.push(regionLabel(view, text, spot));
        continue;
      }
      const { size, weight, dot, rank } = spot.style;
      const font = view.font({ size, weight });
      const w = view.measure(text, font);
      // What is marked beside a place is read by its name: it comes sooner, and may stand farther off.
      const told = view.board.marks.some((mark) => overlaps(mark, { x: spot.x - TOLD_PX, y: spot.y - TOLD_PX, w: 2 * TOLD_PX, h: 2 * TOLD_PX }));
      const gaps = told ? [4, 10, 16] : [4];
      wanted.push({
        text,
        rank: (told ? Math.min(rank, MAJOR + 1) : rank) + i / 10_000,
        boxes: (at) =>
          rank <= MAJOR || at.board.free({ x: spot.x - 1, y: spot.y - 1, w: 2, h: 2 })
            ? gaps.flatMap((gap) => boxesAround(spot.x, spot.y, w, size + 1, dot + gap))
            : [],
        paint(at, box) {
          const { ctx, theme } = at;
          at.board.block(dotBox(spot));
          ctx.beginPath();
          ctx.arc(spot.x, spot.y, dot, 0, 2 * Math.PI);
          ctx.fillStyle = theme.halo;
          ctx.fill();
          at.stroke(theme.ink, 1.4);
          at.write(text, box, { font, colour: theme.ink });
          layer.written.set(i, { box, spot });
        },
      });
    }
    return wanted;
  },
  // The dot or its written name.
  hit(view, layer, px, py) {
    for (const [i, { box, spot }] of layer.written ?? []) {
      const onName = px >= box.x && px <= box.x + box.w && py >= box.y && py <= box.y + box.h;
      if (onName || Math.hypot(px - spot.x, py - spot.y) < 7) return i;
    }
    return -1;
  },
  name: (layer, i) => localValue(layer, i, "name"),
  anchor(layer, i) {
    const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
    return latLon(layer.geometry, k);
  },
  popup: (layer, i) =>
    card({
      kicker: [word("place", layer.value(i, "kind")), word("province", layer.value(i, "admin1"))].join(" · "),
      title: localValue(layer, i, "name"),
      rows: [
        [t("popup.population"), layer.value(i, "population") === null ? null : formatNumber(layer.value(i, "population"))],
      ],
      note: localValue(layer, i, "note"),
      layer,
      i,
    }),
};

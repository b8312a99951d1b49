// States and provinces: quiet areas, with names where they have room.
import { t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { areaSwatch } from "../stage/swatch.js";
import { areaHolding, areaLabel, boxMiddle } from "./shared/areas.js";

// Colours of land on the first side, on the second, and of neither.
const LANDS = ["land-first", "land-second", "land-other"];

// The layer's own frame is where the study area was cut, not a boundary: it is drawn as a frame.
function layerFrame({ box }, n) {
  const frame = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < n; i += 1) {
    frame[0] = Math.min(frame[0], box[4 * i]);
    frame[1] = Math.min(frame[1], box[4 * i + 1]);
    frame[2] = Math.max(frame[2], box[4 * i + 2]);
    frame[3] = Math.max(frame[3], box[4 * i + 3]);
  }
  return frame;
}

function strokeInner(view, layer) {
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const frame = layerFrame(layer.geometry, layer.n);
  const near = (a, b) => Math.abs(a - b) < 1e-8;
  const cut = (k) =>
    (near(x[k], frame[0]) && near(x[k + 1], frame[0])) ||
    (near(x[k], frame[2]) && near(x[k + 1], frame[2])) ||
    (near(y[k], frame[1]) && near(y[k + 1], frame[1])) ||
    (near(y[k], frame[3]) && near(y[k + 1], frame[3]));
  view.ctx.beginPath();
  for (let part = 0; part < partsOf[layer.n]; part += 1) {
    let down = false;
    for (let k = pointsOf[part]; k < pointsOf[part + 1] - 1; k += 1) {
      if (cut(k)) {
        down = false;
        continue;
      }
      if (!down) view.ctx.moveTo(view.px(x[k]), view.py(y[k]));
      view.ctx.lineTo(view.px(x[k + 1]), view.py(y[k + 1]));
      down = true;
    }
  }
  view.stroke(view.theme.frontier, 1);
  const [left, right] = [view.px(frame[0]), view.px(frame[2])];
  const [top, bottom] = [view.py(frame[1]), view.py(frame[3])];
  view.ctx.beginPath();
  view.ctx.rect(left, top, right - left, bottom - top);
  view.ctx.globalAlpha = 0.5;
  view.stroke(view.theme.frontier, 1);
  view.ctx.globalAlpha = 1;
}

// Beyond the frame nothing is mapped: it stays blank, and each wide strip says so once. Hatching there
// would be most of a wide view, and would read as what is counted.
function beyondLabels(view, layer) {
  const frame = layerFrame(layer.geometry, layer.n);
  const { inner } = view;
  const text = t("map.beyond");
  const font = view.font({ size: 12.5, italic: true });
  const w = view.measure(text, font);
  const strips = [
    [inner.y, view.py(frame[1])],
    [view.py(frame[3]), inner.y + inner.h],
  ];
  return strips
    .filter(([from, to]) => to - from > 40)
    .map(([from, to]) => {
      const y = (from + to) / 2 - 8;
      return {
        text,
        rank: 60,
        boxes: [0.5, 0.7, 0.35].map((share) => ({ x: inner.x + share * inner.w - w / 2, y, w, h: 16 })),
        paint: (at, box) => at.write(text, box, { font, colour: at.theme.muted, halo: 6 }),
      };
    });
}

export const jurisdictionKind = {
  rank: { drawn: 0, legend: 110, read: 100, table: 70 },
  ground: true,
  lands: true,
  id: "id",
  columns: [
    { name: "name", as: "local", heads: true },
    { name: "kind", as: "word", groups: ["jurisdiction"] },
    { name: "country", as: "word", groups: ["country"] },
  ],
  signs: ({ extra: { sides } }) => sides.map(({ code }, k) => [areaSwatch(LANDS[k]), () => word("country", code)]),
  draw(view, layer) {
    const { ctx, theme } = view;
    const sides = layer.extra.sides.map(({ code }) => code);
    for (let i = 0; i < layer.n; i += 1) {
      if (layer.shown?.[i] === 0 || !view.shows(layer.geometry, i)) continue;
      ctx.beginPath();
      view.trace(layer.geometry, i, true);
      const side = sides.indexOf(layer.value(i, "country"));
      ctx.fillStyle = theme[LANDS[side < 0 ? 2 : side]];
      ctx.globalAlpha = view.overTiles ? 0.12 : 1;
      ctx.fill("evenodd");
      ctx.globalAlpha = 1;
    }
    strokeInner(view, layer);
  },
  labels(view, layer) {
    const font = view.font({ size: 13, weight: 600 });
    const beyond = view.overTiles ? [] : beyondLabels(view, layer);
    const names = Array.from({ length: layer.n }, (_, i) => i)
      .filter((i) => layer.shown?.[i] !== 0 && view.shows(layer.geometry, i))
      .map((i) => {
        const text = String(localValue(layer, i, "name") ?? "").toLocaleUpperCase();
        return areaLabel(view, layer, i, { text, font, colour: view.theme.muted, spacing: 3.5, rank: 10.5, apart: true });
      });
    return [...names, ...beyond];
  },
  hit: areaHolding,
  middle: boxMiddle,
  popup: (layer, i) =>
    card({
      kicker: word("jurisdiction", layer.value(i, "kind")),
      title: localValue(layer, i, "name"),
      note: localValue(layer, i, "note"),
      layer,
      i,
    }),
};

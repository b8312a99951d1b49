// Land and water: quiet areas, with names where they have room.
import { featureHolds } from "../core/geometry.js";
import { t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { xToLon, yToLat } from "../core/projection.js";

function holding(layer, view, px, py) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  for (let i = layer.n - 1; i >= 0; i -= 1) if (layer.shown?.[i] !== 0 && featureHolds(layer.geometry, i, x, y)) return i;
  return -1;
}

function middleOf(layer, i) {
  const { box } = layer.geometry;
  return [yToLat((box[4 * i + 1] + box[4 * i + 3]) / 2), xToLon((box[4 * i] + box[4 * i + 2]) / 2)];
}

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

// Beyond the frame nothing is mapped, and that is drawn: hatched, so that it is not read as empty land.
function hatchBeyond(view, layer) {
  const { ctx, width, height } = view;
  const frame = layerFrame(layer.geometry, layer.n);
  const [left, right] = [view.px(frame[0]), view.px(frame[2])];
  const [top, bottom] = [view.py(frame[1]), view.py(frame[3])];
  if (!(left > 0 || top > 0 || right < width || bottom < height)) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, width, height);
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip("evenodd");
  ctx.beginPath();
  for (let x = -height; x < width; x += 9) {
    ctx.moveTo(x, height);
    ctx.lineTo(x + height, 0);
  }
  ctx.globalAlpha = 0.3;
  view.stroke(view.theme.frontier, 1);
  ctx.restore();
}

// Says so once in each wide strip.
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

// A name in the roomiest part of what is seen of an area.
function areaLabel(view, layer, i, { text, font, colour, spacing, rank, fine = false }) {
  const w = view.measure(text, font, spacing);
  const h = 14;
  const inner = view.inner;
  const holdsBox = (x, y) =>
    [-0.5, 0, 0.5].every((f) => featureHolds(layer.geometry, i, (x + f * w + view.origin.x) / view.scale, (y + view.origin.y) / view.scale));
  return {
    text,
    rank,
    boxes: () => {
      const boxAt = (x, y) => ({ x: x - w / 2, y: y - h / 2, w, h });
      const spot = view.roomiest((x, y) => featureHolds(layer.geometry, i, x, y), {
        across: fine ? 41 : 19,
        down: fine ? 37 : 19,
        clearance: (x, y) => {
          const box = boxAt(x, y);
          if (box.x < inner.x + 8 || box.x + w > inner.x + inner.w - 8) return null;
          if (box.y < inner.y + 8 || box.y + h > inner.y + inner.h - 8) return null;
          if (!view.board.free(box)) return null;
          const edge = Math.min(x - inner.x, inner.x + inner.w - x, 2 * (y - inner.y), 2 * (inner.y + inner.h - y));
          const dry = !fine && view.wet(x, y) ? -500 : 0;
          return (holdsBox(x, y) ? 1000 : fine ? 300 : 0) + dry + edge;
        },
      });
      return spot ? [boxAt(spot.x, spot.y)] : [];
    },
    paint: (at, box) => at.write(text, box, { font, colour, spacing }),
  };
}

export const jurisdictionPainter = {
  order: 0,
  draw(view, layer) {
    const { ctx, theme } = view;
    if (!view.overTiles) hatchBeyond(view, layer);
    for (let i = 0; i < layer.n; i += 1) {
      if (layer.shown?.[i] === 0 || !view.shows(layer.geometry, i)) continue;
      ctx.beginPath();
      view.trace(layer.geometry, i, true);
      ctx.fillStyle = layer.value(i, "country") === "CA" ? theme["land-ca"] : theme["land-us"];
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
        return areaLabel(view, layer, i, { text, font, colour: view.theme.muted, spacing: 3.5, rank: 10.5 });
      });
    return [...names, ...beyond];
  },
  hit: (view, layer, px, py) => holding(layer, view, px, py),
  middle: middleOf,
  popup: (layer, i) =>
    card({
      kicker: word("jurisdiction", layer.value(i, "kind")),
      title: localValue(layer, i, "name"),
      note: localValue(layer, i, "note"),
      layer,
      i,
    }),
};

export const waterPainter = {
  order: 1,
  draw(view, layer) {
    const { ctx, theme } = view;
    if (view.overTiles) return;
    for (let i = 0; i < layer.n; i += 1) {
      if (layer.shown?.[i] === 0 || !view.shows(layer.geometry, i)) continue;
      ctx.beginPath();
      view.trace(layer.geometry, i, true);
      ctx.fillStyle = theme.water;
      ctx.fill("evenodd");
      view.stroke(theme.river, 0.8);
    }
  },
  labels(view, layer) {
    if (view.overTiles) return [];
    const font = view.font({ size: 12, italic: true });
    const seen = new Set();
    return Array.from({ length: layer.n }, (_, i) => i)
      .filter((i) => layer.shown?.[i] !== 0 && view.shows(layer.geometry, i))
      .map((i) => {
        const text = String(localValue(layer, i, "name") ?? "");
        if (!text || seen.has(text)) return null;
        seen.add(text);
        return areaLabel(view, layer, i, { text, font, colour: view.theme["water-ink"], spacing: 0.4, rank: 24, fine: true });
      })
      .filter(Boolean);
  },
  hit: (view, layer, px, py) => (view.overTiles ? -1 : holding(layer, view, px, py)),
  name: (layer, i) => localValue(layer, i, "name"),
  middle: middleOf,
  popup: (layer, i) =>
    card({
      kicker: word("water", layer.value(i, "kind")),
      title: localValue(layer, i, "name"),
      note: [t("popup.generalised"), localValue(layer, i, "note")].filter(Boolean).join(" "),
      layer,
      i,
    }),
};

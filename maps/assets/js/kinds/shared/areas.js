// What areas of any kind share: which one holds a point, their middle, a mark, a name inside.
import { featureHolds } from "../../core/geometry.js";
import { xToLon, yToLat } from "../../core/projection.js";

// The topmost shown area that holds a point of the canvas; -1 where none does.
export function areaHolding(view, layer, px, py) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  for (let i = layer.n - 1; i >= 0; i -= 1) if (layer.shown?.[i] !== 0 && featureHolds(layer.geometry, i, x, y)) return i;
  return -1;
}

// The middle of a feature's box, [lat, lon].
export function boxMiddle(layer, i) {
  const { box } = layer.geometry;
  return [yToLat((box[4 * i + 1] + box[4 * i + 3]) / 2), xToLon((box[4 * i] + box[4 * i + 2]) / 2)];
}

export function markArea(view, layer, i) {
  view.ctx.beginPath();
  view.trace(layer.geometry, i, true);
  view.ctx.globalAlpha = 0.6;
  view.stroke(view.theme.select, 2);
  view.ctx.globalAlpha = 1;
}

const NAME_CORNERS = [[-0.5, 1], [0.5, 1], [-0.5, -1], [0.5, -1]];

const NAME_PARTS = [-0.5, -0.375, -0.25, -0.125, 0, 0.125, 0.25, 0.375, 0.5].flatMap((f) => [[f, -0.4], [f, 0.4]]);

// A name in the roomiest part of what is seen of an area; one of a land never on another land.
export function areaLabel(view, layer, i, { text, font, colour, spacing, rank, fine = false, apart = false }) {
  const w = view.measure(text, font, spacing);
  const h = 14;
  const inner = view.inner;
  // The corners and as much again above and below: a name keeps off its area's edge.
  const holdsBox = (x, y) =>
    NAME_CORNERS.every(([f, g]) => featureHolds(layer.geometry, i, (x + f * w + view.origin.x) / view.scale, (y + g * h + view.origin.y) / view.scale));
  const others = apart ? Array.from({ length: layer.n }, (_, k) => k).filter((k) => k !== i) : [];
  const strays = (x, y) =>
    NAME_PARTS.some(([f, g]) => others.some((k) => featureHolds(layer.geometry, k, (x + f * w + view.origin.x) / view.scale, (y + g * h + view.origin.y) / view.scale)));
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
          const held = holdsBox(x, y);
          if (!held && strays(x, y)) return null;
          return (held ? 1000 : fine ? 300 : 0) + dry + edge;
        },
      });
      return spot ? [boxAt(spot.x, spot.y)] : [];
    },
    paint: (at, box) => at.write(text, box, { font, colour, spacing }),
  };
}

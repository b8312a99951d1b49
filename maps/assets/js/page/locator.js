// Where a narrow view lies: a small map of the widest one, with a frame around what is seen.
import { el } from "../core/dom.js";
import { latToY, lonToX } from "../core/projection.js";
import { stageOf } from "../stage/stage.js";
import { View } from "../stage/view.js";

const LONGER = 132; // px
const NARROW = 0.2; // of the widest view's width: what is wider needs no locator
const PAD = 4;

const widthOf = ([[, west], [, east]]) => east - west;

export function locator(map, views) {
  const widest = Object.values(views).toSorted((a, b) => widthOf(b) - widthOf(a))[0];
  const [[south, west], [north, east]] = widest;
  const [left, top] = [lonToX(west), latToY(north)];
  const [across, down] = [lonToX(east) - left, latToY(south) - top];
  const scale = LONGER / Math.max(across, down);
  const [width, height] = [across * scale, down * scale];
  const canvas = el("canvas");
  const Control = L.Control.extend({ onAdd: () => el("div", { class: "rx-locator", "aria-hidden": "true" }, canvas) });
  const control = new Control({ position: "topright" });
  const stage = stageOf(map);
  stage.onDraw((view) => {
    const narrow = map.getSize().x / view.scale < NARROW * across;
    if (!narrow) {
      control.remove();
      return;
    }
    if (!control._map) control.addTo(map);
    const ratio = Math.min(devicePixelRatio || 1, 3);
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    const ctx = canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const small = new View({ ...view, ctx, width, height, origin: { x: left * scale, y: top * scale }, scale, overTiles: false });
    paintGround(small, stage.layers);
    const { inner } = view;
    const x = small.px((view.origin.x + inner.x) / view.scale);
    const y = small.py((view.origin.y + inner.y) / view.scale);
    const [w, h] = [(inner.w / view.scale) * scale, (inner.h / view.scale) * scale];
    ctx.beginPath();
    ctx.rect(x - PAD / 2, y - PAD / 2, w + PAD, h + PAD);
    small.stroke(view.theme.paper, 4);
    small.stroke(view.theme.site, 2);
  });
}

function paintGround(view, layers) {
  const { ctx, theme, width, height } = view;
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, width, height);
  for (const { traits, geometry, n } of layers) {
    if (!traits.lands && !traits.wet && !traits.line) continue;
    ctx.beginPath();
    for (let i = 0; i < n; i += 1) view.trace(geometry, i, !traits.line);
    if (traits.line) view.stroke(theme.border, 1.6);
    else {
      ctx.fillStyle = traits.wet ? theme.water : theme["land-first"];
      ctx.fill("evenodd");
    }
  }
}

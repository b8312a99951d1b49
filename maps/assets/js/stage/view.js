// One drawing of the map: the canvas, where it stands in the world, and helpers to draw on it.

import { featureHolds } from "../core/geometry.js";

const FINE_PX = 0.75; // a line's points nearer than this to the one before are not drawn
const BATCH = 1000; // features in one path

export class View {
  constructor({ ctx, width, height, zoom, origin, scale, theme, overTiles, inner, board }) {
    Object.assign(this, { ctx, width, height, zoom, origin, scale, theme, overTiles, inner, board });
  }

  px(worldX) {
    return worldX * this.scale - this.origin.x;
  }

  py(worldY) {
    return worldY * this.scale - this.origin.y;
  }

  shows(geometry, i, margin = 0) {
    const { box } = geometry;
    return (
      this.px(box[4 * i]) <= this.width + margin &&
      this.px(box[4 * i + 2]) >= -margin &&
      this.py(box[4 * i + 1]) <= this.height + margin &&
      this.py(box[4 * i + 3]) >= -margin
    );
  }

  // Those of a layer's features, given by their numbers, that are shown and in view.
  inView(layer, features, margin = 8) {
    const { box } = layer.geometry;
    const { shown } = layer;
    const [west, east] = [(this.origin.x - margin) / this.scale, (this.origin.x + this.width + margin) / this.scale];
    const [north, south] = [(this.origin.y - margin) / this.scale, (this.origin.y + this.height + margin) / this.scale];
    return features.filter((i) => {
      if (shown !== null && shown[i] === 0) return false;
      return box[4 * i] <= east && box[4 * i + 2] >= west && box[4 * i + 1] <= south && box[4 * i + 3] >= north;
    });
  }

  // Adds a feature's parts to the current path, without the points too near to the one before.
  trace(geometry, i, close) {
    const { ctx, scale } = this;
    const { x: left, y: top } = this.origin;
    const { partsOf, pointsOf, x, y } = geometry;
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      const first = pointsOf[part];
      const last = pointsOf[part + 1] - 1;
      let [fromX, fromY] = [0, 0];
      for (let k = first; k <= last; k += 1) {
        const toX = x[k] * scale - left;
        const toY = y[k] * scale - top;
        if (k === first) ctx.moveTo(toX, toY);
        else if (k < last && Math.abs(toX - fromX) + Math.abs(toY - fromY) < FINE_PX) continue;
        else ctx.lineTo(toX, toY);
        fromX = toX;
        fromY = toY;
      }
      if (close) ctx.closePath();
    }
  }

  // The land of the other sides, as [layer, feature]; null where the map has no land of this one.
  beyond(country) {
    this.others ??= new Map();
    if (!this.others.has(country)) {
      const all = (this.lands ?? []).flatMap((layer) => Array.from({ length: layer.n }, (_, i) => [layer, i]));
      const other = all.filter(([layer, i]) => layer.value(i, "country") !== country);
      this.others.set(country, country === null || other.length === all.length ? null : other);
    }
    return this.others.get(country);
  }

  // Whether a point, in world units, may be on a side: no land of another holds it.
  isOn(country, x, y) {
    const other = this.beyond(country);
    return other !== null && !other.some(([{ geometry }, i]) => featureHolds(geometry, i, x, y));
  }

  // Paints in a rectangle of pixels, on one side only; everywhere where it is none.
  paintOn(country, rectangle, paint) {
    const other = this.beyond(country);
    if (other === null) {
      paint();
      return;
    }
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, 0, this.width, this.height);
    for (const [{ geometry }, i] of other) {
      if (this.meets(geometry, i, rectangle)) this.trace(geometry, i, true);
    }
    ctx.clip("evenodd");
    paint();
    ctx.restore();
  }

  // Whether the box of a feature meets a rectangle of pixels.
  meets({ box }, i, { left, top, right, bottom }) {
    const [west, north, east, south] = box.subarray(4 * i, 4 * i + 4);
    return this.px(west) <= right && this.px(east) >= left && this.py(north) <= bottom && this.py(south) >= top;
  }

  // Strokes many features in one style; in batches, because a canvas slows down on one huge path.
  strokeAll(geometry, features, style, width, dash = []) {
    const { ctx } = this;
    for (let from = 0; from < features.length; from += BATCH) {
      ctx.beginPath();
      const to = Math.min(features.length, from + BATCH);
      for (let k = from; k < to; k += 1) this.trace(geometry, features[k], false);
      this.stroke(style, width, dash);
    }
  }

  stroke(style, width, dash = []) {
    const { ctx } = this;
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  font({ size = 12, weight = 400, italic = false, serif = false }) {
    return `${italic ? "italic " : ""}${weight} ${size}px ${serif ? this.theme.serif : this.theme.sans}`;
  }

  measure(text, font, spacing = 0) {
    const { ctx } = this;
    ctx.font = font;
    ctx.letterSpacing = `${spacing}px`;
    return ctx.measureText(text).width;
  }

  // Text with a halo, its box given by the top left corner.
  write(text, box, { font, colour, spacing = 0, halo = 3.5 }) {
    const { ctx } = this;
    ctx.font = font;
    ctx.letterSpacing = `${spacing}px`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    ctx.lineJoin = "round";
    const y = box.y + box.h / 2 + 0.5;
    if (halo) {
      ctx.strokeStyle = this.theme.halo;
      ctx.lineWidth = halo;
      ctx.strokeText(text, box.x, y);
    }
    ctx.fillStyle = colour;
    ctx.fillText(text, box.x, y);
  }

  // Where in the view a feature's area has most room for a label, in pixels; null where it has none.
  roomiest(holds, { across = 13, down = 11, clearance }) {
    let best = null;
    for (let row = 1; row < down; row += 1) {
      for (let column = 1; column < across; column += 1) {
        const x = (this.width * column) / across;
        const y = (this.height * row) / down;
        if (!holds((x + this.origin.x) / this.scale, (y + this.origin.y) / this.scale)) continue;
        const room = clearance(x, y);
        if (room !== null && (best === null || room > best.room)) best = { x, y, room };
      }
    }
    return best;
  }
}

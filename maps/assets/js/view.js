// One drawing of the map: the canvas, where it stands in the world, and helpers to draw on it.

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

  // Adds a feature's parts to the current path.
  trace(geometry, i, close) {
    const { ctx } = this;
    const { partsOf, pointsOf, x, y } = geometry;
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      for (let k = pointsOf[part]; k < pointsOf[part + 1]; k += 1) {
        if (k === pointsOf[part]) ctx.moveTo(this.px(x[k]), this.py(y[k]));
        else ctx.lineTo(this.px(x[k]), this.py(y[k]));
      }
      if (close) ctx.closePath();
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

// Signs of the legend that several kinds of layer share: what paints each on its small canvas.

export const SWATCH = { w: 30, h: 18 };
export const BOX = { x: 1, y: 2, w: SWATCH.w - 2, h: SWATCH.h - 4 }; // an area on it

export function lineSwatch(colour, width, { band, dash = [] } = {}) {
  return (ctx, theme) => {
    const y = SWATCH.h / 2;
    const draw = (style, thick) => {
      ctx.beginPath();
      ctx.moveTo(1, y);
      ctx.lineTo(SWATCH.w - 1, y);
      ctx.strokeStyle = theme[style];
      ctx.lineWidth = thick;
      ctx.setLineDash(dash);
      ctx.stroke();
      ctx.setLineDash([]);
    };
    if (band) draw(band, 9);
    draw(colour, width);
  };
}

export function areaSwatch(colour) {
  return (ctx, theme) => {
    ctx.fillStyle = theme[colour];
    ctx.fillRect(BOX.x, BOX.y, BOX.w, BOX.h);
    ctx.strokeStyle = theme.frontier;
    ctx.lineWidth = 1;
    ctx.strokeRect(BOX.x + 0.5, BOX.y + 0.5, BOX.w - 1, BOX.h - 1);
  };
}

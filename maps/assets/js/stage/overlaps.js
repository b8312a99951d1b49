// Many areas: how many of them overlap, in a few shades, in place of each outline.
import { el } from "../core/dom.js";

export const MANY = 1000; // areas in view; more outlines than these cannot be told apart
const CELL_PX = 4;
const SHADES = 4;
const OPACITY = 0.13; // of each shade over the one before it

// How many circles cover the middle of each cell; `circles` holds x, y and radius of each in turn.
export function overlapsOf(circles, width, height) {
  const [columns, rows] = [Math.ceil(width / CELL_PX), Math.ceil(height / CELL_PX)];
  const counts = new Int32Array(columns * rows);
  const begun = new Int32Array((columns + 1) * rows);
  for (let k = 0; k < circles.length; k += 3) {
    const [x, y, r] = [circles[k], circles[k + 1], circles[k + 2]];
    const last = Math.min(rows - 1, Math.floor((y + r) / CELL_PX - 0.5));
    for (let row = Math.max(0, Math.ceil((y - r) / CELL_PX - 0.5)); row <= last; row += 1) {
      const away = (row + 0.5) * CELL_PX - y;
      const half = Math.sqrt(Math.max(0, r * r - away * away));
      const first = Math.max(0, Math.ceil((x - half) / CELL_PX - 0.5));
      const after = Math.min(columns, Math.floor((x + half) / CELL_PX + 0.5));
      if (after <= first) continue;
      begun[row * (columns + 1) + first] += 1;
      begun[row * (columns + 1) + after] -= 1;
    }
  }
  for (let row = 0; row < rows; row += 1) {
    let now = 0;
    for (let column = 0; column < columns; column += 1) {
      now += begun[row * (columns + 1) + column];
      counts[row * columns + column] = now;
    }
  }
  return { counts, columns, rows };
}

// The least number of areas of each shade: the shades share out the covered cells.
export function stepsOf(counts) {
  const covered = counts.filter((count) => count > 0).sort();
  if (covered.length === 0) return [];
  const ranks = Array.from({ length: SHADES }, (_, k) => Math.floor(((covered.length - 1) * k) / SHADES));
  return [...new Set(ranks.map((rank) => covered[rank]))];
}

// How opaque so many shades are, each laid over the one before.
export function opacityOf(shades) {
  return 1 - (1 - OPACITY) ** shades;
}

export function paintOverlaps(view, circles) {
  const { counts, columns, rows } = overlapsOf(circles, view.width, view.height);
  const steps = stepsOf(counts);
  const sheet = el("canvas", { width: columns, height: rows });
  const ctx = sheet.getContext("2d");
  const image = ctx.createImageData(columns, rows);
  for (let i = 0; i < counts.length; i += 1) {
    image.data[4 * i + 3] = Math.round(255 * opacityOf(steps.filter((least) => counts[i] >= least).length));
  }
  ctx.putImageData(image, 0, 0);
  ctx.globalCompositeOperation = "source-in";
  ctx.fillStyle = view.theme.ink;
  ctx.fillRect(0, 0, columns, rows);
  view.ctx.imageSmoothingEnabled = false;
  view.ctx.drawImage(sheet, 0, 0, columns * CELL_PX, rows * CELL_PX);
  view.ctx.imageSmoothingEnabled = true;
}

// A sign for the legend: the shades side by side.
export function paintShades(ctx, theme, { w, h }) {
  ctx.fillStyle = theme.ink;
  for (let k = 0; k < SHADES; k += 1) {
    ctx.globalAlpha = opacityOf(k + 1);
    ctx.fillRect(1 + (k * (w - 2)) / SHADES, 2, (w - 2) / SHADES, h - 4);
  }
  ctx.globalAlpha = 1;
}

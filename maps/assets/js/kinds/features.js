// Anyone's points, lines and areas, as `FeatureLayer` sends them.
import { featureHolds, latLon, nearestFeature } from "../core/geometry.js";
import { formatNumber, inLanguage, t } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { SWATCH } from "../stage/swatch.js";
import { boxMiddle } from "./shared/areas.js";

const DENSE = 20_000; // more features than this in view are drawn in the thinnest way
const FORMS = ["point", "line", "area"];
const FORM_OF = [-1, 0, 1, 1, 2, 0, 1, 2]; // by OGC's type and one, as the payload has it

// Which form a feature has, as a place in FORMS; -1 for none.
function formOf(kind) {
  return FORM_OF[kind] ?? -1;
}

// Numbers of the features of each class and form: groups[form][class].
export function groupsOf(layer) {
  if (layer.groups) return layer.groups;
  const { by, classes } = layer.extra.style;
  const position = new Map(classes.map((value, k) => [value, k]));
  const classOf = by === null ? new Uint8Array(layer.n) : layer.each(by, (value) => position.get(value) ?? classes.length);
  const per = classes.length + 1;
  const groupOf = (i) => formOf(layer.geometry.kinds[i]) * per + classOf[i]; // below 0 without a form
  const sizes = new Int32Array(FORMS.length * per);
  for (let i = 0; i < layer.n; i += 1) if (groupOf(i) >= 0) sizes[groupOf(i)] += 1;
  const groups = Array.from(sizes, (size) => new Int32Array(size));
  for (let i = layer.n - 1; i >= 0; i -= 1) {
    const group = groupOf(i);
    if (group >= 0) groups[group][(sizes[group] -= 1)] = i;
  }
  layer.groups = FORMS.map((_, form) => groups.slice(form * per, (form + 1) * per));
  return layer.groups;
}

function colourOf(theme, colour) {
  return colour.startsWith("#") ? colour : theme[colour];
}

function tracePoints(view, geometry, features, r) {
  const { partsOf, pointsOf, x, y } = geometry;
  for (const i of features) {
    for (let k = pointsOf[partsOf[i]]; k < pointsOf[partsOf[i + 1]]; k += 1) {
      const [cx, cy] = [view.px(x[k]), view.py(y[k])];
      view.ctx.moveTo(cx + r, cy);
      view.ctx.arc(cx, cy, r, 0, 2 * Math.PI);
    }
  }
}

function drawPoints(view, geometry, features, r) {
  for (let from = 0; from < features.length; from += 500) {
    view.ctx.beginPath();
    tracePoints(view, geometry, features.subarray(from, from + 500), r);
    view.stroke(view.theme.halo, 2);
    view.ctx.fill();
  }
}

// Squares of three pixels: thousands of circles take a canvas ten times as long.
function drawSpecks(view, geometry, features) {
  const { partsOf, pointsOf, x, y } = geometry;
  for (const i of features) {
    for (let k = pointsOf[partsOf[i]]; k < pointsOf[partsOf[i + 1]]; k += 1) {
      view.ctx.fillRect(Math.round(view.px(x[k])) - 1, Math.round(view.py(y[k])) - 1, 3, 3);
    }
  }
}

function drawAreas(view, layer, features, colour, width) {
  const { ctx } = view;
  for (const i of features) {
    ctx.beginPath();
    view.trace(layer.geometry, i, true);
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.25;
    ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    view.stroke(colour, width);
  }
}

function nearestPoint(view, layer, px, py) {
  const { partsOf, pointsOf, x, y, box } = layer.geometry;
  const worldX = (px + view.origin.x) / view.scale;
  const worldY = (py + view.origin.y) / view.scale;
  const reach = (layer.extra.style.weight + 5) / view.scale;
  let found = -1;
  let best = reach * reach;
  for (const features of groupsOf(layer)[0]) {
    for (const i of features) {
      if (box[4 * i] > worldX + reach || box[4 * i + 2] < worldX - reach) continue;
      if (layer.shown !== null && layer.shown[i] === 0) continue;
      for (let k = pointsOf[partsOf[i]]; k < pointsOf[partsOf[i + 1]]; k += 1) {
        const d2 = (x[k] - worldX) ** 2 + (y[k] - worldY) ** 2;
        if (d2 < best) [found, best] = [i, d2];
      }
    }
  }
  return found;
}

function holdingArea(view, layer, px, py) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  for (const features of groupsOf(layer)[2].toReversed()) {
    for (let k = features.length - 1; k >= 0; k -= 1) {
      const i = features[k];
      if (layer.shown?.[i] !== 0 && featureHolds(layer.geometry, i, x, y)) return i;
    }
  }
  return -1;
}

// A cell in the reader's language.
function written(value) {
  if (typeof value === "number") return formatNumber(value, { maximumFractionDigits: 6 });
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  return value;
}

// A class's colour in the form of most of its features.
function featureSwatch(form, colour) {
  return (ctx, theme) => {
    ctx.fillStyle = ctx.strokeStyle = colourOf(theme, colour);
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (form === 0) ctx.arc(SWATCH.w / 2, SWATCH.h / 2, 4, 0, 2 * Math.PI);
    else if (form === 2) ctx.rect(2, 3, SWATCH.w - 4, SWATCH.h - 6);
    else {
      ctx.moveTo(1, SWATCH.h / 2);
      ctx.lineTo(SWATCH.w - 1, SWATCH.h / 2);
    }
    ctx.globalAlpha = form === 2 ? 0.25 : 1;
    if (form !== 1) ctx.fill();
    ctx.globalAlpha = 1;
    if (form !== 0) ctx.stroke();
  };
}

// Its table has all columns of the data.
export const featureKind = {
  rank: { drawn: 25, legend: 60, read: 110, table: 80 },
  signs(layer) {
    const { classes, colours } = layer.extra.style;
    const names = [...classes.map((value) => () => String(written(value))), () => t("legend.other")];
    const entries = colours.map((colour, k) => {
      const sizes = groupsOf(layer).map((group) => group[k].length);
      const most = Math.max(...sizes);
      return most > 0 && [featureSwatch(sizes.indexOf(most), colour), classes.length > 0 ? names[k] : () => ""];
    });
    return entries.filter(Boolean);
  },
  draw(view, layer) {
    const { colours, weight } = layer.extra.style;
    const seen = groupsOf(layer).map((classes) => classes.map((features) => view.inView(layer, features)));
    const countOf = (classes) => classes.reduce((sum, features) => sum + features.length, 0);
    const dense = countOf(seen.flat()) > DENSE;
    const specks = countOf(seen[0]) > DENSE / 4;
    const width = dense ? 1 : weight;
    view.ctx.lineJoin = "round";
    view.ctx.lineCap = dense ? "butt" : "round";
    const colour = (k) => colourOf(view.theme, colours[k]);
    const [points, lines, areas] = seen;
    areas.forEach((features, k) => drawAreas(view, layer, features, colour(k), Math.min(width, 1.5)));
    lines.forEach((features, k) => view.strokeAll(layer.geometry, features, colour(k), width));
    points.forEach((features, k) => {
      view.ctx.fillStyle = colour(k);
      if (specks) drawSpecks(view, layer.geometry, features);
      else drawPoints(view, layer.geometry, features, weight + 2);
    });
  },
  mark(view, layer, i) {
    const { ctx, theme } = view;
    ctx.beginPath();
    if (formOf(layer.geometry.kinds[i]) === 0) tracePoints(view, layer.geometry, [i], layer.extra.style.weight + 5);
    else view.trace(layer.geometry, i, formOf(layer.geometry.kinds[i]) === 2);
    ctx.globalAlpha = 0.7;
    view.stroke(theme.select, 4);
    ctx.globalAlpha = 1;
  },
  hit(view, layer, px, py) {
    const point = nearestPoint(view, layer, px, py);
    if (point >= 0) return point;
    const [x, y] = [(px + view.origin.x) / view.scale, (py + view.origin.y) / view.scale];
    const line = groupsOf(layer)[1].some((features) => features.length > 0) ? nearestFeature(layer, x, y, 5 / view.scale) : -1;
    return line >= 0 ? line : holdingArea(view, layer, px, py);
  },
  name(layer, i) {
    const label = layer.extra.style.label;
    return label === null ? null : written(localValue(layer, i, label));
  },
  middle(layer, i) {
    const { partsOf, pointsOf, kinds } = layer.geometry;
    if (formOf(kinds[i]) === 2) return boxMiddle(layer, i);
    const k = Math.floor((pointsOf[partsOf[i]] + pointsOf[partsOf[i + 1]] - 1) / 2);
    return latLon(layer.geometry, k);
  },
  popup: (layer, i) =>
    card({
      kicker: inLanguage(layer.extra.title),
      title: featureKind.name(layer, i),
      rows: layer.extra.style.headings.map(([column, heading]) => [inLanguage(heading), written(layer.value(i, column))]),
      note: localValue(layer, i, "note"),
      layer,
      i,
    }),
};

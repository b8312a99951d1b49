// What the official ports carried: around each a circle whose area follows one count of one month.
import { Choice } from "../core/choice.js";
import { latLon } from "../core/geometry.js";
import { formatDate, formatNumber, t } from "../core/i18n.js";
import { circleRadius } from "../core/scale.js";
import { card } from "../stage/popup.js";
import { SWATCH } from "../stage/swatch.js";

export const ENTRY_COUNTS = ["car_passengers", "bus_passengers", "train_passengers", "pedestrians", "cars", "buses", "trucks"];
const LARGEST_CIRCLE = 30;

// Which count the circles and the chart of entries show.
export const entryCount = new Choice(ENTRY_COUNTS, ENTRY_COUNTS[0]);

// The largest number of a count in any month, so that months can be compared.
function largestOf(layer, name) {
  layer.largest ??= new Map();
  if (!layer.largest.has(name)) {
    let most = 0;
    for (let i = 0; i < layer.n; i += 1) most = Math.max(most, layer.value(i, name) ?? 0);
    layer.largest.set(name, most);
  }
  return layer.largest.get(name);
}

// Middle and radius on the canvas; null where a row is not shown or its number is not known.
function circleAt(view, layer, i) {
  if (layer.shown?.[i] === 0) return null;
  const count = layer.value(i, entryCount.now);
  if (count === null) return null;
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const k = pointsOf[partsOf[i]];
  const r = Math.max(2, circleRadius(count, largestOf(layer, entryCount.now), LARGEST_CIRCLE));
  return { x: view.px(x[k]), y: view.py(y[k]), r };
}

function paintEntries(ctx, theme, { x, y, r }, width = 1.4) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.globalAlpha = 0.14;
  ctx.fillStyle = theme.port;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.port;
  ctx.lineWidth = width;
  ctx.stroke();
}

export const entryKind = {
  rank: { drawn: 55, legend: 45, read: 75, table: 15 },
  monthly: true,
  columns: [
    { name: "period", as: "date", heads: true },
    { name: "port_name", as: "text" },
    ...ENTRY_COUNTS.map((name) => ({ name, as: "number" })),
  ],
  signs: () => [
    [
      (ctx, theme) => paintEntries(ctx, theme, { x: SWATCH.w / 2, y: SWATCH.h / 2, r: 8 }),
      () => t("entries.sign", { what: t(`column.${entryCount.now}`) }),
    ],
  ],
  draw(view, layer) {
    for (let i = 0; i < layer.n; i += 1) {
      const circle = circleAt(view, layer, i);
      if (circle) paintEntries(view.ctx, view.theme, circle);
    }
  },
  mark(view, layer, i) {
    const circle = circleAt(view, layer, i);
    if (circle) paintEntries(view.ctx, view.theme, circle, 3);
  },
  // The smallest circle that holds the point.
  hit(view, layer, px, py) {
    let [found, best] = [-1, Infinity];
    for (let i = 0; i < layer.n; i += 1) {
      const circle = circleAt(view, layer, i);
      if (circle && circle.r < best && Math.hypot(px - circle.x, py - circle.y) < circle.r + 3) [found, best] = [i, circle.r];
    }
    return found;
  },
  name(layer, i) {
    const count = layer.value(i, entryCount.now);
    const said = count === null ? t("unknown") : formatNumber(count);
    return `${layer.value(i, "port_name")} · ${formatDate(layer.value(i, "period"))}${t("colon")} ${t(`column.${entryCount.now}`)} ${said}`;
  },
  anchor: (layer, i) => latLon(layer.geometry, layer.geometry.pointsOf[layer.geometry.partsOf[i]]),
  popup: (layer, i) =>
    card({
      kicker: `${t("layer.entries")} · ${formatDate(layer.value(i, "period"))}`,
      title: layer.value(i, "port_name"),
      text: [t("entries.caveat")],
      rows: ENTRY_COUNTS.map((name) => {
        const count = layer.value(i, name);
        return [t(`column.${name}`), count === null ? t("unknown") : formatNumber(count)];
      }),
      note: layer.value(i, "note"),
      layer,
      i,
    }),
};

// The months of the layer that stands on a map, for the chart: names of ports, and numbers by port.
export function entrySeries(layer, months) {
  const at = new Map(months.map((month, k) => [month, k]));
  const ports = new Map();
  for (let i = 0; i < layer.n; i += 1) {
    const code = layer.value(i, "port_code");
    if (!ports.has(code)) ports.set(code, { name: layer.value(i, "port_name"), rows: months.map(() => -1) });
    const k = at.get(layer.value(i, "period"));
    if (k !== undefined) ports.get(code).rows[k] = i;
  }
  return ports;
}

// Numbers of a port by month, null where not known; of all ports their sum where each is known.
export function entryValues(layer, ports, code, name) {
  const of = ({ rows }) => rows.map((i) => (i < 0 ? null : layer.value(i, name)));
  if (ports.has(code)) return of(ports.get(code));
  const each = [...ports.values()].map(of);
  return (each[0] ?? []).map((_, k) => {
    const numbers = each.map((values) => values[k]);
    return numbers.includes(null) ? null : numbers.reduce((sum, number) => sum + number, 0);
  });
}

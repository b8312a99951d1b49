// What the official ports carried: at each a bar whose length follows one count of one month.
import { Choice } from "../core/choice.js";
import { latLon } from "../core/geometry.js";
import { formatDate, formatNumber, t } from "../core/i18n.js";
import { card } from "../stage/popup.js";
import { SWATCH } from "../stage/swatch.js";

export const ENTRY_COUNTS = ["car_passengers", "bus_passengers", "train_passengers", "pedestrians", "cars", "buses", "trucks"];
const BAR = { w: 8, tallest: 60, foot: 6 }; // pixels; the foot is under the sign of the port

// Which count the bars and the chart of entries show.
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

// The bar on the canvas: it hangs from its port; null where a row is not shown or its number not known.
function barOf(view, layer, i) {
  if (layer.shown?.[i] === 0) return null;
  const count = layer.value(i, entryCount.now);
  if (count === null) return null;
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const k = pointsOf[partsOf[i]];
  const most = largestOf(layer, entryCount.now);
  const h = most > 0 ? BAR.foot + (BAR.tallest * count) / most : BAR.foot;
  return { x: view.px(x[k]) - BAR.w / 2, y: view.py(y[k]), w: BAR.w, h };
}

function paintBar(ctx, theme, { x, y, w, h }, outline = theme.halo, width = 1.5) {
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.strokeStyle = outline;
  ctx.lineWidth = width * 2;
  ctx.stroke();
  ctx.fillStyle = theme.port;
  ctx.fill();
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
      (ctx, theme) => [[9, 7], [17, 14]].forEach(([x, h]) => paintBar(ctx, theme, { x, y: 2, w: 5, h })),
      () => t("entries.sign", { what: t(`column.${entryCount.now}`) }),
    ],
  ],
  draw(view, layer) {
    for (let i = 0; i < layer.n; i += 1) {
      const bar = barOf(view, layer, i);
      if (bar) paintBar(view.ctx, view.theme, bar);
    }
  },
  mark(view, layer, i) {
    const bar = barOf(view, layer, i);
    if (bar) paintBar(view.ctx, view.theme, bar, view.theme.select, 3);
  },
  hit(view, layer, px, py) {
    for (let i = 0; i < layer.n; i += 1) {
      const bar = barOf(view, layer, i);
      if (bar && px > bar.x - 4 && px < bar.x + bar.w + 4 && py > bar.y && py < bar.y + bar.h + 4) return i;
    }
    return -1;
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

// What the official ports carried, by month, on an axis of its own: one count, at one port or at all.
import { Choice } from "../core/choice.js";
import { onLanguage, t } from "../core/i18n.js";
import { entryCount, entrySeries, entryValues } from "../kinds/entries.js";
import { stageOf } from "../stage/stage.js";
import { monthlyChart, selectOf, seriesOf } from "./chart.js";

const EVERY = "all";

// Draws the chart of entries of a map's layer, and below it what was intercepted between the ports in the
// same months, each on an axis of its own, when `later` is run; returns what is chosen. Nothing without such a layer.
export function entriesView(map, { host, place, beside }, { chart }, later) {
  const known = (stageOf(map).known ?? []).find(({ roxham }) => roxham.layer.kind === "entries");
  if (!known || !host) return {};
  const { layer } = known.roxham;
  const months = monthsOf(layer, chart.months[0]);
  const ports = entrySeries(layer, months);
  const port = new Choice([EVERY, ...ports.keys()], EVERY);
  const nameOf = (code) => (code === EVERY ? t("entries.all", { count: ports.size }) : ports.get(code).name);
  const series = () => ({
    ...seriesOf(
      {
        months,
        values: entryValues(layer, ports, port.now, entryCount.now),
        title: () => t("entries.title"),
        say: (count) => t("entries.count", { count, what: t(`column.${entryCount.now}`).toLowerCase(), where: nameOf(port.now) }),
        none: () => t(port.now === EVERY ? "entries.no_month" : "chart.no_month"),
      },
      chart.events,
    ),
    hatch: "rx-gap-entries",
    wide: true,
  });
  const between = new Map(chart.months.map((month, k) => [month, chart.area[k]]));
  const words = { title: () => t("entries.beside"), say: (count) => t("chart.area", { count }) };
  const interceptions = seriesOf({ months, values: months.map((month) => between.get(month) ?? null), ...words }, chart.events);
  let drawn = null;
  later.push(() => {
    drawn = monthlyChart(host, series());
  });
  if (chart.months.length > 0) later.push(() => monthlyChart(beside, { ...interceptions, hatch: "rx-gap-beside", wide: true }));
  place.append(
    selectOf("rx-entry-port", port, "entries.port", nameOf),
    selectOf("rx-entry-count", entryCount, "entries.what", (name) => t(`column.${name}`)),
  );
  const redraw = () => drawn?.show(series());
  port.onChange(redraw);
  entryCount.onChange(() => {
    redraw();
    stageOf(map).request();
    map.fire("ink");
  });
  onLanguage(redraw);
  return { port, count: entryCount };
}

// The layer's months, from a first one on.
function monthsOf(layer, first) {
  const found = new Set(Array.from({ length: layer.n }, (_, i) => layer.value(i, "period")));
  return [...found].filter((month) => first === undefined || month >= first).sort();
}

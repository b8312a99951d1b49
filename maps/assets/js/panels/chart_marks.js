// What the monthly chart draws, from its data and the width it has.
import { svgEl } from "../core/dom.js";
import { formatCount, formatDate, formatNumber, t } from "../core/i18n.js";
import { gapsOf, highOf, lowOf, monthPosition, peaksOf, ticksTo } from "../core/scale.js";

// A range is never too thin to be seen, in pixels.
const LEAST = 3;
const CHART = { height: 250, top: 30, bottom: 24, totals: 26, left: 40, wide: 56, right: 6 };
const UNKNOWN = 6; // months of a year, from which on its total is told

function hatching(id) {
  return svgEl(
    "defs",
    {},
    svgEl(
      "pattern",
      { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svgEl("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "rx-hatch" }),
    ),
  );
}

// Where months and counts lie on a chart of a width.
export function plotOf(data, width) {
  const { top, bottom, right } = CHART;
  const tops = data.values.map((value, i) => Math.max(highOf(value) ?? 0, highOf(data.whole[i]) ?? 0));
  const ticks = ticksTo(Math.max(...tops));
  const left = data.wide || ticks.at(-1) >= 100_000 ? CHART.wide : CHART.left;
  const step = (width - left - right) / data.months.length;
  const base = CHART.height - bottom;
  const height = CHART.height + (totalsOf(data).length > 0 ? CHART.totals : 0);
  return {
    ...{ width, height, top, base, left, right, step, ticks },
    x: (month) => left + month * step,
    y: (count) => base - ((base - top) * count) / ticks.at(-1),
  };
}

function gridLines({ width, left, right, ticks, y }) {
  return ticks.map((value) => [
    svgEl("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: value ? "rx-grid" : "rx-axis" }),
    svgEl("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end", class: "rx-tick" }, formatNumber(value)),
  ]);
}

// A month's column: the count, of an area, and the rest up to a whole, of another around it, each
// solid as far as it is certain and open from there to what it can be.
function monthBars(data, { x, y, base, step }, i) {
  if (data.values[i] === null) return [];
  const width = Math.max(0.8, step * 0.82);
  const [low, high] = [lowOf(data.values[i]), highOf(data.values[i])];
  const sure = Math.max(high, lowOf(data.whole[i]) ?? high);
  const bar = (from, to, name, least = 0) => {
    const tall = Math.max(y(from) - y(to), least);
    return to > from && svgEl("rect", { x: x(i), width, y: y(from) - tall, height: tall, class: name });
  };
  return [
    svgEl("rect", { x: x(i), width, y: y(low), height: base - y(low), class: "rx-bar" }),
    bar(low, high, "rx-bar rx-uncertain", LEAST),
    bar(high, sure, "rx-bar-rest"),
    bar(sure, highOf(data.whole[i]) ?? sure, "rx-bar-rest rx-uncertain", LEAST),
  ];
}

// The year, where one begins.
function yearTick(data, { x, base, step }, i) {
  const month = data.months[i];
  if (!month.endsWith("-01") && i > 0) return [];
  const room = Math.min(data.months.length - i, 12) * step;
  return [
    svgEl("line", { x1: x(i), x2: x(i), y1: base, y2: base + 5, class: "rx-axis" }),
    room > 26 && svgEl("text", { x: x(i) + room / 2, y: base + 18, "text-anchor": "middle", class: "rx-tick" }, month.slice(0, 4)),
  ];
}

// The years of which too few months are known, and a total: first and last position, and the total.
function totalsOf({ months, values, totals }) {
  return Object.entries(totals).flatMap(([year, total]) => {
    const inside = months.flatMap((month, i) => (month.startsWith(year) ? [i] : []));
    const unknown = inside.filter((i) => values[i] === null).length;
    return total === null || unknown < UNKNOWN ? [] : [{ first: inside[0], last: inside.at(-1), total }];
  });
}

// Under the axis, so that no total is read as a height: what whole years come to.
function yearTotals(data, { x, base, step }) {
  return totalsOf(data).map(({ first, last, total }) => {
    const [from, to] = [x(first), x(last + 1)];
    const name = (last - first) * step < 44 ? "rx-gap-figure rx-small" : "rx-gap-figure";
    return [
      svgEl("path", { d: `M${from + 2},${base + 24}v4H${to - 2}v-4`, class: "rx-bracket" }),
      svgEl("text", { x: (from + to) / 2, y: base + 43, "text-anchor": "middle", class: name }, formatCount(total)),
    ];
  });
}

// What a gap says, where it has room.
function gapWords({ x, top, step }, [first, last]) {
  const width = (last - first + 1) * step;
  return width > 70 && wrapped(t("chart.gap"), x(first) + width / 2, top + 22, width);
}

const PEAK_WORD = 6.4; // pixels of a letter, about

// The value and the month of a peak, beside its column where nothing stands in the way; the line
// of a date that the words stand over is broken there.
function peakMark(data, { x, y, step, left, width, right }, i) {
  const words = `${formatCount(data.values[i])} · ${formatDate(data.months[i], "short")}`;
  const value = Math.max(highOf(data.values[i]), highOf(data.whole[i]) ?? 0);
  const [long, level] = [words.length * PEAK_WORD, y(value) + 4];
  const spans = [
    { at: x(i + 1) + 3, from: x(i + 1), to: x(i + 1) + 3 + long, name: "rx-peak" },
    { at: x(i) - 3, from: x(i) - 3 - long, to: x(i), name: "rx-peak rx-peak-left" },
  ].filter(({ from, to }) => from >= left && to <= width - right);
  const tall = (k) => Math.max(highOf(data.values[k]) ?? 0, highOf(data.whole[k]) ?? 0);
  const lines = data.events.flatMap((event) => (event === null ? [] : [x(monthPosition(data.months, event.date))]));
  const crossed = ({ from, to }) => lines.filter((line) => line > from && line < to);
  // Columns that reach the words and lines through them count, and half as much months that are hatched.
  const inWay = ({ from, to }) =>
    data.months.reduce((sum, _, k) => {
      if (k === i || x(k + 1) <= from || x(k) >= to) return sum;
      return sum + Number(y(tall(k)) < level) + Number(data.values[k] === null) / 2;
    }, crossed({ from, to }).length);
  const best = spans.toSorted((a, b) => inWay(a) - inWay(b))[0];
  if (!best) return [];
  const breaks = crossed(best).map((line) => svgEl("rect", { x: line - 2, width: 4, y: level - 13, height: 18, class: "rx-peak-break" }));
  return [breaks, svgEl("text", { x: best.at, y: level, class: best.name }, words)];
}

function wrapped(text, x, at, width) {
  const lines = [""];
  for (const part of text.split(" ")) {
    if (lines.at(-1).length * 5.6 + part.length * 5.6 > width - 8 && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + part;
  }
  return lines.map((line, k) => svgEl("text", { x, y: at + k * 13, "text-anchor": "middle", class: "rx-gap-text" }, line));
}

function eventMark(data, plot, event, k) {
  if (event === null) return [];
  const x = plot.x(monthPosition(data.months, event.date));
  const { top, base } = plot;
  return [
    svgEl("line", { x1: x, x2: x, y1: top - 8, y2: base, class: "rx-event" }),
    svgEl("circle", { cx: x, cy: top - 16, r: 9, class: "rx-event-dot" }),
    svgEl("text", { x, y: top - 12, "text-anchor": "middle", class: "rx-event-number" }, String(k + 1)),
  ];
}

export function chartSvg(data, plot) {
  const { width, height, top, base, step } = plot;
  const gaps = gapsOf(data.values);
  const hatch = data.hatch ?? "rx-gap";
  return svgEl(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    hatching(hatch),
    gridLines(plot),
    gaps.map(([first, last]) => svgEl("rect", { x: plot.x(first), y: top, width: (last - first + 1) * step, height: base - top, fill: `url(#${hatch})` })),
    data.months.map((_, i) => monthBars(data, plot, i)),
    data.events.map((event, k) => eventMark(data, plot, event, k)),
    gaps.map((gap) => gapWords(plot, gap)),
    yearTotals(data, plot),
    peaksOf(data.values).map((i) => peakMark(data, plot, i)),
    svgEl("rect", { y: top, width: step, height: base - top, class: "rx-cursor", visibility: "hidden" }),
    svgEl("rect", { y: top, width: Math.max(3, step), height: base - top + 5, class: "rx-clock-cursor", visibility: "hidden" }),
    data.months.map((_, i) => yearTick(data, plot, i)),
  );
}

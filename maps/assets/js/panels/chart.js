// Interceptions by month: columns, policy dates, and gaps left as gaps.
import { clock } from "../core/clock.js";
import { el, said, svgEl } from "../core/dom.js";
import { formatCount, formatDate, formatNumber, language, onLanguage, t, typeset } from "../core/i18n.js";
import { gapsOf, highOf, lowOf, monthPosition, ticksTo } from "../core/scale.js";

const CHART = { height: 250, top: 30, bottom: 24, left: 40, right: 6 };

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

export function readoutOf(data, i) {
  const month = formatDate(data.months[i]);
  const quebec = data.quebec[i];
  const rest = data.rest[i];
  if (quebec === null) {
    const year = data.annual[data.months[i].slice(0, 4)];
    const whole = year && year.quebec !== null ? ` ${t("chart.year_total", { year: data.months[i].slice(0, 4), count: formatCount(year.quebec) })}` : "";
    return `${month}${t("colon")} ${t("chart.no_month")}.${whole}`;
  }
  const other = rest === null ? t("chart.rest_unknown") : t("chart.rest", { count: formatCount(rest) });
  return `${month}${t("colon")} ${t("chart.quebec", { count: formatCount(quebec) })}; ${other}.${[quebec, rest].some(Array.isArray) ? ` ${t("chart.range")}` : ""}`;
}

export function monthlyChart(host, data) {
  if (data.months.length === 0) {
    host.replaceChildren(said("p", {}, () => t("chart.empty")));
    return;
  }
  let pointed = null;
  const readout = el("p", { class: "rx-readout", "aria-hidden": "true" });
  const frame = el("div", {
    class: "rx-chart",
    tabindex: 0,
    role: "slider",
    "aria-valuemin": 0,
    "aria-valuemax": data.months.length - 1,
    "aria-orientation": "horizontal",
  });
  host.replaceChildren(readout, frame);

  const ofClock = () => (clock.now === null ? -1 : data.months.indexOf(clock.now));

  // The month pointed at, else the clock's, is marked and read out.
  function mark() {
    const month = ofClock();
    const shown = pointed ?? (month < 0 ? null : month);
    readout.textContent = shown !== null ? readoutOf(data, shown) : clock.now === null ? t("chart.hint") : t("chart.outside", { month: formatDate(clock.now) });
    frame.setAttribute("aria-label", t("chart.title"));
    frame.setAttribute("aria-valuenow", Math.max(0, month));
    frame.setAttribute("aria-valuetext", clock.now === null ? t("clock.all") : readout.textContent);
    place(".rx-cursor", pointed);
    place(".rx-clock-cursor", month < 0 ? null : month);
  }

  function place(sign, i) {
    const cursor = frame.querySelector(sign);
    cursor?.setAttribute("visibility", i === null ? "hidden" : "visible");
    if (cursor && i !== null) cursor.setAttribute("x", String(frame.left + i * frame.step));
  }

  function lastKnown() {
    return Math.max(0, data.quebec.findLastIndex((value) => value !== null));
  }

  function draw() {
    const width = Math.max(260, host.clientWidth);
    const { height, top, bottom, left, right } = CHART;
    const step = (width - left - right) / data.months.length;
    const totals = data.quebec.map((value, i) => (highOf(value) ?? 0) + (highOf(data.rest[i]) ?? 0));
    const ticks = ticksTo(Math.max(...totals));
    const base = height - bottom;
    const y = (value) => base - ((base - top) * value) / ticks.at(-1);
    Object.assign(frame, { left, step });
    const bars = data.months.flatMap((month, i) => {
      if (data.quebec[i] === null) return [];
      const x = left + i * step;
      const w = Math.max(0.8, step * 0.82);
      const [low, high, rest] = [lowOf(data.quebec[i]), highOf(data.quebec[i]), data.rest[i]];
      // A range is never too thin to be seen.
      const bar = (from, to, name) => {
        const tall = Math.max(y(from) - y(to), name.includes("range") ? 3 : 0);
        return to > from && svgEl("rect", { x, width: w, y: y(from) - tall, height: tall, class: name });
      };
      return [
        svgEl("rect", { x, width: w, y: y(low), height: base - y(low), class: "rx-bar" }),
        bar(low, high, "rx-bar rx-range"),
        bar(high, high + (lowOf(rest) ?? 0), "rx-bar-rest"),
        bar(high + (lowOf(rest) ?? 0), high + (highOf(rest) ?? 0), "rx-bar-rest rx-range"),
      ];
    });
    const years = data.months.flatMap((month, i) => {
      if (!month.endsWith("-01") && i > 0) return [];
      const x = left + i * step;
      const room = Math.min(data.months.length - i, 12) * step;
      return [
        svgEl("line", { x1: x, x2: x, y1: base, y2: base + 5, class: "rx-axis" }),
        room > 26 && svgEl("text", { x: x + room / 2, y: height - 6, "text-anchor": "middle", class: "rx-tick" }, month.slice(0, 4)),
      ];
    });
    frame.replaceChildren(
      svgEl(
        "svg",
        { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
        hatching("rx-gap"),
        ticks.map((value) => [
          svgEl("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: value ? "rx-grid" : "rx-axis" }),
          svgEl("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end", class: "rx-tick" }, formatNumber(value)),
        ]),
        gapsOf(data.quebec).map(([first, last]) => svgEl("rect", { x: left + first * step, y: top, width: (last - first + 1) * step, height: base - top, fill: "url(#rx-gap)" })),
        bars,
        data.events.map((event, k) => eventMark(event, k)),
        gapsOf(data.quebec).map(([first, last]) => gap(first, last)),
        svgEl("rect", { y: top, width: step, height: base - top, class: "rx-cursor", visibility: "hidden" }),
        svgEl("rect", { y: top, width: Math.max(3, step), height: base - top + 5, class: "rx-clock-cursor", visibility: "hidden" }),
        years,
      ),
    );

    function gap(first, last) {
      const x = left + first * step;
      const w = (last - first + 1) * step;
      const spans = Object.entries(data.annual).flatMap(([year, total]) => {
        const start = Math.max(first, data.months.findIndex((m) => m.startsWith(year)));
        const end = Math.min(last, data.months.findLastIndex((m) => m.startsWith(year)));
        if (total.quebec === null || end - start < 5 || !data.months[start]?.startsWith(year)) return [];
        const january = data.months.indexOf(`${year}-01`);
        return [{ from: left + Math.max(0, january) * step, to: left + (Math.max(end, data.months.findLastIndex((m) => m.startsWith(year))) + 1) * step, text: formatCount(total.quebec) }];
      });
      const small = spans.some(({ from, to }) => to - from < 44);
      const label = w > 70 ? t(spans.length > 0 ? "chart.gap_years" : "chart.gap") : "";
      const level = base - (base - top) * 0.4;
      return [
        label && wrapped(label, x + w / 2, top + 22, w),
        spans.map(({ from, to, text }) => [
          svgEl("path", { d: `M${from + 2},${level + 5}v-5H${to - 2}v5`, class: "rx-bracket" }),
          svgEl("text", { x: (from + to) / 2, y: level - 6, "text-anchor": "middle", class: small ? "rx-gap-figure rx-small" : "rx-gap-figure" }, text),
        ]),
      ];
    }

    function wrapped(text, x, at, w) {
      const lines = [""];
      for (const part of text.split(" ")) {
        if (lines.at(-1).length * 5.6 + part.length * 5.6 > w - 8 && lines.at(-1)) lines.push("");
        lines[lines.length - 1] += (lines.at(-1) ? " " : "") + part;
      }
      return lines.map((line, k) => svgEl("text", { x, y: at + k * 13, "text-anchor": "middle", class: "rx-gap-text" }, line));
    }

    function eventMark(event, k) {
      const x = left + monthPosition(data.months, event.date) * step;
      return [
        svgEl("line", { x1: x, x2: x, y1: top - 8, y2: base, class: "rx-event" }),
        svgEl("circle", { cx: x, cy: top - 16, r: 9, class: "rx-event-dot" }),
        svgEl("text", { x, y: top - 12, "text-anchor": "middle", class: "rx-event-number" }, String(k + 1)),
      ];
    }
    mark();
  }

  const monthAt = (event) => {
    const at = event.clientX - frame.getBoundingClientRect().left - frame.left;
    const i = Math.floor(at / frame.step);
    return i < 0 || i >= data.months.length ? null : i;
  };
  const point = (i) => {
    pointed = i;
    mark();
  };
  frame.addEventListener("pointermove", (event) => point(monthAt(event)));
  frame.addEventListener("pointerleave", () => point(null));
  frame.addEventListener("click", (event) => {
    const i = monthAt(event);
    if (i !== null) clock.set(data.months[i]);
  });
  frame.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 12, PageDown: -12 }[event.key];
    const end = { Home: 0, End: data.months.length - 1 }[event.key];
    if (event.key === "Escape") clock.set(null);
    if (move === undefined && end === undefined) return;
    event.preventDefault();
    const from = ofClock() < 0 ? lastKnown() : ofClock() + move;
    clock.set(data.months[Math.max(0, Math.min(data.months.length - 1, end ?? from))]);
  });
  clock.onChange(mark);
  onLanguage(draw);
  new ResizeObserver(draw).observe(host);
  draw();
}

// The key to the numbered dates.
export function eventKey(host, data) {
  const write = () => {
    const pick = (event) => typeset((language.now === "fr" ? event.title_fr : null) ?? event.title);
    host.replaceChildren(
      ...data.events.map((event) => el("li", {}, el("b", {}, formatDate(event.date, "short")), " ", pick(event))),
    );
  };
  write();
  onLanguage(write);
}

export function chartLegend() {
  return el(
    "p",
    { class: "rx-chart-legend" },
    ["quebec", "rest", "gap"].map((key) =>
      el("span", {}, el("span", { class: `rx-chip rx-chip-${key}`, "aria-hidden": "true" }), said("span", {}, () => t(`chart.key_${key}`))),
    ),
  );
}

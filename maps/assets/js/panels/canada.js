// Canada by province: one circle a province, and the transfers from Quebec as flows.
import { Choice } from "../core/choice.js";
import { clock } from "../core/clock.js";
import { monthSpan } from "../core/dates.js";
import { el, said, svgEl } from "../core/dom.js";
import { formatCount, formatDate, formatNumber, language, onLanguage, t } from "../core/i18n.js";
import { circleRadius, highOf } from "../core/scale.js";

const LARGEST = 27;

function provinceName(province) {
  return (language.now === "fr" ? province.name_fr : null) ?? province.name;
}

// A curve from one point to another, bowed to the left of its direction, that leaves
// some room at both ends.
export function flowPath(from, to, bow, roomFrom = 0, roomTo = 0) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const middle = { x: (from.x + to.x) / 2 + dy * bow, y: (from.y + to.y) / 2 - dx * bow };
  const toward = (a, room) => {
    const length = Math.hypot(middle.x - a.x, middle.y - a.y) || 1;
    const share = Math.min(0.9, room / length);
    return [a.x + (middle.x - a.x) * share, a.y + (middle.y - a.y) * share];
  };
  const round = (value) => Math.round(value * 10) / 10;
  const [[ax, ay], [bx, by]] = [toward(from, roomFrom), toward(to, roomTo)];
  return `M${round(ax)},${round(ay)}Q${round(middle.x)},${round(middle.y)} ${round(bx)},${round(by)}`;
}

// The running totals to draw: without a month the last of each province, else of those whose
// span holds the month the one with the shortest.
export function flowsOf(data, month) {
  if (month === null) return data.flows;
  const at = monthSpan(month).first;
  const best = new Map();
  for (const flow of data.totals) {
    const [first, last] = [monthSpan(flow.start)?.first, monthSpan(flow.end)?.last];
    if (!(first <= at && at <= last)) continue;
    const other = best.get(flow.to);
    if (!other || flow.end < other.end) best.set(flow.to, flow);
  }
  return [...best.values()];
}

// Draws it, and returns which year is chosen; null where there is none.
export function canadaView(host, data) {
  const years = Object.keys(data.years);
  if (years.length === 0) {
    host.replaceChildren(said("p", {}, () => t("chart.empty")));
    return null;
  }
  const largest = (periods) => Math.max(...Object.values(periods).flatMap(({ counts }) => Object.values(counts).map(highOf)));
  const scales = { year: [largest(data.years), [10_000, 1_000]], month: [largest(data.months), [2_000, 200]] };
  const select = el("select", { id: "rx-year" }, years.map((year) => el("option", { value: year }, year)));
  const usual = years.includes("2022") ? "2022" : years.at(-1);
  const chosen = new Choice(years, usual);
  select.value = usual;
  // Stands in the list while the clock chooses.
  const ofClock = el("option", { value: "" });
  const figure = el("div", { class: "rx-canada" });
  const words = el("p", { class: "rx-canada-words" });
  const flowWords = el("ul", { class: "rx-flow-words" });
  const heading = said("h3", { class: "rx-small-head" }, () => t("canada.flows"));
  host.replaceChildren(
    el("div", { class: "rx-year" }, said("label", { for: "rx-year" }, () => t("canada.year")), select),
    figure,
    words,
    data.totals.length > 0 ? heading : "",
    flowWords,
  );
  const at = Object.fromEntries(data.provinces.map((province) => [province.id, province]));

  let maximum = 1;
  let keys = [];
  let shownFlows = [];

  // The clock's month where provinces are counted in it, else the year chosen.
  function draw() {
    const month = clock.now !== null && Object.hasOwn(data.months, clock.now) ? clock.now : null;
    const { counts, canada } = (month === null ? data.years[select.value] : data.months[month]) ?? { counts: {}, canada: null };
    [maximum, keys] = scales[month === null ? "year" : "month"];
    ofClock.textContent = clock.now === null ? "" : formatDate(clock.now);
    shownFlows = flowsOf(data, clock.now);
    const period = month === null && select.value ? select.value : formatDate(clock.now);
    const ratio = data.width / Math.max(260, host.clientWidth);
    const size = 11.5 * ratio;
    const circles = data.provinces.toSorted((a, b) => (highOf(counts[b.id]) ?? -1) - (highOf(counts[a.id]) ?? -1)).map((p) => symbol(p, counts[p.id], size));
    figure.replaceChildren(
      svgEl(
        "svg",
        { viewBox: `0 0 ${data.width} ${data.height}`, role: "img", "aria-label": t("canada.title_year", { year: period }) },
        svgEl(
          "defs",
          {},
          svgEl("marker", { id: "rx-arrow", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svgEl("path", { d: "M0,0L8,4L0,8z", class: "rx-arrow" })),
        ),
        data.provinces.map((p) => svgEl("path", { d: p.path, class: "rx-province" })),
        circles.map((part) => part.shape),
        shownFlows.map((flow) => flowShape(flow, size, counts["CA-QC"])),
        circles.map((part) => part.text),
        legend(size),
      ),
    );
    write(counts, canada, period, clock.now !== null && month === null);
  }

  function symbol(province, count, size) {
    if (count === undefined) {
      return {
        shape: svgEl("text", { x: province.x, y: province.y + size / 3, "text-anchor": "middle", "font-size": size, class: "rx-no-figure" }, "–"),
        text: null,
      };
    }
    const r = circleRadius(highOf(count), maximum, LARGEST);
    const big = r > 16;
    const kind = Array.isArray(count) ? "rx-circle rx-range" : count === 0 ? "rx-circle rx-zero" : "rx-circle";
    return {
      shape: svgEl("circle", { cx: province.x, cy: province.y, r: Math.max(r, 1.2), class: kind }),
      text: svgEl(
        "text",
        { x: province.x, y: big ? province.y - r - 5 : province.y - r - 4, "text-anchor": "middle", "font-size": big ? size * 1.25 : size, class: "rx-count" },
        formatCount(count),
      ),
    };
  }

  function flowShape(flow, size, fromQuebec) {
    const [from, to] = [at["CA-QC"], at[flow.to]];
    if (!from || !to) return null;
    const heaviest = Math.max(...data.totals.map((other) => other.count));
    const bow = to.x < from.x ? 0.25 : -0.25;
    const start = circleRadius(highOf(fromQuebec) ?? 0, maximum, LARGEST) + 1;
    return svgEl("path", {
      d: flowPath(from, to, bow, start, 5),
      class: "rx-flow",
      "stroke-width": 1.2 + (5.5 * flow.count) / heaviest,
      "marker-end": "url(#rx-arrow)",
    });
  }

  function legend(size) {
    const x = data.width - 56 - 2 * size;
    return keys.map((value, k) => {
      const r = circleRadius(value, maximum, LARGEST);
      const y = 18 + k * 26;
      return [
        svgEl("circle", { cx: x, cy: y, r, class: "rx-circle-key" }),
        svgEl("text", { x: x + 20, y: y + size / 3, "font-size": size, class: "rx-key-text" }, formatNumber(value)),
      ];
    });
  }

  function write(counts, total, period, monthMissing) {
    const known = data.provinces.filter((p) => counts[p.id] !== undefined).toSorted((a, b) => highOf(counts[b.id]) - highOf(counts[a.id]));
    const unknown = data.provinces.filter((p) => counts[p.id] === undefined).map(provinceName);
    const list = known.map((p) => `${provinceName(p)} ${formatCount(counts[p.id])}`).join(" · ");
    const parts = [
      monthMissing && select.value && `${t("canada.no_month", { month: formatDate(clock.now) })} `,
      el("b", {}, total === null ? t("canada.no_total", { year: period }) : t("canada.total", { year: period, count: formatCount(total) })),
      ` ${list}. `,
      [total, ...Object.values(counts)].some(Array.isArray) && el("span", { class: "rx-muted" }, `${t("chart.range")} `),
      unknown.length > 0 && el("span", { class: "rx-muted" }, t("canada.no_figure", { list: unknown.join(", ") })),
    ];
    words.replaceChildren(...parts.filter(Boolean));
    heading.hidden = shownFlows.length === 0 && clock.now === null;
    flowWords.replaceChildren(
      ...(shownFlows.length === 0 && clock.now !== null ? [el("li", {}, t("canada.no_flow", { month: formatDate(clock.now) }))] : []),
      ...shownFlows.map((flow) =>
        el(
          "li",
          {},
          el("b", {}, formatNumber(flow.count)),
          ` ${t("canada.flow", { to: at[flow.to] ? provinceName(at[flow.to]) : flow.to, start: formatDate(flow.start), end: formatDate(flow.end) })}`,
        ),
      ),
    );
  }

  // A year chosen here is all its months: the clock lets go of its one.
  select.addEventListener("change", () => {
    chosen.set(select.value);
    clock.set(null);
  });
  chosen.onChange((year) => {
    if (clock.now !== null) return;
    select.value = year;
    draw();
  });
  clock.onChange((month) => {
    const year = month?.slice(0, 4);
    const byMonth = month !== null && Object.hasOwn(data.months, month);
    if (month === null) ofClock.remove();
    else select.prepend(ofClock);
    if (month === null) select.value = chosen.now;
    else select.value = !byMonth && years.includes(year) ? year : "";
    draw();
  });
  onLanguage(draw);
  new ResizeObserver(draw).observe(figure);
  draw();
  return chosen;
}

// Canada by province: one circle a province, and the transfers from Quebec as flows.
import { el, said, svgEl } from "./dom.js";
import { formatCount, formatDate, formatNumber, language, onLanguage, t } from "./i18n.js";
import { circleRadius, highOf } from "./scale.js";

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

export function canadaView(host, data) {
  const years = Object.keys(data.years);
  if (years.length === 0) {
    host.replaceChildren(said("p", {}, () => t("chart.empty")));
    return;
  }
  const maximum = Math.max(...years.flatMap((year) => Object.values(data.years[year].counts).map(highOf)));
  const select = el("select", { id: "rx-year" }, years.map((year) => el("option", { value: year }, year)));
  select.value = years.includes("2022") ? "2022" : years.at(-1);
  const figure = el("div", { class: "rx-canada" });
  const words = el("p", { class: "rx-canada-words", "aria-live": "polite" });
  const flowWords = el("ul", { class: "rx-flow-words" });
  const heading = said("h3", { class: "rx-small-head" }, () => t("canada.flows"));
  host.replaceChildren(
    el("div", { class: "rx-year" }, said("label", { for: "rx-year" }, () => t("canada.year")), select),
    figure,
    words,
    data.flows.length > 0 && heading,
    flowWords,
  );
  const at = Object.fromEntries(data.provinces.map((province) => [province.id, province]));

  function draw() {
    const { counts } = data.years[select.value];
    const ratio = data.width / Math.max(260, host.clientWidth);
    const size = 11.5 * ratio;
    const circles = data.provinces.toSorted((a, b) => (highOf(counts[b.id]) ?? -1) - (highOf(counts[a.id]) ?? -1)).map((p) => symbol(p, counts[p.id], size));
    figure.replaceChildren(
      svgEl(
        "svg",
        { viewBox: `0 0 ${data.width} ${data.height}`, role: "img", "aria-label": t("canada.title_year", { year: select.value }) },
        svgEl(
          "defs",
          {},
          svgEl("marker", { id: "rx-arrow", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svgEl("path", { d: "M0,0L8,4L0,8z", class: "rx-arrow" })),
        ),
        data.provinces.map((p) => svgEl("path", { d: p.path, class: "rx-province" })),
        circles.map((part) => part.shape),
        data.flows.map((flow) => flowShape(flow, size)),
        circles.map((part) => part.text),
        legend(size),
      ),
    );
    write(counts);
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

  function flowShape(flow, size) {
    const [from, to] = [at["CA-QC"], at[flow.to]];
    if (!from || !to) return null;
    const heaviest = Math.max(...data.flows.map((other) => other.count));
    const bow = to.x < from.x ? 0.25 : -0.25;
    const start = circleRadius(highOf(data.years[select.value].counts["CA-QC"]) ?? 0, maximum, LARGEST) + 1;
    return svgEl("path", {
      d: flowPath(from, to, bow, start, 5),
      class: "rx-flow",
      "stroke-width": 1.2 + (5.5 * flow.count) / heaviest,
      "marker-end": "url(#rx-arrow)",
    });
  }

  function legend(size) {
    const x = data.width - 56 - 2 * size;
    return [10_000, 1_000].map((value, k) => {
      const r = circleRadius(value, maximum, LARGEST);
      const y = 18 + k * 26;
      return [
        svgEl("circle", { cx: x, cy: y, r, class: "rx-circle-key" }),
        svgEl("text", { x: x + 20, y: y + size / 3, "font-size": size, class: "rx-key-text" }, formatNumber(value)),
      ];
    });
  }

  function write(counts) {
    const known = data.provinces.filter((p) => counts[p.id] !== undefined).toSorted((a, b) => highOf(counts[b.id]) - highOf(counts[a.id]));
    const unknown = data.provinces.filter((p) => counts[p.id] === undefined).map(provinceName);
    const total = data.years[select.value].canada;
    const list = known.map((p) => `${provinceName(p)} ${formatCount(counts[p.id])}`).join(" · ");
    const parts = [
      el("b", {}, total === null ? t("canada.no_total", { year: select.value }) : t("canada.total", { year: select.value, count: formatCount(total) })),
      ` ${list}. `,
      [total, ...Object.values(counts)].some(Array.isArray) && el("span", { class: "rx-muted" }, `${t("chart.range")} `),
      unknown.length > 0 && el("span", { class: "rx-muted" }, t("canada.no_figure", { list: unknown.join(", ") })),
    ];
    words.replaceChildren(...parts.filter(Boolean));
    flowWords.replaceChildren(
      ...data.flows.map((flow) =>
        el(
          "li",
          {},
          el("b", {}, formatNumber(flow.count)),
          ` ${t("canada.flow", { to: at[flow.to] ? provinceName(at[flow.to]) : flow.to, start: formatDate(flow.start), end: formatDate(flow.end) })}`,
        ),
      ),
    );
  }

  select.addEventListener("change", draw);
  onLanguage(draw);
  new ResizeObserver(draw).observe(figure);
  draw();
}

// Which measure the monthly chart shows: one at a time, for they count different things.
import { Choice } from "../core/choice.js";
import { said } from "../core/dom.js";
import { t } from "../core/i18n.js";
import { interceptionsOf, monthlyChart, selectOf, seriesOf } from "./chart.js";

// What a reader may choose, the first one shown first: no empty chart where other measures have counts.
export function measuresOf({ chart, measures }) {
  const others = (measures ?? []).map((one) => one.measure);
  return chart.months.length === 0 && others.length > 0 ? others : ["interceptions", ...others];
}

// Draws the chart with its choice, and returns which measure is chosen.
export function measureView({ host, place, title, text, key, gaps }, data) {
  const others = new Map((data.measures ?? []).map((one) => [one.measure, one]));
  const nameOf = (measure) => others.get(measure)?.name ?? t(measure === "interceptions" ? "chart.title" : `measure.${measure}`);
  const measures = measuresOf(data);
  const choice = new Choice(measures, measures[0]);
  const seriesFor = (measure) => {
    if (!others.has(measure)) return interceptionsOf(data.chart);
    const { months, values, name } = others.get(measure);
    const words = { title: () => nameOf(measure), say: (count) => (name ? `${name}${t("colon")} ${count}` : t(`measure.${measure}_count`, { count })) };
    return seriesOf({ months, values, ...words }, data.chart.events);
  };
  const chart = monthlyChart(host, seriesFor(choice.now));
  if (others.size === 0) return choice;
  place.append(selectOf("rx-measure", choice, "measure.choose", (measure) => (measure === "interceptions" ? t("measure.interceptions") : nameOf(measure))));
  const about = (measure) => {
    const { by } = others.get(measure) ?? {};
    return by ? t("measure.own_sub", { by }) : t(measure === "interceptions" ? "chart.sub" : `measure.${measure}_sub`);
  };
  title.replaceChildren(said("span", {}, () => nameOf(choice.now)));
  text.replaceChildren(said("span", {}, () => about(choice.now)));
  const sign = (measure) => {
    // Of the signs only those of interceptions are of two places.
    for (const chip of key.querySelectorAll("[data-key=area], [data-key=rest]")) chip.hidden = measure !== "interceptions";
    if (gaps) gaps.hidden = measure !== "interceptions";
  };
  sign(choice.now);
  choice.onChange((measure) => {
    chart.show(seriesFor(measure));
    title.firstChild.textContent = nameOf(measure);
    text.firstChild.textContent = about(measure);
    sign(measure);
  });
  return choice;
}

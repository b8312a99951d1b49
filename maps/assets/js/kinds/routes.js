// Routes through gates: the best one strong, others thin; the earlier of two dates dashed.
import { featureDistance2 } from "../core/geometry.js";
import { formatDate, formatLength, t } from "../core/i18n.js";
import { boxesAround } from "../stage/labels.js";
import { card, localValue } from "../stage/popup.js";
import { lineSwatch } from "../stage/swatch.js";
import { xToLon, yToLat } from "../core/projection.js";
import { drawDated, formatMinutes, onItsSide, shownOf, spotsAlong } from "./shared/travel.js";

const BEFORE_DASH = [9, 6];

export function routeStroke(layer, i) {
  const best = (layer.value(i, "route") ?? 1) === 1;
  return { width: best ? 4 : 2.2, dash: layer.value(i, "when") === "before" ? BEFORE_DASH : [] };
}

function routeName(layer, i) {
  const ends = `${layer.value(i, "origin")} → ${layer.value(i, "destination")}`;
  const gate = localValue(layer, i, "gate_name") ?? layer.value(i, "gate");
  return gate ? t("travel.by_way_of", { ends, gate }) : ends;
}

function routeLabel(layer, i, both) {
  const said = `${formatLength(layer.value(i, "length_m")).replace(/ \(.*/, "")}, ${formatMinutes(layer.value(i, "travel_time_s"))}`;
  return both && layer.value(i, "on") ? `${formatDate(layer.value(i, "on"), "short")}: ${said}` : said;
}

function routeAt(view, layer, px, py) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  const reach = 6 / view.scale;
  let found = -1;
  let best = reach * reach;
  for (const i of shownOf(layer)) {
    if (!onItsSide(view, layer, i, px)) continue;
    const d2 = featureDistance2(layer.geometry, i, x, y, reach);
    if (d2 <= best) [found, best] = [i, d2];
  }
  return found;
}

function paintRoute(view, layer, i) {
  const { width, dash } = routeStroke(layer, i);
  view.ctx.lineJoin = "round";
  view.ctx.lineCap = "round";
  view.ctx.beginPath();
  view.trace(layer.geometry, i, false);
  view.stroke(view.theme.halo, width + 3);
  view.ctx.lineCap = "butt";
  view.stroke(view.theme.route, width, dash);
}

export const routeKind = {
  rank: { drawn: 45, legend: 10, read: 30, table: 80 },
  bothDates: true,
  signs(layer) {
    const { dates } = layer.extra;
    const sign = (width, dash, words) => [lineSwatch("route", width, { dash }), words];
    const entries = dates
      ? [
          sign(4, BEFORE_DASH, () => t("travel.legend_route", { date: formatDate(dates.before) })),
          sign(4, [], () => t("travel.legend_route", { date: formatDate(dates.after) })),
        ]
      : [sign(4, [], () => t("travel.route"))];
    const others = Array.from({ length: layer.n }, (_, i) => layer.value(i, "route")).some((route) => route > 1);
    return others ? [...entries, sign(2.2, [], () => t("travel.others"))] : entries;
  },
  draw(view, layer) {
    // The best one last, on top of the others.
    const paint = (best) => drawDated(view, layer, (i) => {
      if (((layer.value(i, "route") ?? 1) === 1) === best && view.shows(layer.geometry, i, 8)) paintRoute(view, layer, i);
    });
    paint(false);
    paint(true);
  },
  labels(view, layer) {
    const font = view.font({ size: 12, weight: 600 });
    const shown = shownOf(layer);
    const both = new Set(shown.map((i) => layer.value(i, "on"))).size > 1;
    return shown
      .filter((i) => view.shows(layer.geometry, i))
      .map((i) => {
        const text = routeLabel(layer, i, both);
        const w = view.measure(text, font);
        return {
          text,
          rank: 4 + (layer.value(i, "route") ?? 1) / 10,
          boxes(at) {
            const spots = spotsAlong(at, layer, i, 30);
            const middle = spots.length / 2;
            const near = spots.map((spot, k) => ({ spot, far: Math.abs(k - middle) })).sort((a, b) => a.far - b.far);
            const around = near.flatMap(({ spot }) => boxesAround(spot.x, spot.y, w, 14, 8).slice(0, 2));
            return around.filter((box) => onItsSide(at, layer, i, box.x, box.x + w));
          },
          paint: (at, box) => at.write(text, box, { font, colour: at.theme.route, halo: 4.5 }),
        };
      });
  },
  mark(view, layer, i) {
    view.ctx.beginPath();
    view.trace(layer.geometry, i, false);
    view.ctx.globalAlpha = 0.6;
    view.stroke(view.theme.select, 9);
    view.ctx.globalAlpha = 1;
    paintRoute(view, layer, i);
  },
  hit: routeAt,
  name: routeName,
  middle(layer, i) {
    const { partsOf, pointsOf, x, y } = layer.geometry;
    const k = Math.floor((pointsOf[partsOf[i]] + pointsOf[partsOf[i + 1]] - 1) / 2);
    return [yToLat(y[k]), xToLon(x[k])];
  },
  popup(layer, i) {
    const value = (name) => layer.value(i, name);
    const length = (name) => (value(name) === null ? null : formatLength(value(name)));
    const order = value("route") ?? 1;
    const rule = localValue(layer, i, "rule");
    return card({
      kicker: [t("travel.number", { number: order }), layer.extra.schematic ? t("travel.schematic") : null]
        .filter(Boolean)
        .join(" · "),
      title: `${value("origin")} → ${value("destination")}`,
      text: [rule && value("on") ? t("travel.rule_on", { date: formatDate(value("on")), rule }) : rule],
      rows: [
        [t("travel.date"), value("on") && formatDate(value("on"))],
        [t("travel.gate"), localValue(layer, i, "gate_name") ?? value("gate")],
        [t("popup.length"), length("length_m")],
        [t("travel.time"), value("travel_time_s") === null ? null : formatMinutes(value("travel_time_s"))],
        [t("travel.in_second"), length(layer.extra.lengths[1])],
        [t("travel.in_first"), length(layer.extra.lengths[0])],
        [t("travel.walk"), value("walk_m") ? `${length("walk_m")}, ${formatMinutes(value("walk_time_s"))}` : null],
        [t("travel.roads"), value("roads")],
      ],
      note: [t("travel.free_flow"), layer.extra.schematic ? t("disclaimer.schematic") : null].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

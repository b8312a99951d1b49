// What is reached by road in so many minutes: areas one within the other, each edge named.
import { formatDate, formatLength, formatNumber, t } from "../core/i18n.js";
import { boxesAround } from "../stage/labels.js";
import { card, localValue } from "../stage/popup.js";
import { BOX } from "../stage/swatch.js";
import { boxMiddle, markArea } from "./shared/areas.js";
import { areaAt, paintArea, shownOf, spotsAlong } from "./shared/travel.js";

const DASHES = [[], [7, 3], [3, 3], [1, 3]];

// The order of a time among all of the layer, the shortest first.
export function reachTimes(layer) {
  const times = new Set(Array.from({ length: layer.n }, (_, i) => layer.value(i, "minutes")));
  return [...times].sort((a, b) => a - b);
}

export function reachDash(layer, minutes) {
  return DASHES[Math.min(reachTimes(layer).indexOf(minutes), DASHES.length - 1)];
}

function reachName(layer, i) {
  const key = layer.value(i, "direction") === "to" ? "travel.reach_to" : "travel.reach_from";
  return t(key, { place: localValue(layer, i, "origin"), minutes: formatNumber(layer.value(i, "minutes")) });
}

function reachSwatch(dash, tint) {
  return (ctx, theme) => {
    ctx.fillStyle = theme.reach;
    ctx.globalAlpha = tint;
    ctx.fillRect(BOX.x, BOX.y, BOX.w, BOX.h);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = theme.reach;
    ctx.lineWidth = 1.2;
    ctx.setLineDash(dash);
    ctx.strokeRect(BOX.x + 0.5, BOX.y + 0.5, BOX.w - 1, BOX.h - 1);
    ctx.setLineDash([]);
  };
}

export const reachKind = {
  rank: { drawn: 14, pointed: 24, legend: 30, read: 40, table: 80 },
  perDay: true,
  signs: (layer) =>
    reachTimes(layer).map((minutes, k, all) => [
      reachSwatch(reachDash(layer, minutes), 0.08 * (all.length - k)),
      () => t("travel.legend_reach", { minutes: formatNumber(minutes) }),
    ]),
  draw(view, layer) {
    for (const i of shownOf(layer)) {
      if (!view.shows(layer.geometry, i)) continue;
      const dash = reachDash(layer, layer.value(i, "minutes"));
      paintArea(view, layer, i, { colour: view.theme.reach, tint: 0.08, edge: 1.2, dash, least: 10, band: 0.22 });
    }
  },
  labels(view, layer) {
    const font = view.font({ size: 11, weight: 600 });
    return shownOf(layer)
      .filter((i) => view.shows(layer.geometry, i))
      .map((i) => {
        const text = t("travel.minutes", { minutes: formatNumber(layer.value(i, "minutes")) });
        const w = view.measure(text, font);
        return {
          text,
          rank: 9 + layer.value(i, "minutes") / 1000,
          boxes: (at) => spotsAlong(at, layer, i).flatMap((spot) => boxesAround(spot.x, spot.y, w, 13, 3).slice(0, 4)),
          paint: (at, box) => at.write(text, box, { font, colour: at.theme.reach }),
        };
      });
  },
  mark: markArea,
  hit: areaAt,
  name: reachName,
  middle: boxMiddle,
  popup(layer, i) {
    const on = layer.value(i, "on");
    return card({
      kicker: [t("layer.reach"), layer.extra.schematic ? t("travel.schematic") : null].filter(Boolean).join(" · "),
      title: reachName(layer, i),
      rows: [
        [t("travel.gates"), on ? t("travel.gates_on", { date: formatDate(on) }) : t("travel.gates_none")],
        [t("travel.road_km"), formatLength(layer.value(i, "reached_km") * 1000)],
      ],
      note: [
        layer.extra.buffer_m ? t("travel.ribbon", { metres: formatNumber(layer.extra.buffer_m) }) : null,
        t("travel.free_flow"),
        layer.extra.schematic ? t("disclaimer.schematic") : null,
      ].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

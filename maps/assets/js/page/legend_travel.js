// What the signs of the layers of travel mean, for the legend: pairs of a swatch and its words.
import { formatDate, formatNumber, t } from "../core/i18n.js";
import { reachDash, reachTimes } from "../kinds/reach.js";
import { BEFORE_DASH } from "../kinds/routes.js";
import { CROSSED, hatchFill } from "../kinds/travel.js";

const BOX = { x: 1, y: 2, w: 28, h: 14 };

function routeSwatch(width, dash) {
  return (ctx, theme) => {
    ctx.beginPath();
    ctx.moveTo(1, 9);
    ctx.lineTo(29, 9);
    ctx.strokeStyle = theme.route;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.stroke();
    ctx.setLineDash([]);
  };
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

// Colours side by side, each with its own hatching; or all crossed, for what changed.
function gateSwatch(hues, kind) {
  return (ctx, theme) => {
    const w = BOX.w / hues.length;
    hues.forEach((hue, k) => {
      const colour = theme[`gate-${hue}`];
      for (const [style, alpha] of [[colour, 0.17], [hatchFill(ctx, colour, kind ?? hue), 0.8]]) {
        ctx.fillStyle = style;
        ctx.globalAlpha = alpha;
        ctx.fillRect(BOX.x + k * w, BOX.y, w, BOX.h);
      }
      ctx.globalAlpha = 1;
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1;
      ctx.strokeRect(BOX.x + k * w + 0.5, BOX.y + 0.5, w - 1, BOX.h - 1);
    });
  };
}

export const TRAVEL_ENTRIES = {
  routes(layer) {
    const { dates } = layer.extra;
    const entries = dates
      ? [
          [routeSwatch(4, BEFORE_DASH), () => t("travel.legend_route", { date: formatDate(dates.before) })],
          [routeSwatch(4, []), () => t("travel.legend_route", { date: formatDate(dates.after) })],
        ]
      : [[routeSwatch(4, []), () => t("travel.route")]];
    const others = Array.from({ length: layer.n }, (_, i) => layer.value(i, "route")).some((route) => route > 1);
    return others ? [...entries, [routeSwatch(2.2, []), () => t("travel.others")]] : entries;
  },
  reach: (layer) =>
    reachTimes(layer).map((minutes, k, all) => [
      reachSwatch(reachDash(layer, minutes), 0.08 * (all.length - k)),
      () => t("travel.legend_reach", { minutes: formatNumber(minutes) }),
    ]),
  catchments(layer) {
    const entries = [[gateSwatch([0, 1, 2, 3], null), () => t("travel.legend_nearest")]];
    if (layer.extra.dates) entries.push([gateSwatch([0], CROSSED), () => t("travel.legend_changed")]);
    return entries;
  },
};

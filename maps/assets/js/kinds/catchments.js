// The roads to which each gate is nearest: a colour, a hatching and a name for each gate.
import { featureHolds } from "../core/geometry.js";
import { latToY, lonToX } from "../core/projection.js";
import { formatDate, formatLength, t } from "../core/i18n.js";
import { FEW, boxesAround } from "../stage/labels.js";
import { card, localValue } from "../stage/popup.js";
import { BOX } from "../stage/swatch.js";
import { boxMiddle, markArea } from "./shared/areas.js";
import { CROSSED, areaAt, drawDated, hatchFill, onItsSide, paintArea, shownOf, spotsAlong } from "./shared/travel.js";

function changed(layer, i) {
  return layer.value(i, "when") === "change";
}

function areaStyle(view, layer, i) {
  const hue = layer.value(i, "hue") ?? 0;
  const colour = view.theme[`gate-${hue}`];
  if (changed(layer, i)) return { colour, tint: 0.34, hatch: CROSSED, least: 13, edge: 1.8, width: 1.5 };
  return { colour, tint: 0.22, hatch: hue, least: 9, edge: 0.9 };
}

function catchmentName(layer, i) {
  const gate = localValue(layer, i, "gate_name") ?? layer.value(i, "gate");
  if (!changed(layer, i)) return gate;
  const names = [localValue(layer, i, "other_name"), gate].map((name) => name ?? t("travel.no_gate"));
  return names.join(" → ");
}

// At the gate, else within the area where it can be, near its middle first.
function nameBoxes(view, layer, i, w) {
  const [lon, lat] = [layer.value(i, "gate_lon"), layer.value(i, "gate_lat")];
  const atGate = lon === null || lat === null ? [] : boxesAround(view.px(lonToX(lon)), view.py(latToY(lat)), w, 13, 9);
  const { box } = layer.geometry;
  const [x, y] = [view.px((box[4 * i] + box[4 * i + 2]) / 2), view.py((box[4 * i + 1] + box[4 * i + 3]) / 2)];
  const centred = (spot) => ({ x: spot.x - w / 2, y: spot.y - 6.5, w, h: 13 });
  const within = (spot) => featureHolds(layer.geometry, i, (spot.x + view.origin.x) / view.scale, (spot.y + view.origin.y) / view.scale);
  const spots = spotsAlong(view, layer, i, 40).sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y));
  const first = within({ x, y }) ? [centred({ x, y })] : [];
  return [...atGate, ...first, ...spots.map(centred), ...spots.slice(0, 8).flatMap((spot) => boxesAround(spot.x, spot.y, w, 13, 4))];
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

export const catchmentKind = {
  rank: { drawn: 12, pointed: 22, legend: 20, read: 50, table: 80 },
  signs(layer) {
    const entries = [[gateSwatch([0, 1, 2, 3], null), () => t("travel.legend_nearest")]];
    if (layer.extra.dates) entries.push([gateSwatch([0], CROSSED), () => t("travel.legend_changed")]);
    return entries;
  },
  draw(view, layer) {
    drawDated(view, layer, (i) => {
      if (view.shows(layer.geometry, i)) paintArea(view, layer, i, areaStyle(view, layer, i));
    });
  },
  labels(view, layer) {
    const gates = new Set(Array.from({ length: layer.n }, (_, i) => layer.value(i, "gate")));
    const named = gates.size <= FEW || view.zoom >= 9.5;
    const font = view.font({ size: 11, weight: 600, italic: true });
    return shownOf(layer)
      .filter((i) => view.shows(layer.geometry, i) && (named || changed(layer, i)))
      .map((i) => {
        const text = catchmentName(layer, i);
        const w = view.measure(text, font);
        return {
          text,
          once: true, // a site is named by its own layer
          rank: changed(layer, i) ? 5 : 6 + i / 10_000,
          boxes: (at) => nameBoxes(at, layer, i, w).filter((box) => onItsSide(at, layer, i, box.x, box.x + w)),
          paint: (at, box) => at.write(text, box, { font, colour: at.theme[`gate-${layer.value(i, "hue") ?? 0}`] }),
        };
      });
  },
  mark: markArea,
  hit: areaAt,
  name: catchmentName,
  middle: boxMiddle,
  popup(layer, i) {
    const value = (name) => layer.value(i, name);
    const on = value("on");
    const km = value("road_km");
    return card({
      kicker: [t(changed(layer, i) ? "travel.changed" : "layer.catchments"), layer.extra.schematic ? t("travel.schematic") : null]
        .filter(Boolean)
        .join(" · "),
      title: catchmentName(layer, i),
      text: [on && localValue(layer, i, "rule") ? t("travel.rule_on", { date: formatDate(on), rule: localValue(layer, i, "rule") }) : null],
      rows: [
        [t("travel.date"), on && (changed(layer, i) ? t("travel.since", { date: formatDate(on) }) : formatDate(on))],
        [t("travel.nearest_km"), km === null ? null : formatLength(km * 1000)],
      ],
      note: [t("travel.nearest_note"), layer.extra.schematic ? t("disclaimer.schematic") : null].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

// The border.
import { t } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { lineSwatch } from "../stage/swatch.js";
import { lineMiddle, markLine, nearestLine } from "./shared/lines.js";

export const borderKind = {
  rank: { drawn: 40, legend: 80, read: 90, table: 50 },
  ground: true,
  line: true,
  columns: [{ name: "section", as: "local", heads: true }],
  signs: () => [[lineSwatch("border", 2, { band: "border-band" }), () => t("legend.border")]],
  draw(view, layer) {
    const { ctx, theme } = view;
    ctx.lineJoin = "round";
    ctx.lineCap = "butt";
    ctx.beginPath();
    for (let i = 0; i < layer.n; i += 1) if (layer.shown?.[i] !== 0) view.trace(layer.geometry, i, false);
    view.stroke(theme["border-band"], 9);
    view.stroke(theme.border, 2);
  },
  mark: markLine,
  hit: nearestLine,
  name: () => t("layer.border"),
  middle: lineMiddle,
  popup: (layer, i) =>
    card({
      kicker: t("popup.boundary"),
      title: t("layer.border"),
      rows: [[t("popup.section"), localValue(layer, i, "section")]],
      note: [t("disclaimer.boundary"), localValue(layer, i, "note")].filter(Boolean).join(" "),
      layer,
      i,
    }),
};

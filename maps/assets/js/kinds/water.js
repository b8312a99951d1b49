// Lakes and rivers.
import { t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { areaSwatch } from "../stage/swatch.js";
import { areaHolding, areaLabel, boxMiddle } from "./shared/areas.js";

export const waterKind = {
  rank: { drawn: 10, legend: 100, read: 80, table: 60 },
  ground: true,
  wet: true,
  id: "id",
  columns: [
    { name: "name", as: "local", heads: true },
    { name: "kind", as: "word", groups: ["water"] },
  ],
  signs: () => [[areaSwatch("water"), () => t("legend.water")]],
  draw(view, layer) {
    const { ctx, theme } = view;
    if (view.overTiles) return;
    for (let i = 0; i < layer.n; i += 1) {
      if (layer.shown?.[i] === 0 || !view.shows(layer.geometry, i)) continue;
      ctx.beginPath();
      view.trace(layer.geometry, i, true);
      ctx.fillStyle = theme.water;
      ctx.fill("evenodd");
      view.stroke(theme.river, 0.8);
    }
  },
  labels(view, layer) {
    if (view.overTiles) return [];
    const font = view.font({ size: 12, italic: true });
    const seen = new Set();
    return Array.from({ length: layer.n }, (_, i) => i)
      .filter((i) => layer.shown?.[i] !== 0 && view.shows(layer.geometry, i))
      .map((i) => {
        const text = String(localValue(layer, i, "name") ?? "");
        if (!text || seen.has(text)) return null;
        seen.add(text);
        return areaLabel(view, layer, i, { text, font, colour: view.theme["water-ink"], spacing: 0.4, rank: 24, fine: true });
      })
      .filter(Boolean);
  },
  hit: (view, layer, px, py) => (view.overTiles ? -1 : areaHolding(view, layer, px, py)),
  name: (layer, i) => localValue(layer, i, "name"),
  middle: boxMiddle,
  popup: (layer, i) =>
    card({
      kicker: word("water", layer.value(i, "kind")),
      title: localValue(layer, i, "name"),
      note: [t("popup.generalised"), localValue(layer, i, "note")].filter(Boolean).join(" "),
      layer,
      i,
    }),
};

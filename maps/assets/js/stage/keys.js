// The map from the keyboard: features one after the other, layer by layer.
import { announce } from "../core/live.js";
import { hasShown, shownFeatures, stepFrom } from "./cards.js";
import { formatNumber, t } from "../core/i18n.js";
import { layerName } from "./names.js";

// Layers in the order in which they are read, those with most to tell first.
function readable(stage) {
  return (stage.known ?? [])
    .filter(({ roxham }) => stage.layers.includes(roxham.layer) && hasShown(roxham.layer))
    .toSorted((a, b) => a.roxham.layer.traits.rank.read - b.roxham.layer.traits.rank.read)
    .map(({ roxham }) => roxham);
}

// Marks a feature, brings it into view, and says what it is.
function choose(stage, entry, i) {
  const { layer } = entry;
  stage.map.closePopup();
  stage.map.panInside(stage.placeOf(layer, i), { padding: [60, 60] });
  stage.select({ layer, i });
  const shown = shownFeatures(layer);
  const place = t("card.place", { place: formatNumber(shown.indexOf(i) + 1), count: formatNumber(shown.length) });
  const name = layer.traits.name?.(layer, i) || t("unnamed");
  announce(`${layerName(entry)}${t("colon")} ${name}. ${place}. ${t("keys.enter")}`);
}

// N and P: next and previous; L: another layer; Enter: open; Escape: let go.
export function mapKeys(stage) {
  const box = stage.map.getContainer();
  let current = null;

  function onKey(event) {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    const entries = readable(stage);
    const chosen = stage.selected;
    const at = entries.find(({ layer }) => layer === (chosen?.layer ?? current?.layer)) ?? entries[0];
    const key = event.key.toLowerCase();
    if (key === "enter" && chosen) stage.open(chosen.layer, chosen.i);
    else if (key === "escape" && chosen) stage.select(null);
    else if ((key === "n" || key === "p") && at) {
      current = at;
      choose(stage, at, stepFrom(at.layer, chosen?.layer === at.layer ? chosen.i : -1, key === "n" ? 1 : -1));
    } else if (key === "l" && at) {
      current = entries[(entries.indexOf(at) + 1) % entries.length];
      choose(stage, current, stepFrom(current.layer, -1, 1));
    } else return;
    event.preventDefault();
  }
  box.addEventListener("keydown", onKey);
}

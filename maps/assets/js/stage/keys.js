// The map from the keyboard: features one after the other, layer by layer.
import { announce } from "../core/live.js";
import { el, said } from "../core/dom.js";
import { hasShown, shownFeatures, stepFrom } from "./cards.js";
import { formatNumber, onLanguage, t } from "../core/i18n.js";
import { meetsRectangle, viewOf } from "./extent.js";
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

// What the keys of the map do, and its buttons for readers whose program keeps those keys.
function actionsOf(stage) {
  let current = null;
  const now = () => {
    const entries = readable(stage);
    const chosen = stage.selected;
    return { entries, chosen, at: entries.find(({ layer }) => layer === (chosen?.layer ?? current?.layer)) ?? entries[0] };
  };
  const step = (by) => {
    const { chosen, at } = now();
    if (!at) return;
    current = at;
    choose(stage, at, stepFrom(at.layer, chosen?.layer === at.layer ? chosen.i : -1, by));
  };
  return {
    next: () => step(1),
    previous: () => step(-1),
    layer() {
      const { entries, at } = now();
      if (!at) return;
      current = entries[(entries.indexOf(at) + 1) % entries.length];
      choose(stage, current, stepFrom(current.layer, -1, 1));
    },
    open() {
      const { chosen } = now();
      if (chosen) stage.open(chosen.layer, chosen.i);
    },
  };
}

const KEYS = { n: "next", p: "previous", l: "layer", enter: "open" };

// N and P: next and previous; L: another layer; Enter: open; Escape: let go. Buttons do the same.
export function mapKeys(stage) {
  const box = stage.map.getContainer();
  const actions = actionsOf(stage);
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "escape" && stage.selected) stage.select(null);
    else if (KEYS[key] && (key !== "enter" || stage.selected)) actions[KEYS[key]]();
    else return;
    event.preventDefault();
  });
  const button = (name) => {
    const made = said("button", { type: "button", class: "rx-button" }, () => t(`keys.${name}`));
    made.addEventListener("click", actions[name]);
    return made;
  };
  const bar = el("div", { class: "rx-keys-bar", role: "group" }, ["previous", "next", "layer", "open"].map(button));
  const name = () => bar.setAttribute("aria-label", t("keys.bar"));
  name();
  onLanguage(name);
  return bar;
}

// How many of each layer are in view, in words.
export function inWords(stage) {
  if (!stage.view) return "";
  const view = viewOf(stage.map);
  const parts = readable(stage)
    .filter(({ layer }) => !layer.traits.ground)
    .map((entry) => [layerName(entry), shownFeatures(entry.layer).filter((i) => meetsRectangle(entry.layer, i, view)).length])
    .filter(([, count]) => count > 0);
  return parts.length > 0 ? t("map.shows", { list: parts.map(([name, count]) => `${name} ${formatNumber(count)}`).join(", ") }) : t("map.shows_none");
}

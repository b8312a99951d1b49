// What a popup says: a card of plain elements.
import { el, sourceLine } from "../core/dom.js";
import { inOwnWords, language, t, typeset } from "../core/i18n.js";

// The value of a column in the reader's language where the data has it.
export function localValue(layer, i, name) {
  const own = language.now === language.first ? null : layer.value(i, inOwnWords(name));
  return typeset(own ?? layer.value(i, name));
}

// Rows whose value is unknown are left out: an absent figure is not a zero.
export function card({ kicker, title, rows = [], story = [], text = [], note, layer, i }) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const get = (name) => layer.value(i, name);
  return el(
    "div",
    { class: "rx-card" },
    kicker && el("p", { class: "rx-kicker" }, kicker),
    el("h3", {}, title || t("unnamed")),
    text.filter(Boolean).map((paragraph) => el("p", {}, paragraph)),
    known.length > 0 &&
      el(
        "dl",
        {},
        known.map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]),
      ),
    story.length > 0 &&
      el(
        "ol",
        { class: "rx-story" },
        story.map(([when, what]) => el("li", {}, el("b", {}, when), " ", what)),
      ),
    note && el("p", { class: "rx-note" }, note),
    sourceLine(get),
  );
}

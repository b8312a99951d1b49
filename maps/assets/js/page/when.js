// The switch between two dates, and what changed: one choice for all layers of a map that have both.
import { Choice } from "../core/choice.js";
import { el, said } from "../core/dom.js";
import { formatDate, onLanguage, t } from "../core/i18n.js";
import { stageOf } from "../stage/stage.js";
import { STATES, SWIPE, setState, stateMask } from "../kinds/shared/travel.js";

const choices = new WeakMap();
let groups = 0;

function datedLayers(map) {
  return layersOf(map).filter((layer) => layer.extra.dates);
}

// Areas of one day only say nothing of what changed between two.
function singleLayers(map) {
  return layersOf(map).filter((layer) => layer.traits.perDay && !layer.extra.dates);
}

function layersOf(map) {
  return (stageOf(map).known ?? []).map((known) => known.roxham.layer);
}

// Which of the states a map shows; null where no layer of it is of two dates.
export function whenOf(map) {
  const layers = datedLayers(map);
  if (layers.length === 0) return null;
  if (choices.has(map)) return choices.get(map);
  const choice = new Choice(STATES, STATES[0]);
  const show = () => {
    map.closePopup();
    for (const layer of layers) stageOf(map).filter(layer, setState(layer, choice.now));
    for (const layer of singleLayers(map)) stageOf(map).filter(layer, choice.now === "change" ? new Uint8Array(layer.n) : null);
  };
  choices.set(map, choice);
  choice.onChange(show);
  show();
  return choice;
}

export function whenSwitch(map) {
  const choice = whenOf(map);
  if (choice === null) return null;
  const layers = datedLayers(map);
  const { dates } = layers[0].extra;
  groups += 1;
  const group = `rx-when-${groups}`;
  const hint = el("p", { class: "rx-when-hint", "aria-live": "polite" });

  const radio = (state) => {
    const input = el("input", { type: "radio", name: group, value: state });
    input.addEventListener("change", () => choice.set(state));
    const words = () => t(`travel.${state}`, { date: formatDate(dates[state]) });
    return el("label", {}, input, said("span", {}, words));
  };
  const divider = el("input", { type: "range", class: "rx-divider", min: 0, max: 100, value: 50 });
  divider.addEventListener("input", () => {
    for (const layer of layers) layer.split = divider.value / 100;
    stageOf(map).request();
  });
  const box = el("fieldset", { class: "rx-when" }, said("legend", {}, () => t("travel.when")), STATES.map(radio), divider, hint);
  const tell = () => {
    const { now } = choice;
    for (const input of box.querySelectorAll("input")) input.checked = input.value === now;
    divider.hidden = now !== SWIPE;
    divider.setAttribute("aria-label", t("travel.divider"));
    const none = now === "change" && layers.every((layer) => layer.traits.bothDates || !stateMask(layer, now).includes(1));
    const single = now === "change" && singleLayers(map).length > 0;
    hint.textContent = [t(none ? "travel.hint_none" : `travel.hint_${now}`), single && t("travel.hint_single")].filter(Boolean).join(" ");
  };
  choice.onChange(tell);
  onLanguage(tell);
  tell();
  return box;
}

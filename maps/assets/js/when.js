// The switch between two dates, and what changed: one radio group for all layers that have both.
import { el, said } from "./dom.js";
import { formatDate, onLanguage, t } from "./i18n.js";
import { stageOf } from "./stage.js";
import { STATES, setState, stateMask } from "./travel.js";

let groups = 0;

// Null where no layer of the map is of two dates.
export function whenSwitch(map) {
  const stage = stageOf(map);
  const layers = (stage.known ?? []).map((known) => known.roxham.layer).filter((layer) => layer.extra.dates);
  if (layers.length === 0) return null;
  const { dates } = layers[0].extra;
  groups += 1;
  const group = `rx-when-${groups}`;
  const hint = el("p", { class: "rx-when-hint", "aria-live": "polite" });
  let now = STATES[0];

  const tell = () => {
    const none = now === "change" && layers.every((layer) => layer.kind !== "catchments" || !stateMask(layer, now).includes(1));
    hint.textContent = t(none ? "travel.hint_none" : `travel.hint_${now}`);
  };
  const choose = (state) => {
    now = state;
    map.closePopup();
    for (const layer of layers) stage.filter(layer, setState(layer, state));
    tell();
  };
  const radio = (state) => {
    const input = el("input", { type: "radio", name: group, value: state });
    input.checked = state === now;
    input.addEventListener("change", () => choose(state));
    const words = () => (state === "change" ? t("travel.change") : t(`travel.${state}`, { date: formatDate(dates[state]) }));
    return el("label", {}, input, said("span", {}, words));
  };
  const box = el("fieldset", { class: "rx-when" }, said("legend", {}, () => t("travel.when")), STATES.map(radio), hint);
  onLanguage(tell);
  choose(now);
  return box;
}

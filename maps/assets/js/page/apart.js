// What cannot be placed in one month: listed apart, never drawn for a month it may not belong to.
import { clock, spansOf } from "../core/clock.js";
import { exactMonth } from "../core/dates.js";
import { el } from "../core/dom.js";
import { formatNumber, t } from "../core/i18n.js";
import { stageOf } from "../stage/stage.js";

const MOST = 50; // features listed by name

// Features of no exact month; of a kind that stands, only how many have no date, by kind.
function apartOf(map) {
  const items = [];
  const standing = new Map();
  for (const { roxham: { layer } } of stageOf(map).known ?? []) {
    const spans = spansOf(layer);
    if (spans === null) continue;
    if (layer.traits.standing) {
      const { count, all } = standing.get(layer.kind) ?? { count: 0, all: 0 };
      standing.set(layer.kind, { count: count + spans.filter((one) => one === null).length, all: all + layer.n });
      continue;
    }
    spans.forEach((one, i) => {
      if (exactMonth(one) || (one !== null && clock.covers(layer, i) === false)) return;
      items.push({ layer, i, dated: one !== null });
    });
  }
  return { items, standing: [...standing].filter(([, { count }]) => count > 0) };
}

export function writeApart(map, details) {
  const { open } = details;
  const { items, standing } = apartOf(map);
  const total = standing.reduce((sum, [, { count }]) => sum + count, items.length);
  details.hidden = total === 0;
  details.replaceChildren(
    el("summary", {}, t("clock.apart", { count: formatNumber(total) })),
    el("ul", {}, items.slice(0, MOST).map((item) => apartItem(map, item)), items.length > MOST && el("li", {}, t("clock.more", { count: formatNumber(items.length - MOST) }))),
    ...standing.map(([kind, { count, all }]) => el("p", {}, t(`clock.undated_${kind}`, { count: formatNumber(count), all: formatNumber(all) }))),
  );
  details.open = open;
}

function apartItem(map, { layer, i, dated }) {
  const name = layer.traits.name?.(layer, i) || t("unnamed");
  const button = el("button", { type: "button", class: "rx-link" }, name);
  button.addEventListener("click", () => {
    clock.set(dated ? clock.now : null);
    stageOf(map).open(layer, i);
  });
  return el("li", {}, button, ` – ${t(dated ? "clock.coarse" : "clock.undated")}`);
}

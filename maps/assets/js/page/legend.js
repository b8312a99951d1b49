// The legend is the layer control: one row a layer, with the signs it draws.
import { hasShown, shownFeatures, stepFrom } from "../stage/cards.js";
import { clock, spansOf } from "../core/clock.js";
import { monthText } from "../core/dates.js";
import { el, said } from "../core/dom.js";
import { formatDate, formatNumber, onLanguage, t } from "../core/i18n.js";
import { mapKeys } from "../stage/keys.js";
import { layerName } from "../stage/names.js";
import { liveIn } from "../core/live.js";
import { stageOf } from "../stage/stage.js";
import { SWATCH } from "../stage/swatch.js";
import { readTheme } from "../core/theme.js";
import { whenSwitch } from "./when.js";

function swatch(paint, map) {
  const ratio = 2;
  const canvas = el("canvas", { class: "rx-swatch", width: SWATCH.w * ratio, height: SWATCH.h * ratio, "aria-hidden": "true" });
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint(ctx, readTheme(map.getContainer()));
  return canvas;
}

// What the clock does to a layer, in words; nothing while it shows all months.
function clockNote(layer) {
  if (layer.traits.monthly && clock.monthOf(layer) !== null) return t("legend.month", { month: formatDate(monthText(clock.monthOf(layer))) });
  if (clock.now === null || spansOf(layer) === null) return "";
  const month = formatDate(clock.now);
  if (!layer.shown) return t("legend.as_in", { month });
  return t("legend.filtered", { month, count: formatNumber(shownFeatures(layer).length), all: formatNumber(layer.n) });
}

function layerRow(map, leafletLayer) {
  const { layer } = leafletLayer.roxham;
  const stage = stageOf(map);
  const box = el("input", { type: "checkbox", "data-layer": layer.kind });
  const read = el("button", { type: "button", class: "rx-step rx-read" }, "›");
  const signs = el("ul");
  const note = el("p", { class: "rx-legend-note" });
  const name = said("span", {}, () => layerName(leafletLayer.roxham));
  const row = el("div", { class: "rx-legend-row" }, el("div", { class: "rx-legend-head" }, el("label", { class: "rx-legend-name" }, box, name), read), note, signs);

  function update() {
    const on = map.hasLayer(leafletLayer);
    box.checked = on;
    signs.hidden = !on;
    note.textContent = on ? clockNote(layer) : "";
    note.hidden = note.textContent === "";
    read.disabled = !on || !hasShown(layer);
    read.title = t("legend.read", { layer: layerName(leafletLayer.roxham) });
    read.setAttribute("aria-label", read.title);
  }

  function drawSigns() {
    const entries = layer.traits.signs?.(layer) ?? [];
    signs.replaceChildren(...entries.map(([paint, words]) => el("li", {}, swatch(paint, map), el("span", {}, words()))));
  }

  box.addEventListener("change", () => {
    if (box.checked) map.addLayer(leafletLayer);
    else map.removeLayer(leafletLayer);
  });
  read.addEventListener("click", () => stage.open(layer, stepFrom(layer, stage.selected?.layer === layer ? stage.selected.i : -1, 1)));
  map.on("layeradd layerremove", update);
  map.on("ink", drawSigns);
  stage.filterListeners.add((changed) => changed === layer && update());
  clock.onChange(() => {
    if (spansOf(layer) === null) return;
    update();
    drawSigns();
  });
  onLanguage(() => {
    update();
    drawSigns();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSigns);
  update();
  drawSigns();
  return row;
}

export function buildLegend(map) {
  const known = stageOf(map).known ?? [];
  const sorted = known.toSorted((a, b) => a.roxham.layer.traits.rank.legend - b.roxham.layer.traits.rank.legend);
  const rows = (ground) =>
    sorted.filter(({ roxham }) => Boolean(roxham.layer.traits.ground) === ground).map((layer) => layerRow(map, layer));
  const below = rows(true);
  const ground = below.length > 0
    && el("details", { class: "rx-legend-ground", open: true }, said("summary", {}, () => t("legend.ground")), below);
  const legend = el("div", { class: "rx-legend", role: "group" }, rows(false), ground);
  const name = () => legend.setAttribute("aria-label", t("legend.title"));
  name();
  onLanguage(name);
  return legend;
}

// As a control on any Leaflet map.
export function legendControl(map) {
  liveIn(map.getContainer());
  mapKeys(stageOf(map));
  const Control = L.Control.extend({
    onAdd() {
      const box = el("details", { class: "rx-legend-box leaflet-control", open: map.getSize().x > 600 });
      box.append(said("summary", {}, () => t("legend.title")), whenSwitch(map) ?? "", buildLegend(map));
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    },
  });
  return new Control({ position: "topright" }).addTo(map);
}

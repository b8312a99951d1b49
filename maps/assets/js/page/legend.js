// The legend is the layer control: one row a layer, with the signs it draws.
import { hasShown, shownFeatures, stepFrom } from "../stage/cards.js";
import { clock, spansOf, statusAt } from "../core/clock.js";
import { el, said } from "../core/dom.js";
import { formatDate, formatNumber, onLanguage, t, word } from "../core/i18n.js";
import { layerName, mapKeys } from "../stage/keys.js";
import { liveIn } from "../core/live.js";
import { TRAVEL_ENTRIES } from "./legend_travel.js";
import { colourOf, groupsOf, written } from "../kinds/features.js";
import { KINDS, hatchCircle, incidentStyle } from "../kinds/incidents.js";
import { MANY, paintShades } from "../stage/overlaps.js";
import { isSite, paintPort } from "../kinds/ports.js";
import { roadClass } from "../kinds/road_classes.js";
import { stageOf } from "../stage/stage.js";
import { readTheme } from "../core/theme.js";
import { whenSwitch } from "./when.js";

const SWATCH = { w: 30, h: 18 };

function present(layer, name, values) {
  const found = new Set(Array.from({ length: layer.n }, (_, i) => layer.value(i, name)));
  return values.filter((value) => found.has(value));
}

function lineSwatch(colour, width, { band, dash = [] } = {}) {
  return (ctx, theme) => {
    const y = SWATCH.h / 2;
    const draw = (style, thick) => {
      ctx.beginPath();
      ctx.moveTo(1, y);
      ctx.lineTo(SWATCH.w - 1, y);
      ctx.strokeStyle = theme[style];
      ctx.lineWidth = thick;
      ctx.setLineDash(dash);
      ctx.stroke();
      ctx.setLineDash([]);
    };
    if (band) draw(band, 9);
    draw(colour, width);
  };
}

function areaSwatch(...colours) {
  return (ctx, theme) => {
    colours.forEach((colour, k) => {
      const w = (SWATCH.w - 2) / colours.length;
      ctx.fillStyle = theme[colour];
      ctx.fillRect(1 + k * w, 2, w, SWATCH.h - 4);
    });
    ctx.strokeStyle = theme.frontier;
    ctx.lineWidth = 1;
    ctx.strokeRect(1.5, 2.5, SWATCH.w - 3, SWATCH.h - 5);
  };
}

function incidentSwatch(kind) {
  return (ctx, theme) => {
    const circle = { x: SWATCH.w / 2, y: SWATCH.h / 2, r: 8 };
    const colour = Object.hasOwn(KINDS, kind) ? theme[kind] : theme.muted;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(circle.x, circle.y, circle.r, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.12;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.5;
    ctx.setLineDash(incidentStyle(kind).dash);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    hatchCircle(ctx, circle, incidentStyle(kind).angles, 4.5);
    ctx.globalAlpha = 0.5;
    ctx.lineWidth = 0.8;
    ctx.stroke();
    ctx.globalAlpha = 1;
  };
}

function portSwatch(symbol) {
  return (ctx, theme) => paintPort(ctx, theme, { x: SWATCH.w / 2, y: SWATCH.h / 2 }, symbol, symbol.site ? 4 : 5);
}

const ROAD_ENTRIES = [
  ["motorway", ["motorway"], "road-motorway", 3.4],
  ["trunk", ["trunk", "primary"], "road-trunk", 2.2],
  ["secondary", ["secondary"], "road-secondary", 1.6],
  ["local", ["tertiary", "unclassified", "residential"], "road-local", 1.2],
];

// A class's colour in the form of most of its features.
function featureSwatch(form, colour) {
  return (ctx, theme) => {
    ctx.fillStyle = ctx.strokeStyle = colourOf(theme, colour);
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (form === 0) ctx.arc(SWATCH.w / 2, SWATCH.h / 2, 4, 0, 2 * Math.PI);
    else if (form === 2) ctx.rect(2, 3, SWATCH.w - 4, SWATCH.h - 6);
    else {
      ctx.moveTo(1, SWATCH.h / 2);
      ctx.lineTo(SWATCH.w - 1, SWATCH.h / 2);
    }
    ctx.globalAlpha = form === 2 ? 0.25 : 1;
    if (form !== 1) ctx.fill();
    ctx.globalAlpha = 1;
    if (form !== 0) ctx.stroke();
  };
}

// What a layer's signs mean: pairs of a swatch and its words.
const ENTRIES = {
  jurisdictions: () => [
    [areaSwatch("land-ca"), () => t("country.CA")],
    [areaSwatch("land-us"), () => t("country.US")],
  ],
  water: () => [[areaSwatch("water"), () => t("legend.water")]],
  border: () => [[lineSwatch("border", 2, { band: "border-band" }), () => t("legend.border")]],
  roads(layer) {
    const classes = new Set(layer.each("highway", roadClass));
    return ROAD_ENTRIES.filter(([, names]) => names.some((name) => classes.has(name))).map(([key, , colour, width]) => [
      lineSwatch(colour, width),
      () => t(`legend.road.${key}`),
    ]);
  },
  places: () => [],
  features(layer) {
    const { classes, colours } = layer.extra.style;
    const names = [...classes.map((value) => () => String(written(value))), () => t("legend.other")];
    const entries = colours.map((colour, k) => {
      const sizes = groupsOf(layer).map((group) => group[k].length);
      const most = Math.max(...sizes);
      return most > 0 && [featureSwatch(sizes.indexOf(most), colour), classes.length > 0 ? names[k] : () => ""];
    });
    return entries.filter(Boolean);
  },
  incidents(layer) {
    const entries = present(layer, "kind", Object.keys(KINDS)).map((kind) => [incidentSwatch(kind), () => word("kind", kind)]);
    if (layer.n > MANY) entries.push([(ctx, theme) => paintShades(ctx, theme, SWATCH), () => t("legend.many", { count: formatNumber(MANY) })]);
    return entries;
  },
  ports(layer) {
    const all = Array.from({ length: layer.n }, (_, i) => i);
    const ports = all.filter((i) => !isSite(layer, i));
    const statuses = ["open", "closed", "unknown"].filter((s) => ports.some((i) => statusAt(layer, i) === s));
    const entries = statuses.map((status) => [portSwatch({ status }), () => t(`legend.port.${status}`)]);
    if (ports.some((i) => ["rail_port", "marine_port"].includes(layer.value(i, "kind")))) {
      entries.push([portSwatch({ status: "unknown", square: true }), () => t("legend.port.other")]);
    }
    const sites = all.filter((i) => isSite(layer, i));
    const idle = sites.filter((i) => clock.now !== null && statusAt(layer, i) !== "open");
    if (sites.length > idle.length) entries.push([portSwatch({ site: true }), () => t("legend.site")]);
    if (idle.length > 0) entries.push([portSwatch({ site: true, idle: true }), () => t("legend.site_idle")]);
    return entries;
  },
  ...TRAVEL_ENTRIES,
};

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
    const entries = ENTRIES[layer.kind]?.(layer) ?? [];
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

const LEGEND_ORDER = ["routes", "catchments", "reach", "ports", "incidents", "features", "roads", "border", "places", "water", "jurisdictions"];
const GROUND = LEGEND_ORDER.slice(7);

export function buildLegend(map) {
  const known = stageOf(map).known ?? [];
  const sorted = known.toSorted((a, b) => LEGEND_ORDER.indexOf(a.roxham.layer.kind) - LEGEND_ORDER.indexOf(b.roxham.layer.kind));
  const rows = (ground) =>
    sorted.filter((layer) => GROUND.includes(layer.roxham.layer.kind) === ground).map((layer) => layerRow(map, layer));
  const legend = el("div", { class: "rx-legend", role: "group" }, rows(false), el("div", { class: "rx-legend-ground" }, rows(true)));
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

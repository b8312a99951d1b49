// The page's tables: one for each layer and each data series, made when it is first opened.
import { freeName, layerName } from "../stage/names.js";
import { spansOf } from "../core/clock.js";
import { LayerTable } from "./table.js";
import { monthMask } from "./tabledata.js";
import { decodeLayer } from "../core/payload.js";
import { el, said } from "../core/dom.js";
import { addMessages, formatNumber, t } from "../core/i18n.js";
import { xToLon, yToLat } from "../core/projection.js";
import { reachOf, viewOf } from "../stage/extent.js";
import { stageOf } from "../stage/stage.js";

function boundsOf(layer, i) {
  const { box } = layer.geometry;
  const reach = reachOf(layer, i);
  return L.latLngBounds(
    [yToLat(box[4 * i + 3] + reach), xToLon(box[4 * i] - reach)],
    [yToLat(box[4 * i + 1] - reach), xToLon(box[4 * i + 2] + reach)],
  );
}

// The month at which a row of months is shown: its own, or the clock's where the clock does not go there.
function monthOfRow(layer, i, clock) {
  const month = spansOf(layer)[i]?.first ?? null;
  return month !== null && month >= clock.first && month <= clock.last ? month : clock.month;
}

// Shows a feature on the map and opens its card. A table held to the map's view keeps that view.
function showFeature(map, known, i, { button, keepView, clock }) {
  const { layer } = known.roxham;
  const bounds = boundsOf(layer, i);
  map.addLayer(known);
  if (layer.shown?.[i] === 0) clock?.set(layer.traits.monthly ? monthOfRow(layer, i, clock) : null);
  if (!keepView || !map.getBounds().contains(bounds)) {
    map.fitBounds(bounds, { animate: false, padding: [40, 40], maxZoom: Math.max(map.getZoom(), 11) });
  }
  map.getContainer().scrollIntoView({ block: "nearest" });
  stageOf(map).open(layer, i);
  if (document.activeElement === button) map.getContainer().focus({ preventScroll: true });
}

// A table in its place on the page, made at the first opening and asleep while closed.
class Placed {
  constructor({ layer, title }, host, links) {
    Object.assign(this, { layer, title, links });
    this.details = host.closest("details:not(.rx-fold)");
    this.host = host;
    const inPlace = host.dataset.table && host.querySelector("table");
    if (!this.details && !inPlace) this.details = this.closed(host);
    if (this.details) {
      this.details.addEventListener("toggle", () => {
        this.wake();
        this.changed?.();
      });
    }
    this.wake();
  }

  closed(host) {
    this.host = el("div");
    const summary = el("summary", {}, said("span", {}, () => `${this.title()} (${formatNumber(this.layer.n)})`));
    const details = el("details", { "data-twin": this.layer.kind }, summary, this.host);
    host.append(details);
    return details;
  }

  get awake() {
    return !this.details || this.details.open;
  }

  wake() {
    if (!this.awake) return;
    if (this.table) {
      this.table.refresh();
      return;
    }
    this.table = new LayerTable(this.layer, this.title, this.links);
    this.table.listening = () => this.awake;
    this.table.asked = () => this.changed?.();
    for (const name of ["class", "role", "tabindex", "aria-labelledby"]) this.host.removeAttribute(name);
    this.host.replaceChildren(this.table.element);
    const selected = this.links.selected();
    if (selected >= 0) this.table.select(selected);
  }
}

// Which tables are open, and what was asked of each: its name, and its state.
class OpenTables {
  constructor(tables) {
    this.named = new Map();
    for (const table of tables) this.named.set(freeName(this.named, table.layer.kind), table);
  }

  get now() {
    const awake = [...this.named].filter(([, { awake, table }]) => awake && table);
    // One that cannot be closed is told where something was asked of it.
    const told = awake.filter(([, { details, table }]) => details || table.state.some(Boolean));
    return told.map(([name, { table }]) => [name, ...table.state]);
  }

  set(wanted) {
    const states = new Map(wanted.map(([name, ...state]) => [name, state]));
    for (const [name, table] of this.named) {
      if (table.details) table.details.open = states.has(name);
      if (!table.awake) continue;
      table.wake();
      table.table.state = states.get(name) ?? [];
    }
  }

  onChange(listener) {
    for (const table of this.named.values()) table.changed = listener;
  }
}

function hostOf(kind, taken) {
  const host = document.querySelector(`[data-table="${kind}"]`);
  if (!host || taken.has(host)) return document.getElementById("rx-tables");
  taken.add(host);
  return host;
}

// `clock` tells the month (`now`, null for all), whether it lies in a date (`holds`), when it changes
// (`onChange`), and is set; a page without one shows every month.
export async function startTables(map, series, clock = null) {
  const stage = stageOf(map);
  const rank = ({ roxham: { layer } }) => layer.traits.rank.table;
  const taken = new Set();
  const tables = [];
  const place = (layer, title, show = null) => {
    const links = {
      inView: () => viewOf(map),
      shown: () => monthMask(layer, clock),
      month: () => (monthMask(layer, clock) === null ? null : (clock?.now ?? null)),
      selected: () => (stage.selected?.layer === layer ? stage.selected.i : -1),
      show,
    };
    const host = hostOf(layer.kind, taken);
    if (host) tables.push(new Placed({ layer, title }, host, links));
  };
  const awake = () => tables.filter((table) => table.awake && table.table);
  map.on("moveend", () => {
    for (const { table } of awake()) if (table.inView.checked) table.refresh();
  });
  stage.filterListeners.add((layer) => {
    for (const { table } of awake()) if (table.layer === layer) table.refresh();
  });
  stage.onSelect((feature) => {
    for (const { table } of awake()) {
      const i = feature?.layer === table.layer ? feature.i : -1;
      if (i !== table.selected) table.select(i);
    }
  });
  clock?.onChange(() => {
    for (const { table } of awake()) table.refresh();
  });
  for (const known of (stage.known ?? []).toSorted((a, b) => rank(a) - rank(b))) {
    const { layer } = known.roxham;
    place(layer, () => layerName(known.roxham), (i, button, keepView) => showFeature(map, known, i, { button, keepView, clock }));
  }
  // Names in tables that the page was written with.
  for (const button of document.querySelectorAll("button[data-feature]")) {
    const known = stage.known?.find(({ roxham }) => roxham.layer.kind === button.dataset.feature);
    if (known) button.addEventListener("click", () => showFeature(map, known, Number(button.dataset.row), { button, clock }));
  }
  for (const layer of await Promise.all(series.map(decodeLayer))) {
    // Its columns, and those that say when a row holds; without, it has all its columns and no dates.
    layer.traits = layer.extra.table ?? {};
    addMessages(layer.extra.words);
    place(layer, () => t(`series.${layer.kind}`));
  }
  return new OpenTables(tables);
}

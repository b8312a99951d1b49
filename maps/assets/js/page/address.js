// The page's state in the address: view, layers, month, language, chosen feature, which of two dates,
// the year of the map of provinces, what the charts show, what is asked of gates, open tables. Tiles are not: they ask another host, at each visit anew.
// What stands in an address is data from anyone: read by its form, held within bounds, else left out.
import { clock } from "../core/clock.js";
import { monthNumber } from "../core/dates.js";
import { language, onLanguage, setLanguage } from "../core/i18n.js";
import { told } from "../core/projection.js";
import { isShown } from "../stage/cards.js";
import { namedLayers } from "../stage/names.js";
import { stageOf } from "../stage/stage.js";
import { STATES } from "../kinds/shared/travel.js";

const LONGEST = 1500;
const LONGEST_PART = 80;
// Choices of the charts: the measure, and the port and the count of entries.
const PICKED = [["measure", "m"], ["port", "p"], ["count", "c"]];

// The parts of a fragment that are well formed, each null where it is not there.
export function parseAddress(fragment) {
  const text = String(fragment ?? "").replace(/^#/, "");
  const state = { view: null, layers: null, month: null, language: null, feature: null, when: null, year: null, measure: null, port: null, count: null, ask: null, tables: null };
  if (text.length > LONGEST || !text.includes("=")) return state;
  const given = new URLSearchParams(text);
  const view = /^(\d{1,2}(?:\.\d{1,2})?)\/(-?\d{1,2}(?:\.\d{1,6})?)\/(-?\d{1,3}(?:\.\d{1,6})?)$/.exec(given.get("v") ?? "");
  if (view) {
    const [zoom, lat, lon] = view.slice(1).map(Number);
    if (zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180) state.view = { zoom, lat, lon };
  }
  const layers = given.get("l");
  if (layers !== null && /^[a-z_]*(?:\.\d{1,2})?(?:,[a-z_]+(?:\.\d{1,2})?)*$/.test(layers)) state.layers = layers === "" ? [] : layers.split(",");
  if (monthNumber(given.get("t")) !== null) state.month = given.get("t");
  if (Object.hasOwn(language.messages, given.get("lang") ?? "")) state.language = given.get("lang");
  const feature = /^([a-z_]+(?:\.\d{1,2})?):(.{1,200})$/su.exec(given.get("f") ?? "");
  if (feature) state.feature = { layer: feature[1], id: feature[2] };
  if (STATES.includes(given.get("w"))) state.when = given.get("w");
  if (/^\d{4}$/.test(given.get("y") ?? "")) state.year = given.get("y");
  for (const [name, key] of PICKED) if (/^[a-z0-9_]{1,20}$/.test(given.get(key) ?? "")) state[name] = given.get(key);
  const ask = readParts((given.get("a") ?? "").split(":"));
  if (ask?.length === 3 && monthNumber(ask[2]) !== null) state.ask = ask;
  const tables = given.getAll("o");
  if (tables.length > 0) state.tables = tables.map(readTable).filter((table) => table !== null);
  return state;
}

// An open table: its name, order, ticks and search, each written once more so that no colon stands in it.
function readTable(text) {
  const parts = text.split(":");
  return /^[a-z_]+(?:\.\d{1,2})?$/.test(parts[0]) && parts.length <= 4 ? readParts(parts) : null;
}

function readParts(parts) {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return null;
  }
}

// Halves of characters, which no address holds, are left out.
function encoded(text, longest = LONGEST) {
  return encodeURIComponent([...text].slice(0, longest).join("").replace(/\p{Surrogate}/gu, ""));
}

function writeTable(parts) {
  return parts.map((part) => encodeURIComponent(encoded(part, LONGEST_PART))).join(":").replace(/:+$/, "");
}

// As many parts as are read back: of a longer address nothing would be.
function joined(parts) {
  let text = "";
  for (const part of parts) if (text.length + 1 + part.length <= LONGEST) text += (text && "&") + part;
  return text;
}

export function writeAddress({ view, layers, month, language: spoken, feature, when, year, ask, tables, ...picked }) {
  const out = [];
  if (view) out.push(`v=${Number(view.zoom.toFixed(2))}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`);
  if (layers) out.push(`l=${layers.join(",")}`);
  if (month) out.push(`t=${month}`);
  if (spoken) out.push(`lang=${spoken}`);
  if (when) out.push(`w=${when}`);
  if (year) out.push(`y=${year}`);
  for (const [name, key] of PICKED) if (picked[name]) out.push(`${key}=${picked[name]}`);
  if (feature) out.push(`f=${feature.layer}:${encoded(feature.id)}`);
  if (ask) out.push(`a=${writeTable(ask)}`);
  for (const table of tables?.map(writeTable) ?? []) out.push(`o=${table}`);
  // None open is a state of its own, where the page begins with some.
  if (tables?.length === 0) out.push("o=");
  return joined(out);
}

// A choice as it is written: null while it is what the page opens with.
function chosen(choice) {
  return !choice || choice.now === choice.first ? null : choice.now;
}

// A feature without a stable id is addressed by its position.
function idOf(layer, i) {
  const { id: column } = layer.traits;
  const id = column ? layer.value(i, column) : null;
  return String(id ?? `#${i}`);
}

function findFeature(layer, id) {
  const position = /^#(\d{1,7})$/.exec(id);
  if (position) return Number(position[1]) < layer.n ? Number(position[1]) : -1;
  return Array.from({ length: layer.n }, (_, i) => i).findIndex((i) => idOf(layer, i) === id);
}

function stateOf(map, first, { when, year, ask, tables, ...picked }) {
  const stage = stageOf(map);
  const named = namedLayers(map);
  const centre = map.getCenter();
  const layers = [...named].filter(([, known]) => map.hasLayer(known)).map(([name]) => name);
  const { selected } = stage;
  const open = tables?.now ?? [];
  const [name] = [...named].find(([, known]) => known.roxham.layer === selected?.layer) ?? [null];
  return {
    view: { zoom: map.getZoom(), lat: centre.lat, lon: told(centre.lng) },
    layers: layers.join() === first.layers ? null : layers,
    month: clock.now,
    language: language.now === first.language ? null : language.now,
    feature: name === null ? null : { layer: name, id: idOf(selected.layer, selected.i) },
    when: chosen(when),
    year: chosen(year),
    ...Object.fromEntries(PICKED.map(([name]) => [name, chosen(picked[name])])),
    ask: chosen(ask),
    tables: JSON.stringify(open) === JSON.stringify(first.tables) ? null : open,
  };
}

function restore(map, state, first, { when, year, ask, tables, ...picked }) {
  const stage = stageOf(map);
  const named = namedLayers(map);
  setLanguage(state.language ?? first.language);
  const wanted = state.layers ?? first.layers.split(",");
  for (const [name, known] of named) {
    if (wanted.includes(name) && !map.hasLayer(known)) map.addLayer(known);
    if (!wanted.includes(name) && map.hasLayer(known)) map.removeLayer(known);
  }
  when?.set(state.when ?? when.first);
  year?.set(state.year ?? year.first);
  ask?.set(state.ask);
  for (const [name] of PICKED) picked[name]?.set(state[name] ?? picked[name].first);
  clock.set(state.month);
  if (state.view) map.setView([state.view.lat, state.view.lon], state.view.zoom, { animate: false });
  tables?.set(state.tables ?? first.tables);
  const layer = named.get(state.feature?.layer)?.roxham.layer;
  const i = layer ? findFeature(layer, state.feature.id) : -1;
  if (i < 0 || !stage.layers.includes(layer) || !isShown(layer, i)) return;
  stage.open(layer, i, stage.placeOf(layer, i));
}

// Keeps the address in step with the page, and opens the page as its address says.
export function keepAddress(map, choices) {
  const named = namedLayers(map);
  const first = {
    language: language.now,
    layers: [...named].filter(([, known]) => map.hasLayer(known)).map(([name]) => name).join(),
    tables: choices.tables?.now ?? [],
  };
  let waiting = null;
  let written = location.hash;
  const restored = parseAddress(location.hash);
  restore(map, restored, first, choices);
  let before = writeAddress(stateOf(map, first, choices));

  const write = () => {
    if (map.getContainer().classList.contains("rx-paper")) return; // the view of a sheet is no reader's
    const text = writeAddress(stateOf(map, first, choices));
    // Untouched, the address stays as it was given.
    if (text === before) return;
    before = text;
    written = `#${text}`;
    try {
      history.replaceState(history.state, "", written);
    } catch {
      // A frame without an address of its own keeps none.
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 200);
  };
  map.on("moveend layeradd layerremove", soon);
  clock.onChange(soon);
  onLanguage(soon);
  for (const choice of Object.values(choices)) choice?.onChange(soon);
  stageOf(map).onSelect(soon);
  addEventListener("hashchange", () => {
    if (location.hash !== written && location.hash.includes("=")) restore(map, parseAddress(location.hash), first, choices);
  });
  return () => {
    write();
    return `${location.href.split("#")[0]}#${writeAddress(stateOf(map, first, choices))}`;
  };
}

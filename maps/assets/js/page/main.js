// What the page's other scripts may call.
import { addMessages, language, setLanguage, setMessages } from "../core/i18n.js";
import { clock } from "../core/clock.js";
import { latLon } from "../core/geometry.js";
import { drawOver180 } from "../core/projection.js";
import { legendControl } from "./legend.js";
import { KINDS, traitsOf } from "../kinds/index.js";
import { startEmbed, startPage } from "./page.js";
import { decodeLayer } from "../core/payload.js";
import { isPlaced } from "../stage/extent.js";
import { stageOf } from "../stage/stage.js";

// JSON in a data block of the page, or in a file beside it.
function readBlock(id) {
  return globalThis.roxhamBlocks?.[id] ?? JSON.parse(document.getElementById(id).textContent);
}

// Words come with the page; a page in French is read in French from the start.
let ready = false;
function prepare() {
  if (ready) return;
  ready = true;
  setMessages(readBlock("roxham_messages"));
  const root = document.querySelector(".rx-embed") ?? document.documentElement;
  root.hidden = false;
  document.querySelector(".rx-still")?.remove();
  setLanguage(root.lang.slice(0, 2));
}

// Layers are inflated while the rest of the page is read; what needs them all waits. Those decoded
// are added once no other is under way, so that the map is drawn once.
const loading = [];
let decoding = 0;
let decoded = [];

function addDecoded() {
  if (decoding > 0) return;
  for (const leaflet of decoded) if (leaflet._map) leaflet.onAdd(leaflet._map);
  decoded = [];
}

function whenLoaded(then) {
  return Promise.all(loading).then(then);
}

// A Leaflet layer that draws a payload on the map's one canvas, as soon as it is decoded.
function makeLayer(id) {
  prepare();
  const payload = readBlock(id);
  addMessages(payload.words);
  const Layer = L.Layer.extend({
    roxham: { layer: null, title: payload.title ?? null },
    // Leaflet calls this before a layer is first added: the legend lists it from then on.
    beforeAdd(map) {
      const stage = stageOf(map);
      stage.known ??= [];
      if (!stage.known.includes(this)) stage.known.push(this);
    },
    onAdd(map) {
      if (this.roxham.layer) stageOf(map).add(this.roxham.layer);
    },
    onRemove(map) {
      if (this.roxham.layer) stageOf(map).remove(this.roxham.layer);
    },
    getAttribution: () => null,
    getBounds() {
      const { geometry } = this.roxham.layer ?? { geometry: { x: [] } };
      const bounds = L.latLngBounds([]);
      for (let k = 0; k < geometry.x.length; k += 1) bounds.extend(latLon(geometry, k));
      return bounds;
    },
  });
  const leaflet = new Layer();
  const turn = loading.length;
  decoding += 1;
  const arriving = decodeLayer(payload).then((layer) => {
    const traits = traitsOf(layer.kind);
    leaflet.roxham.layer = Object.assign(layer, { turn, traits });
    if (traits.monthly) layer.shown = clock.maskOf(layer);
    leaflet.roxham.anchorOf = (i) => (isPlaced(layer, i) ? traits.anchor?.(layer, i) ?? traits.middle(layer, i) : null);
    decoded.push(leaflet);
  });
  loading.push(
    arriving.finally(() => {
      decoding -= 1;
      addDecoded();
    }),
  );
  return leaflet;
}

globalThis.roxham = {
  over180: drawOver180,
  layer: makeLayer,
  legend(map) {
    prepare();
    return whenLoaded(() => legendControl(map));
  },
  page(map, id) {
    prepare();
    return whenLoaded(() => startPage(map, readBlock(id)));
  },
  embed(map, id) {
    prepare();
    return whenLoaded(() => startEmbed(map, readBlock(id)));
  },
  setLanguage,
  clock,
  language: () => language.now,
  stageOf,
  painters: KINDS,
};

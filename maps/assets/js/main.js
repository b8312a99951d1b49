// What the page's other scripts may call.
import { language, setLanguage, setMessages } from "./i18n.js";
import { clock } from "./clock.js";
import { legendControl } from "./legend.js";
import { PAINTERS } from "./painters.js";
import { startEmbed, startPage } from "./page.js";
import { decodeLayer } from "./payload.js";
import { stageOf } from "./stage.js";

// JSON in a data block of the page.
function readBlock(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Words come with the page; a page in French is read in French from the start.
let ready = false;
function prepare() {
  if (ready) return;
  ready = true;
  setMessages(readBlock("roxham_messages"));
  const root = document.querySelector(".rx-embed") ?? document.documentElement;
  setLanguage(root.lang.slice(0, 2));
}

// A Leaflet layer that draws a payload on the map's one canvas.
function makeLayer(id) {
  prepare();
  const payload = readBlock(id);
  const layer = decodeLayer(payload);
  const Layer = L.Layer.extend({
    roxham: {
      layer,
      title: payload.title ?? null,
      anchorOf: (i) => (layer.geometry.box[4 * i] <= 1 ? PAINTERS[layer.kind].anchor?.(layer, i) ?? PAINTERS[layer.kind].middle(layer, i) : null),
    },
    // Leaflet calls this before a layer is first added: the legend lists it from then on.
    beforeAdd(map) {
      const stage = stageOf(map);
      stage.known ??= [];
      if (!stage.known.includes(this)) stage.known.push(this);
    },
    onAdd(map) {
      stageOf(map).add(layer);
    },
    onRemove(map) {
      stageOf(map).remove(layer);
    },
    getAttribution: () => null,
    getBounds() {
      const { lon, lat } = layer.geometry;
      const bounds = L.latLngBounds([]);
      lon.forEach((east, k) => bounds.extend([lat[k], east]));
      return bounds;
    },
  });
  return new Layer();
}

globalThis.roxham = {
  layer: makeLayer,
  legend(map) {
    prepare();
    return legendControl(map);
  },
  page(map, id) {
    prepare();
    startPage(map, readBlock(id));
  },
  embed(map, id) {
    prepare();
    startEmbed(map, readBlock(id));
  },
  setLanguage,
  clock,
  language: () => language.now,
  stageOf,
  painters: PAINTERS,
};

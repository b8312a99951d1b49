// What the layers of a map are called: in words, and in an address.
import { inLanguage, t } from "../core/i18n.js";
import { stageOf } from "./stage.js";

export function layerName({ layer, title }) {
  return inLanguage(title) ?? t(`layer.${layer.kind}${layer.extra.schematic ? "_schematic" : ""}`);
}

// A name that is not yet taken: ports, ports.2, ...
export function freeName(named, kind) {
  let name = kind;
  for (let k = 2; named.has(name); k += 1) name = `${kind}.${k}`;
  return name;
}

// Layers of a map by the names they have in an address.
export function namedLayers(map) {
  const named = new Map();
  for (const known of stageOf(map).known ?? []) named.set(freeName(named, known.roxham.layer.kind), known);
  return named;
}

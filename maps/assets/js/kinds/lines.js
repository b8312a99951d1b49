// The border and the roads.
import { nearestFeature } from "../core/geometry.js";
import { formatLength, formatNumber, t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { xToLon, yToLat } from "../core/projection.js";
import { CLASSES, CLASS_ORDER, roadClass } from "./road_classes.js";
import { shieldsOf } from "./shields.js";

function nearestLine(layer, view, px, py, may) {
  const x = (px + view.origin.x) / view.scale;
  const y = (py + view.origin.y) / view.scale;
  return nearestFeature(layer, x, y, 5 / view.scale, may);
}

function middlePoint(layer, i) {
  const { partsOf, pointsOf, x, y } = layer.geometry;
  const first = pointsOf[partsOf[i]];
  const last = pointsOf[partsOf[i + 1]] - 1;
  const k = Math.floor((first + last) / 2);
  const next = Math.min(k + 1, last);
  return [yToLat((y[k] + y[next]) / 2), xToLon((x[k] + x[next]) / 2)];
}

function markLine(view, layer, i) {
  view.ctx.beginPath();
  view.trace(layer.geometry, i, false);
  view.ctx.globalAlpha = 0.55;
  view.stroke(view.theme.select, 7);
  view.ctx.globalAlpha = 1;
}

export const borderPainter = {
  order: 4,
  draw(view, layer) {
    const { ctx, theme } = view;
    ctx.lineJoin = "round";
    ctx.lineCap = "butt";
    ctx.beginPath();
    for (let i = 0; i < layer.n; i += 1) if (layer.shown?.[i] !== 0) view.trace(layer.geometry, i, false);
    view.stroke(theme["border-band"], 9);
    view.stroke(theme.border, 2);
  },
  mark: markLine,
  hit: (view, layer, px, py) => nearestLine(layer, view, px, py),
  name: () => t("layer.border"),
  middle: middlePoint,
  popup: (layer, i) =>
    card({
      kicker: t("popup.boundary"),
      title: t("layer.border"),
      rows: [[t("popup.section"), localValue(layer, i, "section")]],
      note: [t("disclaimer.boundary"), localValue(layer, i, "note")].filter(Boolean).join(" "),
      layer,
      i,
    }),
};

// Numbers of the features of each class, open and closed apart.
function byClass(layer) {
  if (layer.byClass) return layer.byClass;
  const classOf = layer.each("highway", roadClass);
  const closed = layer.each("access", (access) => access === "no");
  const lists = new Map(CLASS_ORDER.map((name) => [name, { open: [], shut: [] }]));
  for (let i = 0; i < layer.n; i += 1) lists.get(classOf[i])[closed[i] ? "shut" : "open"].push(i);
  layer.byClass = CLASS_ORDER.map((name) => {
    const { open, shut } = lists.get(name);
    return { ...CLASSES[name], open: Int32Array.from(open), shut: Int32Array.from(shut) };
  });
  return layer.byClass;
}

const DENSE_ROADS = 20_000; // more links than this in view are drawn in the thinnest way

export const roadPainter = {
  order: 2,
  draw(view, layer) {
    const { ctx, theme } = view;
    const grow = Math.max(0.75, Math.min(2.4, 2 ** ((view.zoom - 9.5) / 2.5)));
    const seen = byClass(layer)
      .filter(({ from }) => view.zoom >= from)
      .map((style) => ({ ...style, open: view.inView(layer, style.open), shut: view.inView(layer, style.shut) }));
    const dense = seen.reduce((sum, { open }) => sum + open.length, 0) > DENSE_ROADS;
    ctx.lineJoin = "round";
    for (const { width, colour, open, shut } of seen) {
      const thick = dense ? Math.min(1, width * grow) : width * grow;
      ctx.lineCap = dense ? "butt" : "round";
      if (width > 1 && !dense) view.strokeAll(layer.geometry, open, theme["road-casing"], thick + 2);
      view.strokeAll(layer.geometry, open, theme[colour], thick);
      ctx.lineCap = "butt";
      view.strokeAll(layer.geometry, shut, theme.site, Math.max(1.2, thick), [2, 3]);
    }
  },
  labels: shieldsOf,
  mark: markLine,
  hit(view, layer, px, py) {
    return nearestLine(layer, view, px, py, (i) => view.zoom >= CLASSES[roadClass(layer.value(i, "highway"))].from);
  },
  name: (layer, i) => [layer.value(i, "ref")?.replaceAll(";", " / "), localValue(layer, i, "name")].filter(Boolean).join(" · "),
  middle: middlePoint,
  popup(layer, i) {
    const speed = layer.value(i, "maxspeed_kmh");
    const basis = layer.value(i, "speed_basis");
    const length = layer.value(i, "length_m") ?? layer.value(i, "length");
    const note = localValue(layer, i, "note");
    return card({
      kicker: word("highway", roadClass(layer.value(i, "highway"))),
      title: roadPainter.name(layer, i),
      rows: [
        [t("popup.jurisdiction"), layer.value(i, "jurisdiction") && word("province", layer.value(i, "jurisdiction"))],
        [t("popup.length"), length === null ? null : formatLength(length)],
        [t("popup.speed"), speed === null ? null : `${formatNumber(speed)} km/h${basis ? ` (${word("basis", basis)})` : ""}`],
      ],
      note: [layer.extra.schematic ? t("disclaimer.schematic") : null, note].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

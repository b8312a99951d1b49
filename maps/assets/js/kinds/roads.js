// The roads, by class.
import { formatLength, formatNumber, t, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { lineSwatch } from "../stage/swatch.js";
import { lineMiddle, markLine, nearestLine } from "./shared/lines.js";
import { CLASSES, CLASS_ORDER, roadClass } from "./shared/road_classes.js";
import { shieldsOf } from "./shared/shields.js";

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

// Classes that a sign of the legend stands for: its word, its classes, its colour and width.
const ROAD_SIGNS = [
  ["motorway", ["motorway"], "road-motorway", 3.4],
  ["trunk", ["trunk", "primary"], "road-trunk", 2.2],
  ["secondary", ["secondary"], "road-secondary", 1.6],
  ["local", ["tertiary", "unclassified", "residential"], "road-local", 1.2],
];

export const roadKind = {
  rank: { drawn: 20, legend: 70, read: 70, table: 30 },
  columns: [
    { name: "road", as: "joined", from: ["ref", "name"], heads: true },
    { name: "highway", as: "road" },
    { name: "jurisdiction", as: "word", groups: ["province"] },
    { name: "length_m", as: "length", from: ["length_m", "length"] },
    { name: "maxspeed_kmh", as: "number" },
    { name: "speed_basis", as: "word", groups: ["basis"] },
    { name: "access", as: "word", groups: ["access"] },
  ],
  signs(layer) {
    const classes = new Set(layer.each("highway", roadClass));
    return ROAD_SIGNS.filter(([, names]) => names.some((name) => classes.has(name))).map(([key, , colour, width]) => [
      lineSwatch(colour, width),
      () => t(`legend.road.${key}`),
    ]);
  },
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
    return nearestLine(view, layer, px, py, (i) => view.zoom >= CLASSES[roadClass(layer.value(i, "highway"))].from);
  },
  name: (layer, i) => [layer.value(i, "ref")?.replaceAll(";", " / "), localValue(layer, i, "name")].filter(Boolean).join(" · "),
  middle: lineMiddle,
  popup(layer, i) {
    const speed = layer.value(i, "maxspeed_kmh");
    const basis = layer.value(i, "speed_basis");
    const length = layer.value(i, "length_m") ?? layer.value(i, "length");
    const note = localValue(layer, i, "note");
    return card({
      kicker: word("highway", roadClass(layer.value(i, "highway"))),
      title: roadKind.name(layer, i),
      rows: [
        [t("popup.jurisdiction"), layer.value(i, "jurisdiction") && word("province", layer.value(i, "jurisdiction"))],
        [t("popup.length"), length === null ? null : formatLength(length)],
        [t("popup.speed"), speed === null ? null : `${t("length.kmh", { speed: formatNumber(speed) })}${basis ? ` (${word("basis", basis)})` : ""}`],
      ],
      note: [layer.extra.schematic ? t("disclaimer.schematic") : null, note].filter(Boolean).join(" "),
      layer,
      i,
    });
  },
};

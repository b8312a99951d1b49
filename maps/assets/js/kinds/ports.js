// Ports of entry on the line, open and closed, and the documented irregular site.
import { clock, statusAt } from "../core/clock.js";
import { boxesAround } from "../stage/labels.js";
import { latLon } from "../core/geometry.js";
import { formatDate, formatLength, language, localText, t, typeset, word } from "../core/i18n.js";
import { card, localValue } from "../stage/popup.js";
import { SWATCH } from "../stage/swatch.js";

function portPoint(layer, i) {
  const k = layer.geometry.pointsOf[layer.geometry.partsOf[i]];
  return k < layer.geometry.pointsOf[layer.geometry.partsOf[i + 1]] ? k : null;
}

function spotOfPort(view, layer, i) {
  if (layer.shown?.[i] === 0) return null;
  const k = portPoint(layer, i);
  return k === null ? null : { x: view.px(layer.geometry.x[k]), y: view.py(layer.geometry.y[k]) };
}

function isSite(layer, i) {
  return layer.value(i, "kind") === "irregular_site";
}

// Open: filled. Closed: hollow and struck. Unknown: hollow. The irregular site: a ringed diamond,
// hollow in a month in which it was not in use.
function paintPort(ctx, theme, { x, y }, { site, idle, status, square }, size = 5) {
  ctx.setLineDash([]);
  ctx.lineWidth = 1.7;
  ctx.strokeStyle = site ? theme.site : theme.port;
  ctx.fillStyle = theme.halo;
  if (site) {
    const r = size * 1.55;
    ctx.beginPath();
    ctx.arc(x, y, r * 1.75, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = theme.site;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y);
    ctx.lineTo(x, y + r);
    ctx.lineTo(x - r, y);
    ctx.closePath();
    ctx.fillStyle = idle ? theme.halo : theme.site;
    ctx.fill();
    ctx.strokeStyle = idle ? theme.site : theme.halo;
    ctx.stroke();
    return;
  }
  ctx.beginPath();
  if (square) ctx.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
  else ctx.arc(x, y, size, 0, 2 * Math.PI);
  if (status === "open") {
    ctx.fillStyle = theme.port;
    ctx.fill();
    ctx.strokeStyle = theme.halo;
    ctx.lineWidth = 1.5;
    ctx.stroke();
    return;
  }
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = 4;
  ctx.stroke();
  ctx.fill();
  ctx.strokeStyle = theme.closed;
  ctx.lineWidth = 1.7;
  ctx.stroke();
  if (status !== "closed") return;
  ctx.beginPath();
  ctx.moveTo(x - size * 1.35, y + size * 1.35);
  ctx.lineTo(x + size * 1.35, y - size * 1.35);
  ctx.stroke();
}

function portSymbol(layer, i) {
  const kind = layer.value(i, "kind");
  const [site, status] = [isSite(layer, i), statusAt(layer, i)];
  return { site, status, idle: site && clock.now !== null && status !== "open", square: kind === "rail_port" || kind === "marine_port" };
}

// What stands of both sides: a column begins with the code of its side.
const columnOf = (side, what) => `${side.code.toLowerCase()}_${what}`;
const ofSides = (layer, i, what) => layer.extra.sides.map((side) => localValue(layer, i, columnOf(side, what)));

// The road's name in the reader's language for the site, both towns for a port.
function portName(layer, i) {
  const names = ofSides(layer, i, "name");
  if (isSite(layer, i)) {
    const roads = ofSides(layer, i, "road");
    const own = layer.extra.sides.findIndex((side) => side.speaks === language.now);
    return roads[own] ?? roads.find(Boolean) ?? names.find(Boolean) ?? "";
  }
  return [...new Set(names.filter(Boolean))].join(" / ");
}

function labelOf(view, layer, i, spot) {
  const site = isSite(layer, i);
  const text = portName(layer, i);
  const font = view.font(site ? { size: 15, weight: 600 } : { size: 11.5, weight: 600 });
  const w = view.measure(text, font);
  const gap = site ? 15 : 9;
  return {
    text,
    rank: site ? 0 : 7 + i / 10_000,
    must: site,
    once: true, // the gate to which roads are nearest stands here already
    // Beside the line first: a port stands on it, and a name across it is hard to read.
    boxes: (site ? [gap, 20, 26, 32] : [gap]).flatMap((away) => [4, 5, 6, 7, 2, 3, 0, 1].map((k) => boxesAround(spot.x, spot.y, w, site ? 18 : 14, away)[k])),
    paint: (at, box) => at.write(text, box, { font, colour: site ? at.theme.site : at.theme.port, halo: site ? 4.5 : 3.5 }),
  };
}

function hoursOf({ code }) {
  return `hours_${code.toLowerCase()}`;
}

// Hours of both sides, each called by its side; of one side as most tables have them.
function hourRows(layer, i) {
  const names = layer.extra.sides.map(hoursOf);
  const both = layer.columns.has(names[1]);
  return names.map((name) => [t(both ? `column.${name}` : "popup.hours"), localValue(layer, i, name)]);
}

function portSwatch(symbol) {
  return (ctx, theme) => paintPort(ctx, theme, { x: SWATCH.w / 2, y: SWATCH.h / 2 }, symbol, symbol.site ? 4 : 5);
}

export const portKind = {
  rank: { drawn: 60, legend: 40, read: 10, table: 10 },
  id: "port_id",
  standing: true,
  columns: ({ extra: { sides } }) => [
    { name: "port", as: "joined", from: sides.map((side) => columnOf(side, "name")), heads: true },
    { name: "kind", as: "word", groups: ["port"] },
    { name: "roads", as: "joined", from: sides.map((side) => columnOf(side, "road")) },
    { name: "status", as: "word", groups: ["status"] },
    { name: "opened", as: "date" },
    { name: "closed", as: "date" },
    ...sides.map((side) => ({ name: hoursOf(side), as: "local" })),
    { name: "hours_note", as: "local", long: true },
  ],
  signs(layer) {
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
  draw(view, layer) {
    const order = Array.from({ length: layer.n }, (_, i) => i).sort((a, b) => isSite(layer, a) - isSite(layer, b));
    for (const i of order) {
      const spot = spotOfPort(view, layer, i);
      if (spot) paintPort(view.ctx, view.theme, spot, portSymbol(layer, i), view.zoom < 8.5 ? 4 : 5);
    }
  },
  symbols(view, layer) {
    const spots = Array.from({ length: layer.n }, (_, i) => [spotOfPort(view, layer, i), isSite(layer, i) ? 11 : 6]);
    return spots.filter(([spot]) => spot).map(([{ x, y }, r]) => ({ x, y, r }));
  },
  block(view, layer) {
    for (let i = 0; i < layer.n; i += 1) {
      const spot = spotOfPort(view, layer, i);
      const r = isSite(layer, i) ? 10 : 5;
      if (spot) view.board.block({ x: spot.x - r, y: spot.y - r, w: 2 * r, h: 2 * r });
    }
  },
  labels(view, layer) {
    const wanted = [];
    for (let i = 0; i < layer.n; i += 1) {
      const spot = spotOfPort(view, layer, i);
      if (spot && (isSite(layer, i) || view.zoom >= 10.5)) wanted.push(labelOf(view, layer, i, spot));
    }
    return wanted;
  },
  mark(view, layer, i) {
    const spot = spotOfPort(view, layer, i);
    if (!spot) return;
    view.ctx.beginPath();
    view.ctx.arc(spot.x, spot.y, 13, 0, 2 * Math.PI);
    view.stroke(view.theme.select, 3);
  },
  hit(view, layer, px, py) {
    let found = -1;
    let best = 12;
    for (let i = 0; i < layer.n; i += 1) {
      const spot = spotOfPort(view, layer, i);
      const distance = spot ? Math.hypot(px - spot.x, py - spot.y) - (isSite(layer, i) ? 3 : 0) : Infinity;
      if (distance < best) [found, best] = [i, distance];
    }
    return found;
  },
  name: portName,
  anchor(layer, i) {
    const k = portPoint(layer, i);
    return latLon(layer.geometry, k);
  },
  popup(layer, i) {
    const site = isSite(layer, i);
    const value = (name) => layer.value(i, name);
    const story = site ? (layer.extra.story ?? []) : [];
    const pick = (entry, name) => typeset(localText(entry, name));
    return card({
      kicker: [word("port", value("kind")), word("status", value("status"))].filter(Boolean).join(" · "),
      title: portName(layer, i),
      text: [localValue(layer, i, "hours_note")],
      story: story.map((entry) => [formatDate(entry.date), pick(entry, "title")]),
      rows: [
        site && [t("popup.ends"), ofSides(layer, i, "name").filter(Boolean).join(" / ")],
        [t("popup.roads"), [...new Set(ofSides(layer, i, "road").filter(Boolean))].join(" / ")],
        ...hourRows(layer, i),
        [site ? t("popup.used_from") : t("popup.opened"), value("opened") && formatDate(value("opened"))],
        [site ? t("popup.used_until") : t("popup.closed"), value("closed") && formatDate(value("closed"))],
        ...(layer.extra.further ?? []).map((name) => [t(`column.${name}`), value(name)]),
        [t("popup.precision"), value("coord_precision_m") === null ? null : formatLength(value("coord_precision_m"))],
      ].filter(Boolean),
      note: localValue(layer, i, "note"),
      layer,
      i,
    });
  },
};

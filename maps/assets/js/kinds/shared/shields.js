// Road numbers on shields, along the roads in view.
import { CLASSES, CLASS_ORDER, roadClass } from "./road_classes.js";

// Links that carry a number.
function numbered(layer) {
  layer.numbered ??= Int32Array.from({ length: layer.n }, (_, i) => i).filter((i) => layer.value(i, "ref"));
  return layer.numbered;
}

// Shields along a road: at the middle of its visible links, apart from each other.
function shieldSpots(view, layer) {
  const spots = new Map();
  const { partsOf, pointsOf, x, y } = layer.geometry;
  for (const i of view.inView(layer, numbered(layer), 0)) {
    const name = roadClass(layer.value(i, "highway"));
    if (view.zoom < CLASSES[name].shield) continue;
    // A road of several numbers stands as "A-10;A-15".
    const refs = String(layer.value(i, "ref")).split(";");
    for (let part = partsOf[i]; part < partsOf[i + 1]; part += 1) {
      for (let k = pointsOf[part]; k < pointsOf[part + 1] - 1; k += 1) {
        const [ax, ay, bx, by] = [view.px(x[k]), view.py(y[k]), view.px(x[k + 1]), view.py(y[k + 1])];
        const length = Math.hypot(bx - ax, by - ay);
        for (const ref of refs) {
          if (!spots.has(ref)) spots.set(ref, []);
          spots.get(ref).push({ x: (ax + bx) / 2, y: (ay + by) / 2, length, name });
        }
      }
    }
  }
  return spots;
}

// The class of most of a road's length: a stretch shared with a motorway makes it none.
function mainClass(candidates) {
  const lengths = new Map();
  for (const { name, length } of candidates) lengths.set(name, (lengths.get(name) ?? 0) + length);
  return [...lengths].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function shieldLabels(view, ref, candidates) {
  const main = mainClass(candidates);
  const major = CLASS_ORDER.indexOf(main);
  const quiet = major < CLASS_ORDER.indexOf("primary");
  const font = view.font({ size: quiet ? 9.5 : 10.5, weight: 600 });
  const w = view.measure(ref, font) + (quiet ? 7 : 9);
  const h = quiet ? 13 : 15;
  const apart = quiet ? 420 : 260;
  const seen = candidates.filter((c) => c.x > 0 && c.y > 0 && c.x < view.width && c.y < view.height);
  const chosen = [];
  for (const spot of seen.sort((a, b) => b.length - a.length)) {
    if (chosen.every((other) => Math.hypot(other.x - spot.x, other.y - spot.y) > apart)) chosen.push(spot);
  }
  return chosen.map((spot, order) => {
    const others = seen.filter((c) => Math.hypot(c.x - spot.x, c.y - spot.y) < apart / 2).slice(0, 12);
    return {
      text: ref,
      // Places are named before any road but a motorway is numbered.
      rank: (main === "motorway" ? 8 : 34 - major) + order * 3,
      boxes: [spot, ...others].map((c) => ({ x: c.x - w / 2, y: c.y - h / 2, w, h })),
      paint: (at, box) => paintShield(at, box, ref, font, { motorway: main === "motorway", quiet }),
    };
  });
}

function paintShield(view, box, ref, font, { motorway, quiet }) {
  const { ctx, theme } = view;
  ctx.beginPath();
  ctx.roundRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, 3.5);
  ctx.fillStyle = motorway ? theme["shield-major"] : theme.shield;
  ctx.fill();
  view.stroke(theme[motorway ? "shield-major" : quiet ? "road-secondary" : "road-motorway"], 1);
  ctx.textAlign = "left";
  view.write(ref, { ...box, x: box.x + (quiet ? 3.5 : 4.5) }, { font, colour: motorway ? theme["shield-major-ink"] : theme["shield-ink"], halo: 0 });
}

// The labels of every number, as the stage places them.
export function shieldsOf(view, layer) {
  return [...shieldSpots(view, layer)].flatMap(([ref, spots]) => shieldLabels(view, ref, spots));
}

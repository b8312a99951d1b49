// Which way people were going: a mark of one size for each incident, whatever is not known of its place.

export const MARK_PX = 6.5;
const APART_PX = 2 * MARK_PX + 1;
const RINGS = 3;

// The angle of each way's arrow, from north and clockwise; ways in and out have signs of their own.
const ANGLES = { northbound: 0, eastbound: Math.PI / 2, southbound: Math.PI, westbound: -Math.PI / 2 };
export const WAYS = [...Object.keys(ANGLES), "inbound", "outbound"];

// The way of an incident as the marks know it: what a table does not say, or says otherwise, is unknown.
export function wayOf(direction) {
  return WAYS.includes(direction) ? direction : "unknown";
}

// Where marks stand, each as near to its place as what stands there, {x, y, r}, and the marks before
// it leave room; `fits` says where it may.
export function placeMarks(spots, { taken = [], fits = () => true } = {}) {
  const cells = new Map(); // marks by the square they stand in: only those beside a place can be in its way
  const cellOf = (at) => Math.floor(at / APART_PX);
  const near = ({ x, y }) => [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${cellOf(x) + dx} ${cellOf(y) + dy}`) ?? []));
  const clear = ({ x, y }) => taken.every((other) => Math.hypot(other.x - x, other.y - y) >= MARK_PX + other.r);
  const free = (at) => clear(at) && near(at).every((other) => Math.hypot(other.x - at.x, other.y - at.y) >= APART_PX - 1e-6);
  return spots.map((spot) => {
    const at = around(spot).find((one) => free(one) && fits(spot, one)) ?? { x: spot.x, y: spot.y };
    const key = `${cellOf(at.x)} ${cellOf(at.y)}`;
    cells.set(key, [...(cells.get(key) ?? []), at]);
    return { ...spot, ...at };
  });
}

// The spot itself, then rings around it from above: what is beside a place is left to its name.
function around({ x, y }) {
  const spots = [{ x, y }];
  for (let ring = 1; ring <= RINGS; ring += 1) {
    for (let k = 0; k < 6 * ring; k += 1) {
      const turn = (2 * Math.PI * k) / (6 * ring) - Math.PI / 2;
      spots.push({ x: x + ring * APART_PX * Math.cos(turn), y: y + ring * APART_PX * Math.sin(turn) });
    }
  }
  return spots;
}

function arrow(ctx, x, y, r, angle) {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const at = (right, up) => [x + right * cos + up * sin, y + right * sin - up * cos];
  const line = [[0, 0.66], [0.52, -0.02], [0.19, -0.02], [0.19, -0.62], [-0.19, -0.62], [-0.19, -0.02], [-0.52, -0.02]];
  ctx.beginPath();
  line.forEach(([right, up], k) => ctx[k === 0 ? "moveTo" : "lineTo"](...at(right * r, up * r)));
  ctx.closePath();
  ctx.fill();
}

// A disc in the colour of the kind with an arrow on it; where the way is not known, a ring.
export function paintWay(ctx, { x, y, r = MARK_PX }, way, { colour, paper }) {
  const disc = (radius, fill) => {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = fill;
    ctx.fill();
  };
  ctx.setLineDash([]);
  disc(r + 1.4, paper);
  disc(r, colour);
  ctx.fillStyle = paper;
  if (way in ANGLES) arrow(ctx, x, y, r, ANGLES[way]);
  else if (way === "inbound") disc(r * 0.35, paper);
  else {
    disc(r * 0.68, paper);
    if (way === "outbound") disc(r * 0.35, colour);
  }
}

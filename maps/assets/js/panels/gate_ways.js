// The fastest way through open gates, read off the shortest-path trees that the page carries: the
// same as the library finds on the same roads. The tables are described in docs/payload.md.
const NONE = -1;

// A column of numbers as an array; what is unknown is -1.
function numbers(table, name) {
  return Float64Array.from({ length: table.n }, (_, i) => table.value(i, name) ?? NONE);
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

export class GateWays {
  // `roads` are the drawn ones: link k is edge 2 k as it is drawn, and edge 2 k + 1 the other way.
  constructor(roads, [links, places, doors, trees, days]) {
    Object.assign(this, { roads, places, doors, days });
    const pair = (one, other) => [numbers(links, one), numbers(links, other)];
    this.ends = pair("u", "v");
    this.times = pair("time_s", "back_time_s");
    this.lengths = numbers(roads, "length_m");
    this.steps = [];
    const [tree, node, edge] = ["tree", "node", "edge"].map((name) => numbers(trees, name));
    for (let i = 0; i < trees.n; i += 1) (this.steps[tree[i]] ??= new Map()).set(node[i], edge[i]);
    this.doorEdges = Array.from({ length: doors.n }, (_, d) => (doors.value(d, "edges") ?? "").split(" ").filter(Boolean).map(Number));
    this.spans = openSpans(days);
  }

  // The node that an edge leads from, and to.
  tail(edge) {
    return this.ends[edge % 2][edge >> 1];
  }

  head(edge) {
    return this.ends[1 - (edge % 2)][edge >> 1];
  }

  metres(parts) {
    return sum(parts.map(({ edge, from, to }) => (to - from) * this.lengths[edge >> 1]));
  }

  seconds(parts) {
    return sum(parts.map(({ edge, from, to }) => (to - from) * this.times[edge % 2][edge >> 1]));
  }

  // Whole edges from a node to the root of a tree, or from the root to the node; null where there is no way.
  climb(tree, node, root, towards) {
    const parts = [];
    const [steps, turned] = tree < 0 ? [this.steps[-1 - tree], 1] : [this.steps[tree], 0];
    for (let at = node; at !== root; ) {
      const found = steps?.get(at);
      if (found === undefined || parts.length > 2 * this.roads.n) return null;
      const edge = found ^ turned;
      parts.push({ edge, from: 0, to: 1 });
      at = towards ? this.head(edge) : this.tail(edge);
    }
    return towards ? parts : parts.reverse();
  }

  // The parts of edges from a place to a door, or from it; null where there is no way.
  leg(place, door, towards) {
    const tree = this.doors.value(door, towards ? "to_tree" : "from_tree");
    const root = this.doors.value(door, towards ? "tail" : "head");
    const at = this.places.value(place, "node");
    if (at !== null) return this.climb(tree, at, root, towards);
    const [edge, share] = ["edge", "at"].map((name) => this.places.value(place, name));
    const options = [[edge, share], [edge ^ 1, 1 - share]].filter(([one]) => this.times[one % 2][one >> 1] !== NONE);
    let best = null;
    for (const [one, along] of options) {
      const way = this.climb(tree, towards ? this.head(one) : this.tail(one), root, towards);
      if (way === null) continue;
      const first = { edge: one, from: towards ? along : 0, to: towards ? 1 : along };
      const parts = towards ? [first, ...way] : [...way, first];
      if (best === null || this.seconds(parts) < this.seconds(best)) best = parts;
    }
    return best;
  }

  side(place) {
    return this.places.value(place, "side");
  }

  // The fastest way on a span of days: its figures, its door, the row of `days` that tells the rule, and
  // the parts of edges driven before, in and after the door. Else why there is none: one_side, no_gate, no_way.
  best(from, to, span) {
    const left = this.side(from);
    if (left === this.side(to)) return { why: "one_side" };
    const open = left === 1 ? span.north : span.south;
    let best = null;
    let met = false;
    for (let door = 0; door < this.doors.n; door += 1) {
      const row = open.get(this.doors.value(door, "gate"));
      if (row === undefined || this.doors.value(door, "side") !== left) continue;
      met = true;
      const [before, after] = [this.leg(from, door, true), this.leg(to, door, false)];
      if (before === null || after === null) continue;
      const within = this.doorEdges[door].map((edge) => ({ edge, from: 0, to: 1 }));
      const [walk, walked] = [this.doors.value(door, "walk_m"), this.doors.value(door, "walk_time_s")];
      const seconds = this.seconds(before) + (this.seconds(within) + walked) + this.seconds(after);
      if (best !== null && seconds >= best.travel_time_s) continue;
      const inside = this.metres(within) + walk;
      const share = this.doors.value(door, "share");
      const metres = [this.metres(before) + share * inside, this.metres(after) + (1 - share) * inside];
      best = {
        ...{ door, row, gate: this.doors.value(door, "gate"), parts: [...before, ...within, ...after] },
        ...{ travel_time_s: seconds, length_m: metres[0] + metres[1], sides: left === 0 ? metres : metres.reverse() },
        ...{ walk_m: walk, walk_time_s: walked },
      };
    }
    return best ?? { why: met ? "no_way" : "no_gate" };
  }

  // The span of days that a day lies in.
  spanOn(day) {
    return this.spans.find(({ start, end }) => start <= day && day <= end) ?? null;
  }

  // The answers of a month, one after the other where it changed within it: `on` is the month, or days of it.
  inMonth(from, to, month) {
    const [first, last] = [`${month}-01`, `${month}-${String(daysIn(month)).padStart(2, "0")}`];
    const told = ({ why = null, gate = null, row = null }) => JSON.stringify([why, gate, ...["rule", "flags"].map((name) => row !== null && this.days.value(row, name))]);
    const found = [];
    for (const span of this.spans) {
      if (span.end < first || span.start > last) continue;
      const answer = this.best(from, to, span);
      const [start, end] = [span.start < first ? first : span.start, span.end > last ? last : span.end];
      if (found.length > 0 && told(found.at(-1)) === told(answer)) found.at(-1).end = end;
      else found.push({ ...answer, start, end });
    }
    return found.map(({ start, end, ...answer }) => {
      const whole = start === first && end === last;
      return { ...answer, on: whole ? month : start === end ? start : `${start}/${end}` };
    });
  }

  // The line of a way, in world units, each point once.
  line({ parts }) {
    const points = [];
    for (const { edge, from, to } of parts) {
      const back = edge % 2 === 1;
      const piece = cut(this.roads.geometry, edge >> 1, back ? 1 - to : from, back ? 1 - from : to);
      for (const [x, y] of back ? piece.reverse() : piece) {
        const last = points.at(-1);
        if (!last || last[0] !== x || last[1] !== y) points.push([x, y]);
      }
    }
    return points;
  }
}

function daysIn(month) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

// The spans of days, with the rows of the gates that were open in each, by gate, on the way to either side.
function openSpans(days) {
  const spans = new Map();
  for (let row = 0; row < days.n; row += 1) {
    const start = days.value(row, "start");
    if (!spans.has(start)) spans.set(start, { start, end: days.value(row, "end"), north: new Map(), south: new Map() });
    const gate = days.value(row, "gate");
    if (gate !== null) spans.get(start)[days.value(row, "way")].set(gate, row);
  }
  return [...spans.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
}

// The points of an edge's line between two shares of its length.
function cut({ partsOf, pointsOf, x, y }, edge, from, to) {
  const [first, last] = [pointsOf[partsOf[edge]], pointsOf[partsOf[edge] + 1] - 1];
  const along = [0];
  for (let k = first; k < last; k += 1) along.push(along.at(-1) + Math.hypot(x[k + 1] - x[k], y[k + 1] - y[k]));
  const whole = along.at(-1);
  const at = (share) => {
    const wanted = share * whole;
    const k = Math.max(1, along.findIndex((far) => far >= wanted));
    if (last === first || whole === 0) return [x[first], y[first]];
    const part = (wanted - along[k - 1]) / (along[k] - along[k - 1] || 1);
    return [x[first + k - 1] + part * (x[first + k] - x[first + k - 1]), y[first + k - 1] + part * (y[first + k] - y[first + k - 1])];
  };
  const between = along.map((far, k) => ({ far, k })).filter(({ far }) => far > from * whole && far < to * whole);
  return [at(from), ...between.map(({ k }) => [x[first + k], y[first + k]]), at(to)];
}

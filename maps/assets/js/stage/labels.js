// Labels without collisions: the most important first, each where it finds room.

// So many gates at most are named at every scale: more only where a map is close enough.
export const FEW = 12;

export function overlaps(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export class LabelBoard {
  constructor(frame) {
    this.frame = frame;
    this.taken = [];
    this.shunned = [];
    this.marks = [];
  }

  // A symbol that a label covers only if it must stand.
  mark(box) {
    this.marks.push(box);
  }

  // Something a label may cover if it must, such as the dot of a place yet to be named.
  shun(box) {
    this.shunned.push(box);
  }

  block(box) {
    this.taken.push(box);
  }

  free(box, { over = false } = {}) {
    const { frame } = this;
    const within =
      box.x >= frame.x + 2 &&
      box.y >= frame.y + 2 &&
      box.x + box.w <= frame.x + frame.w - 2 &&
      box.y + box.h <= frame.y + frame.h - 2;
    return within && !this.taken.some((other) => overlaps(box, other)) && (over || !this.marks.some((other) => overlaps(box, other)));
  }

  // The first of a label's boxes that is free, now taken; null where none is. One that
  // covers nothing shunned is tried for first; one that must stand covers as few marks as it can.
  place(boxes, { must = false } = {}) {
    const clear = boxes.filter((box) => this.free(box));
    const covered = (box) => this.marks.filter((other) => overlaps(box, other)).length;
    const over = () => {
      const free = boxes.filter((box) => this.free(box, { over: true }));
      const fewest = Math.min(...free.map(covered));
      return free.filter((box) => covered(box) === fewest);
    };
    const open = clear.length > 0 || !must ? clear : over();
    const found = open.find((box) => !this.shunned.some((other) => overlaps(box, other))) ?? open[0] ?? null;
    if (found) this.block(found);
    return found;
  }
}

// Boxes around a point, in the order a cartographer tries them.
export function boxesAround(x, y, w, h, gap) {
  const mid = y - h / 2;
  const centre = x - w / 2;
  return [
    { x: x + gap, y: mid, w, h },
    { x: x - gap - w, y: mid, w, h },
    { x: centre, y: y - gap - h, w, h },
    { x: centre, y: y + gap, w, h },
    { x: x + gap * 0.7, y: y - gap - h * 0.8, w, h },
    { x: x + gap * 0.7, y: y + gap - h * 0.2, w, h },
    { x: x - gap * 0.7 - w, y: y - gap - h * 0.8, w, h },
    { x: x - gap * 0.7 - w, y: y + gap - h * 0.2, w, h },
  ];
}

// Smaller is placed sooner; ties in a fixed order, so that a map never flickers.
export function inOrder(labels) {
  return labels
    .map((label, i) => ({ label, i }))
    .sort((a, b) => a.label.rank - b.label.rank || a.i - b.i)
    .map(({ label }) => label);
}

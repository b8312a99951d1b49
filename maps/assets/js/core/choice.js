// One of several values, chosen by the reader or by a link. What is none of them changes nothing.
export class Choice {
  constructor(values, first) {
    Object.assign(this, { values, first, now: first });
    this.listeners = new Set();
  }

  set(value) {
    if (value === this.now || !this.values.includes(value)) return;
    this.now = value;
    for (const listener of this.listeners) listener(value);
  }

  onChange(listener) {
    this.listeners.add(listener);
  }
}

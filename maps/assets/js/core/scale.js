// Scales of the charts.

// Round values up to and past a maximum, about `count` of them.
export function ticksTo(maximum, count = 4) {
  if (!(maximum > 0)) return [0, 1];
  const rough = maximum / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let k = 0; k * step < maximum + step; k += 1) ticks.push(Math.round(k * step * 1e6) / 1e6);
  return ticks;
}

// A count is a number, or [low, high] where its publisher rounded or withheld it, or null.
export function lowOf(count) {
  return Array.isArray(count) ? count[0] : count;
}

export function highOf(count) {
  return Array.isArray(count) ? count[1] : count;
}

// Area, not radius, follows the value.
export function circleRadius(value, maximum, largest) {
  return value > 0 && maximum > 0 ? largest * Math.sqrt(value / maximum) : 0;
}

// Round values for the key of circles: one of at most half the largest, and a tenth of it.
export function keysTo(maximum) {
  if (!(maximum >= 1)) return [];
  const power = 10 ** Math.floor(Math.log10(maximum));
  const first = [5, 2, 1, 0.5, 0.2, 0.1].map((m) => m * power).find((key) => key <= maximum / 2);
  return [Math.max(1, first), first / 10].filter((key) => key >= 1);
}

// Runs of consecutive months without a figure, as [first, last] positions.
export function gapsOf(values) {
  const gaps = [];
  values.forEach((value, i) => {
    if (value !== null) return;
    const last = gaps.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else gaps.push([i, i]);
  });
  return gaps;
}

const RUN = 6; // months
const LEAST_PEAK = 0.25; // of the highest

// The positions worth naming: the highest month of each stretch of known ones that is not too short.
export function peaksOf(values) {
  const highest = Math.max(0, ...values.map((value) => highOf(value) ?? 0));
  const ends = [-1, ...values.flatMap((value, i) => (value === null ? [i] : [])), values.length];
  return ends.slice(1).flatMap((end, k) => {
    const from = ends[k] + 1;
    if (end - from < RUN) return [];
    const run = values.slice(from, end).map(highOf);
    const top = Math.max(...run);
    return top > 0 && top >= LEAST_PEAK * highest ? [from + run.indexOf(top)] : [];
  });
}

// The position of an ISO date among months given as YYYY-MM, as a fraction of them.
export function monthPosition(months, iso) {
  const [year, month, day = "1"] = iso.split("-");
  const [firstYear, firstMonth] = months[0].split("-");
  const whole = (Number(year) - Number(firstYear)) * 12 + Number(month ?? 1) - Number(firstMonth);
  return whole + (Number(day) - 1) / 31;
}

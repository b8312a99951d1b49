// Dates of the tables as spans of months: days, months, years, intervals, EDTF's level 1.

const DAY = /^(\d{4})(?:-(\d{2})(?:-(\d{2}|XX))?)?$/;

// Months are counted from the year 0, so that 2023-03 is 24278.
export function monthNumber(text) {
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(String(text ?? ""));
  return found ? Number(found[1]) * 12 + Number(found[2]) - 1 : null;
}

export function monthText(number) {
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

function yearSpan(first, last) {
  return { first: first * 12, last: last * 12 + 11 };
}

// One date without a slash, as its first and last month; null where it is none.
function pointSpan(raw) {
  const text = raw.replace(/[?~%]$/, "");
  const decade = /^(\d{2}|\d{3})(XX|X)$/.exec(text);
  if (decade && text.length === 4) {
    const years = 10 ** decade[2].length;
    return yearSpan(Number(decade[1]) * years, Number(decade[1]) * years + years - 1);
  }
  const vague = text.endsWith("-XX-XX") ? text.slice(0, 4) : /^\d{4}-XX$/.test(text) ? text.slice(0, 4) : text;
  const found = DAY.exec(vague);
  if (!found) return null;
  const [, year, month, day] = found;
  if (!month) return yearSpan(Number(year), Number(year));
  const number = monthNumber(`${year}-${month}`);
  if (number === null || (day && day !== "XX" && !(Number(day) >= 1 && Number(day) <= 31))) return null;
  return { first: number, last: number };
}

// The months a date or an interval touches; open ends are infinite. Null: no date at all.
export function monthSpan(value) {
  const text = String(value ?? "").trim();
  if (text === "" || text.length > 40) return null;
  if (!text.includes("/")) return pointSpan(text);
  const [start, end, ...rest] = text.split("/");
  if (rest.length > 0) return null;
  const from = start === ".." || start === "" ? { first: -Infinity } : pointSpan(start);
  const to = end === ".." || end === "" ? { last: Infinity } : pointSpan(end);
  if (!from || !to || from.first > to.last || (from.first === -Infinity && to.last === Infinity)) return null;
  return { first: from.first, last: to.last };
}

// Whether a span says the month, and no more than one.
export function exactMonth(span) {
  return span !== null && span.first === span.last;
}

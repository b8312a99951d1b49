// Words, numbers and dates in the reader's language.

export const language = { now: "en", first: "en", messages: { en: {} }, listeners: new Set() };

// The first language of a page is that of columns without a suffix.
export function setMessages(messages) {
  language.messages = messages;
  language.first = Object.keys(messages)[0];
  language.now = language.first;
}

export const locale = () => language.messages[language.now]?.["language.locale"] ?? language.now;

// The column, or key, of a text in the reader's language.
export function inOwnWords(name) {
  return language.now === language.first ? name : `${name}_${language.now}`;
}

// Whether a language is written from the right.
export function direction() {
  return has("language.direction") ? t("language.direction") : "ltr";
}

// A text of a row of plain data in the reader's language, or in the one it has.
export function localText(row, name) {
  return row[inOwnWords(name)] ?? row[name];
}

// Words that a layer or a table brings, by language.
export function addMessages(words = {}) {
  for (const [code, texts] of Object.entries(words)) Object.assign(language.messages[code] ?? {}, texts);
}

export function setLanguage(code) {
  if (!language.messages[code] || code === language.now) return;
  language.now = code;
  for (const listener of language.listeners) listener(code);
}

export function onLanguage(listener) {
  language.listeners.add(listener);
  return () => language.listeners.delete(listener);
}

export function has(key) {
  return Object.hasOwn(language.messages[language.now], key);
}

function filled(text, slots) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

// A message of the interface, its {slots} filled. A missing one shows its key.
export function t(key, slots = {}) {
  return filled(has(key) ? language.messages[language.now][key] : key, slots);
}

// A text that is given once, or for each language.
export function inLanguage(text) {
  return text?.[language.now] ?? text;
}

// A text as it is printed: the tables and downloads keep it as it was written.
export function typeset(text) {
  return typeof text === "string" ? text.replace(/(?<=\p{L})'(?=\p{L})|(?<=s)'(?= )/gu, "’") : text;
}

// A word for a coded value, such as t("status.open"); a code without one reads as written.
export function word(group, code) {
  const key = `${group}.${code}`;
  return has(key) ? t(key) : String(code);
}

export function formatNumber(value, options = {}) {
  if (value === null || value === undefined) return t("unknown");
  return new Intl.NumberFormat(locale(), { useGrouping: "always", ...options }).format(value);
}

// A count, or what it can be where it is [low, high]: "0–5", "≈ 39,170 ± 2" where that is near.
export function formatCount(count) {
  if (!Array.isArray(count)) return formatNumber(count);
  const [low, high] = count;
  const [middle, reach] = [(low + high) / 2, (high - low) / 2];
  if (Number.isInteger(middle) && reach <= middle / 100) return `≈ ${formatNumber(middle)} ± ${formatNumber(reach)}`;
  return `${formatNumber(low)}–${formatNumber(high)}`;
}

const COARSE = /^(\d{2}(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([?~%]?)$/;

// The name of a month as it stands in a date; where the language's short form is a figure, the long one.
function monthName(moment, style) {
  const long = has("date.months") ? t("date.months").split(" ")[moment.getUTCMonth()] : null;
  if (style === "long" && long) return long;
  const parts = new Intl.DateTimeFormat(locale(), { month: style, day: "numeric", timeZone: "UTC" }).formatToParts(moment);
  const { value } = parts.find(({ type }) => type === "month");
  return /^\d/.test(value) && long ? long : value;
}

const dateForm = (day) => (day === undefined ? "date.month" : Number(day) === 1 ? "date.first" : "date.day");

// A day or a month, by the form that the messages have for it, or as the browser writes dates.
function formatDay(text, year, month, day, style, form = has(dateForm(day)) ? t(dateForm(day)) : null) {
  const moment = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  if (Number.isNaN(moment.getTime()) || moment.getUTCMonth() !== Number(month) - 1) return text;
  if (form) return filled(form, { year, month: monthName(moment, style), day: Number(day) });
  const parts = { year: "numeric", month: style, timeZone: "UTC", ...(day && { day: "numeric" }) };
  return new Intl.DateTimeFormat(locale(), parts).format(moment);
}

// The first of a month as its form has it: "1er".
const firstDay = () => /\{day\}\p{L}*/u.exec(t("date.first"))?.[0] ?? "{day}";

function formatOne(text, style) {
  const found = COARSE.exec(text);
  if (!found) return text;
  const [, year, month, day, mark] = found;
  let written = year;
  if (year.endsWith("XX")) written = t("date.century", { first: `${year.slice(0, 2)}00`, last: `${year.slice(0, 2)}99` });
  else if (year.endsWith("X")) written = t("date.decade", { year: `${year.slice(0, 3)}0` });
  else if (month === "XX") written = t("date.month_unknown", { date: year });
  else if (day === "XX") written = t("date.day_unknown", { date: formatDay(text, year, month, undefined, style) });
  else if (month) written = formatDay(text, year, month, day, style);
  if (mark === "~" || mark === "%") written = t("date.approximate", { date: written });
  return mark === "?" || mark === "%" ? t("date.uncertain", { date: written }) : written;
}

const WITHIN_A_YEAR = /^(\d{4})-(0[1-9]|1[0-2])(-\d\d)?\/\1-(0[1-9]|1[0-2])(-\d\d)?$/;

// Two days, or two months, of one year say it once: "March 29–30, 2023", "juin – août 2022".
function formatRange(text, style) {
  const [first, last] = text.split("/", 2);
  const [whole, end] = [first, last].map((part) => (part ? formatOne(part, style) : t("unknown")));
  if (!WITHIN_A_YEAR.test(text) || first.length !== last.length || whole === first || end === last) return `${whole} – ${end}`;
  if (!has("date.days")) return `${whole} – ${end}`;
  const [year, month, day] = first.split("-");
  if (month === last.slice(5, 7)) {
    const form = t("date.days").replace("{day}", Number(day) === 1 ? firstDay() : "{day}");
    return filled(formatDay(first, year, month, day, style, form), { last: Number(last.slice(8)) });
  }
  // The year is left out where it follows later.
  const form = t(dateForm(day)).replace(/[^}]*\{year\}.*/, "");
  return `${form ? formatDay(first, year, month, day, style, form) : whole} – ${end}`;
}

// A date of ISO 8601 or EDTF level 1, or an interval of two; anything else reads as written.
export function formatDate(iso, style = "long") {
  if (iso === null || iso === undefined || iso === "") return t("unknown");
  const text = String(iso);
  if (!text.includes("/")) return formatOne(text, style);
  const [first, last] = text.split("/", 2);
  if (first === "..") return t("date.before", { date: formatOne(last, style) });
  if (last === "..") return t("date.after", { date: formatOne(first, style) });
  if (first === last) return formatOne(first, style);
  return formatRange(text, style);
}

// Metres as the language tells them: kilometres and miles, or kilometres alone.
export function formatLength(metres) {
  if (metres === null || metres === undefined) return t("unknown");
  const digits = metres < 10_000 ? 1 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (metres < 100) return t("length.m", { m: formatNumber(Math.round(metres)) });
  const [km, mi] = [metres / 1000, metres / 1609.344].map((length) => formatNumber(length, options));
  return t("length.km", { km, mi });
}

// Which of the page's languages a title is in, by its small words; null if that is open.
export function languageOf(text) {
  const found = new Set(String(text ?? "").toLowerCase().match(/\p{L}+/gu) ?? []);
  const counts = Object.entries(language.messages).map(([lang, words]) => {
    const small = (words["language.words"] ?? "").split(" ");
    return { lang, count: small.filter((one) => found.has(one)).length };
  });
  const [best, second] = counts.sort((a, b) => b.count - a.count);
  return !best || best.count === 0 || best.count === second?.count ? null : best.lang;
}

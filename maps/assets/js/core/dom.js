// Elements built by hand: text is always text.
import { formatDate, languageOf, onLanguage, t, word } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child || child === 0) element.append(child);
  }
  return element;
}

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svgEl(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// A link only where the address is one of the web; else its text.
export function link(url, text) {
  if (!/^https?:\/\/\S+$/i.test(String(url ?? ""))) return document.createTextNode(String(text ?? ""));
  return el("a", { href: url, lang: languageOf(text), target: "_blank", rel: "noreferrer" }, String(text ?? url));
}

// An element whose text follows the language.
export function said(tag, attributes, write) {
  const element = el(tag, attributes);
  const update = () => {
    element.textContent = write();
  };
  update();
  onLanguage(update);
  return element;
}

// Where a copy of the source was read, if not at the source itself.
export function copyLink(url) {
  const host = /^https?:\/\/(?:www\.)?([^/]+)/i.exec(url ?? "")?.[1];
  return host ? link(url, t("source.copy", { host })) : null;
}

export function sourceLine(get) {
  const title = get("source_title");
  if (!title) return null;
  const rest = [get("source_publisher"), get("source_date") && formatDate(get("source_date"))].filter(Boolean);
  const line = el("p", { class: "rx-source" }, `${t("source")}${t("colon")} `, link(get("source_url"), title));
  if (rest.length) line.append(`, ${rest.join(", ")}`);
  if (get("confidence")) line.append(` · ${word("confidence", get("confidence"))}`);
  const copy = copyLink(get("read_in"));
  if (copy) line.append(" · ", copy);
  return line;
}

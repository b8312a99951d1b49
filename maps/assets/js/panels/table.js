// One table of a layer or a data series: sorted, searched, held to the map's view and the clock,
// a page of rows at a time, its rows and the map's features pointing at each other.
import { BLANK, columnsOf, haystacks, sortKeys, sortRows, termsOf } from "./tabledata.js";
import { csvOf, geoJson, saveText } from "./download.js";
import { copyLink, el, link, said } from "../core/dom.js";
import { announce } from "../core/live.js";
import { formatDate, formatNumber, language, onLanguage, t, word } from "../core/i18n.js";
import { isPlaced, meetsRectangle } from "../stage/extent.js";
import { localValue } from "../stage/popup.js";

const ROWS = 100; // on a page
const PAUSE_MS = 150; // after the last key, before a search

export class LayerTable {
  // `links` is how the table reaches the map: inView() gives a rectangle, show(i) opens a feature,
  // shown() says which rows the clock lets through (null: all), month() which month it stands at.
  constructor(layer, title, links) {
    Object.assign(this, { layer, title, links });
    this.columns = columnsOf(layer);
    this.placed = Array.from({ length: layer.n }, (_, i) => i).some((i) => isPlaced(layer, i));
    this.query = "";
    this.sorted = null;
    this.page = 0;
    this.selected = -1;
    this.element = el("div", { class: "rx-table", "data-kind": layer.kind }, this.tools(), this.frame(), this.foot());
    onLanguage(() => {
      this.hay = null;
      this.keys = null;
      if (this.listening?.()) this.refresh();
    });
    this.refresh();
  }

  tools() {
    this.search = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.ask(this.search.value), PAUSE_MS);
    });
    const tick = (checked, write) => {
      const box = el("input", { type: "checkbox" });
      box.checked = checked;
      box.addEventListener("change", () => this.turn(0));
      return [box, el("label", { class: "rx-table-tick" }, box, said("span", {}, write))];
    };
    const [inView, inViewLabel] = tick(false, () => t("table.in_view"));
    const [inMonth, inMonthLabel] = tick(true, () => "");
    Object.assign(this, { inView, inMonth, inMonthLabel });
    this.count = el("p", { class: "rx-table-count" });
    return el(
      "div",
      { class: "rx-table-tools" },
      el("label", { class: "rx-table-search" }, said("span", {}, () => t("table.search")), this.search),
      this.placed && inViewLabel,
      inMonthLabel,
      this.count,
    );
  }

  frame() {
    this.caption = said("caption", {}, () => this.captionText());
    this.heads = this.columns.map((column) => this.head(column));
    this.body = el("tbody");
    this.rows = new Map();
    const width = this.columns.some((column) => column.long) ? "rx-wide" : "rx-medium";
    const head = el("thead", {}, el("tr", {}, this.heads, this.head({ name: "source", as: "source" })));
    const table = el("table", { class: width }, this.caption, head, this.body);
    this.scroll = el("div", { class: "rx-scroll rx-table-rows", tabindex: 0, role: "region" }, table);
    const name = () => this.scroll.setAttribute("aria-label", t("table.region", { table: this.title() }));
    name();
    onLanguage(name);
    return this.scroll;
  }

  captionText() {
    return this.placed ? `${this.title()}. ${t("table.opens")}` : this.title();
  }

  head(column) {
    const cell = el("th", { scope: "col", class: column.numeric ? "rx-right" : null });
    if (column.as === "source") {
      cell.append(said("span", {}, () => t("table.source")));
      return cell;
    }
    const button = el("button", { type: "button", class: "rx-sort" }, said("span", {}, () => column.label), el("span", { class: "rx-sort-sign", "aria-hidden": "true" }));
    button.addEventListener("click", () => this.sortBy(column));
    cell.append(button);
    cell.column = column;
    return cell;
  }

  foot() {
    const step = (by, key) => {
      const button = said("button", { type: "button", class: "rx-button" }, () => t(key, { count: formatNumber(ROWS) }));
      button.addEventListener("click", () => {
        this.turn(this.page + by);
        this.scroll.scrollTop = 0;
      });
      return button;
    };
    this.previous = step(-1, "table.previous");
    this.next = step(1, "table.next");
    this.span = el("span");
    this.pager = el("div", { class: "rx-table-pager" }, this.previous, this.span, this.next);
    const save = (form, type, write) => {
      const button = said("button", { type: "button", class: "rx-button", "data-save": form }, () => t(`table.save_${form}`));
      button.addEventListener("click", () => saveText(`roxham-${this.layer.kind}.${form}`, type, write(this.layer, this.found)));
      return button;
    };
    this.saves = el(
      "div",
      { class: "rx-table-saves", role: "group" },
      save("csv", "text/csv;charset=utf-8", csvOf),
      this.placed && save("geojson", "application/geo+json", geoJson),
      this.licence(),
    );
    return el("div", { class: "rx-table-foot" }, this.pager, this.saves);
  }

  licence() {
    const licences = this.layer.extra.licences ?? [];
    if (licences.length === 0) return said("span", { class: "rx-muted" }, () => t("table.no_licence"));
    const names = licences.flatMap(({ name, url }, k) => [k > 0 && ", ", link(url, name)]);
    return el("span", { class: "rx-muted" }, said("span", {}, () => `${t("table.licence")}${t("colon")} `), names);
  }

  ask(query) {
    this.query = query;
    this.turn(0);
  }

  sortBy(column) {
    const again = this.sorted?.column === column;
    // A third press gives back the table's own order.
    if (again && this.sorted.descending) this.sorted = null;
    else this.sorted = { column, descending: again };
    this.keys = null;
    this.turn(0);
  }

  turn(page) {
    this.show(page);
    announce(`${this.title()}${t("colon")} ${this.count.textContent}`);
  }

  show(page) {
    this.page = page;
    this.refresh();
    this.asked?.();
  }

  // What the reader asked for, as texts for an address: the column it is sorted by, ticks
  // (d: descending, v: in the map's view, a: of all months), and what is searched for.
  get state() {
    const { sorted } = this;
    const ticks = [sorted?.descending && "d", this.inView.checked && "v", !this.inMonth.checked && "a"];
    return [sorted?.column.name ?? "", ticks.filter(Boolean).join(""), this.query];
  }

  set state([name = "", ticks = "", query = ""]) {
    const column = this.columns.find((one) => one.name === name);
    this.sorted = column ? { column, descending: ticks.includes("d") } : null;
    this.keys = null;
    this.inView.checked = ticks.includes("v");
    this.inMonth.checked = !ticks.includes("a");
    this.search.value = query;
    this.query = query;
    this.show(0);
  }

  // Rows that every filter lets through, in the order asked for.
  find() {
    const { layer } = this;
    const terms = termsOf(this.query);
    if (terms.length > 0) this.hay ??= haystacks(layer, this.columns);
    const view = this.placed && this.inView.checked ? this.links.inView() : null;
    const shown = this.inMonth.checked ? this.links.shown() : null;
    const found = [];
    for (let i = 0; i < layer.n; i += 1) {
      if (shown !== null && shown[i] === 0) continue;
      if (!terms.every((term) => this.hay[i].includes(term))) continue;
      if (view !== null && !meetsRectangle(layer, i, view)) continue;
      found.push(i);
    }
    if (this.sorted === null) return found;
    this.keys ??= sortKeys(this.sorted.column);
    return sortRows(found, this.keys, this.sorted.descending);
  }

  refresh() {
    this.found = this.find();
    this.page = Math.max(0, Math.min(this.page, Math.ceil(this.found.length / ROWS) - 1));
    const first = this.page * ROWS;
    const rows = this.found.slice(first, first + ROWS);
    if (this.written !== language.now) this.rows.clear();
    this.written = language.now;
    const before = [...this.rows.keys()];
    if (before.length !== rows.length || before.some((i, k) => i !== rows[k])) this.fill(rows);
    this.say(first, rows.length);
    this.mark();
  }

  // Rows that stay are the same elements, so that the focus can go back to them.
  fill(rows) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    this.rows = new Map(rows.map((i) => [i, this.rows.get(i) ?? this.row(i)]));
    this.body.replaceChildren(...this.rows.values());
    if (focused?.isConnected) focused.focus({ preventScroll: true });
  }

  say(first, length) {
    const all = this.found.length;
    const shown = () => t("table.shown", { shown: formatNumber(all), all: formatNumber(this.layer.n) });
    const count = this.layer.n === 0 ? t("table.none") : shown();
    const chosen = this.selected >= 0 && this.found.includes(this.selected) ? ` ${t("table.selected", { name: this.nameOf(this.selected) })}` : "";
    if (this.count.textContent !== count + chosen) this.count.textContent = count + chosen;
    this.search.setAttribute("aria-label", `${t("table.search")}${t("colon")} ${this.title()}`);
    this.saves.setAttribute("aria-label", `${t("table.save")}${t("colon")} ${this.title()}`);
    const month = this.links.month();
    this.inMonthLabel.hidden = month === null;
    if (month !== null) this.inMonthLabel.lastChild.textContent = t("table.in_month", { month: formatDate(month) });
    this.pager.hidden = all <= ROWS;
    this.span.textContent = t("table.rows", { first: formatNumber(first + 1), last: formatNumber(first + length) });
    // Not `disabled`, which would throw the focus off the button that was just pressed.
    this.previous.setAttribute("aria-disabled", String(first === 0));
    this.next.setAttribute("aria-disabled", String(first + length >= all));
    for (const cell of this.heads) {
      const way = this.sorted?.column === cell.column ? (this.sorted.descending ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", way);
    }
  }

  nameOf(i) {
    return this.columns.find((column) => column.heads).text(i) ?? t("unnamed");
  }

  row(i) {
    const cells = this.columns.map((column) => {
      if (column.heads) return el("th", { scope: "row" }, this.opener(i));
      const text = column.text(i);
      const attributes = { class: [column.numeric && "rx-right", column.long && "rx-long"].filter(Boolean).join(" ") || null };
      if (text !== null) return el("td", attributes, text);
      return el("td", attributes, el("span", { "aria-hidden": "true" }, BLANK), el("span", { class: "rx-unseen" }, t("table.blank")));
    });
    return el("tr", { "data-row": i }, cells, el("td", { class: "rx-table-source" }, this.source(i)));
  }

  opener(i) {
    const name = this.nameOf(i);
    if (!isPlaced(this.layer, i)) return name;
    const button = el("button", { type: "button", "data-feature": this.layer.kind, "data-row": i }, name);
    button.addEventListener("click", () => this.links.show(i, button, this.inView.checked));
    return button;
  }

  source(i) {
    const get = (name) => this.layer.value(i, name);
    const title = get("source_title");
    const date = get("source_date");
    const from = [get("source_publisher"), date && (date === "undated" ? t("undated") : formatDate(date)), get("confidence") && word("confidence", get("confidence"))];
    const note = localValue(this.layer, i, "note");
    return [
      title !== null && el("p", {}, link(get("source_url"), title)),
      el("p", { class: "rx-muted" }, [...from.filter(Boolean), copyLink(get("read_in"))].filter(Boolean).flatMap((part, k) => (k > 0 ? [" · ", part] : [part]))),
      note && el("p", { class: "rx-muted" }, note),
    ].filter(Boolean);
  }

  // The feature selected on the map, or -1: its row is marked, and brought into the table's view.
  select(i) {
    this.selected = i;
    const at = i < 0 ? -1 : this.found.indexOf(i);
    if (at >= 0) this.page = Math.floor(at / ROWS);
    this.refresh();
    const row = this.rows.get(i);
    if (!row) return;
    const head = this.scroll.querySelector("thead").offsetHeight;
    const [top, bottom] = [row.offsetTop - head, row.offsetTop + row.offsetHeight];
    const { scrollTop, clientHeight } = this.scroll;
    if (top < scrollTop) this.scroll.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.scroll.scrollTop = Math.min(top, bottom - clientHeight);
  }

  mark() {
    for (const [i, row] of this.rows) {
      if (i === this.selected) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}

// The page around the map: charts, tables that point at the map, what is done to print it.
import { areasView } from "../panels/areas.js";
import { askView } from "../panels/ask.js";
import { chartLegend, eventKey } from "../panels/chart.js";
import { clock } from "../core/clock.js";
import { entriesView } from "../panels/entries.js";
import { measureView } from "../panels/measures.js";
import { printWell } from "./print.js";
import { startShell } from "./shell.js";
import { startTables } from "../panels/tables.js";

export async function startPage(map, data) {
  const root = document.body;
  const shell = startShell(map, root, data);
  await new Promise((done) => setTimeout(done)); // the map is seen before the charts are made
  const part = (id) => document.getElementById(id);
  let measure = null;
  if (data.chart) {
    part("rx-chart-key").append(chartLegend(data.chart));
    const places = { host: part("rx-chart"), place: part("rx-chart-choice"), title: part("rx-chart-title"), text: part("rx-chart-sub"), key: part("rx-chart-key"), gaps: part("rx-chart-gaps") };
    measure = measureView(places, data);
    eventKey(part("rx-events"), data.chart);
  }
  const later = []; // what stands below the first view, and is made once the page has answered
  const entries = part("rx-entries") ? entriesView(map, { host: part("rx-entries"), place: part("rx-entries-choice"), beside: part("rx-entries-beside") }, data, later) : {};
  const year = data.areas ? areasView(part("rx-areas"), data.areas) : null;
  const ask = data.ask ? askView(map, part("rx-ask"), data.ask, later) : null;
  const tables = await startTables(map, data.series, clock);
  shell.addressed({ year, measure, port: entries.port, count: entries.count, ask, tables });
  printWell(map, root);
  for (const node of document.querySelectorAll(".rx-without-script")) node.remove();
  document.documentElement.classList.add("rx-ready");
  const finish = makeIdle([...later, () => document.querySelector("main").classList.add("rx-settled")]);
  foldOnPhones(root, finish);
}

// Makes one after the other while nothing else is to do; all that are left, before the page is printed. Returns what makes them at once.
function makeIdle(left) {
  const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 50));
  const next = () => {
    left.shift()?.();
    if (left.length > 0) idle(next, { timeout: 500 });
  };
  idle(next, { timeout: 500 });
  const finish = () => {
    while (left.length > 0) left.shift()();
  };
  addEventListener("beforeprint", finish);
  return finish;
}

const PHONE = "(max-width: 640px)";

// On a phone the parts after the charts are headings to unfold; what a link or the address leads to is unfolded,
// once all above it has its height.
function foldOnPhones(root, finish) {
  if (matchMedia(PHONE).matches) for (const part of root.querySelectorAll(".rx-fold, .rx-legend-ground")) part.open = false;
  const unfold = () => {
    const target = location.hash.startsWith("#rx-") && document.getElementById(location.hash.slice(1));
    if (!target) return;
    finish();
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  for (const anchor of root.querySelectorAll('a[href^="#rx-"]')) anchor.addEventListener("click", () => setTimeout(unfold));
  unfold();
}

// Tells the page around a frame how high the frame should be; that page may listen or not.
function tellHeight(root) {
  if (parent === self) return;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(root.getBoundingClientRect().bottom + scrollY);
    if (height === told) return;
    told = height;
    parent.postMessage({ type: "roxham:height", height }, "*");
  };
  new ResizeObserver(tell).observe(root);
  tell();
}

// The map alone, in a frame or in someone else's page.
export function startEmbed(map, data) {
  const root = map.getContainer().closest(".rx-embed");
  const shell = startShell(map, root, data);
  // An address belongs to the page that we stand in, if it is not our own.
  if (document.body.classList.contains("rx-embed-body")) shell.addressed();
  printWell(map, root);
  tellHeight(root);
  root.classList.add("rx-ready");
}

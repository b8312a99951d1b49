// What every page of ours has around its map: language, views, clock, legend, keys, address.
import { keepAddress } from "./address.js";
import { basemapChoice } from "../stage/basemap.js";
import { clock } from "../core/clock.js";
import { clockBar, runLayers } from "./clockbar.js";
import { el, said } from "../core/dom.js";
import { direction, formatDate, formatNumber, language, onLanguage, setLanguage, t } from "../core/i18n.js";
import { inWords, mapKeys } from "../stage/keys.js";
import { locator } from "./locator.js";
import { yieldScrolling } from "../stage/gestures.js";
import { buildLegend } from "./legend.js";
import { announce, liveIn } from "../core/live.js";
import { stageOf } from "../stage/stage.js";
import { whenOf, whenSwitch } from "./when.js";

// Numbers and dates of the static page, written by the browser in the reader's language.
function writeFigures(root) {
  for (const node of root.querySelectorAll("data[value]")) {
    const digits = Number(node.dataset.digits ?? 0);
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    node.textContent = formatNumber(Number(node.value), options);
  }
  for (const node of root.querySelectorAll("time[data-date]")) {
    node.textContent = formatDate(node.dataset.date, node.dataset.style ?? "long");
  }
}

function languageButtons(root, title) {
  const buttons = [...root.querySelectorAll("[data-set-language]")];
  const update = () => {
    root.lang = language.now;
    root.dir = direction();
    // A page of our own follows; a page that we stand in keeps its language and its title.
    if (root === document.body || document.body.classList.contains("rx-embed-body")) {
      document.documentElement.lang = language.now;
      document.documentElement.dir = root.dir;
      document.title = title[language.now];
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language.now));
    for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
    writeFigures(root);
  };
  for (const button of buttons) button.addEventListener("click", () => setLanguage(button.dataset.setLanguage));
  onLanguage(update);
  update();
}

// Miles stand beside kilometres in languages that tell both.
function scaleBar(map) {
  let bar = null;
  const draw = () => {
    bar?.remove();
    bar = L.control.scale({ position: "bottomleft", maxWidth: 120, imperial: t("length.km").includes("{mi}") });
    const write = bar._updateScale; // Leaflet's words for units are Latin letters
    const units = { km: "length.km", m: "length.m", mi: "length.km" };
    const word = (unit) => (unit in units && new RegExp(`\\{${unit}\\}\\s*([^\\s(){}]+)`).exec(t(units[unit]))?.[1]) || unit;
    bar._updateScale = (scale, text, ratio) => write.call(bar, scale, text.replace(/[a-z]+$/, word), ratio);
    bar.addTo(map);
  };
  draw();
  onLanguage(draw);
}

function viewButtons(map, host, views) {
  for (const [name, bounds] of Object.entries(views)) {
    const button = said("button", { type: "button", class: "rx-button", "data-view": name }, () => t(`view.${name}`));
    button.addEventListener("click", () => map.fitBounds(bounds));
    host.append(button);
  }
}

// Parts of the page with a date of their own say so when the clock stands in it.
function markDated(root) {
  clock.onChange((month) => {
    for (const node of root.querySelectorAll("[data-when]")) {
      const now = month !== null && clock.holds(node.dataset.when) === true;
      node.classList.toggle("rx-now", now);
      if (now) node.setAttribute("aria-current", "date");
      else node.removeAttribute("aria-current");
    }
  });
}

// A reader who wants less motion gets none from the map.
function calm(map) {
  const query = matchMedia("(prefers-reduced-motion: reduce)");
  const animated = { zoom: map._zoomAnimated, fade: map._fadeAnimated };
  const panBy = map.panBy;
  map.panBy = (offset, options) => panBy.call(map, offset, query.matches ? { ...options, animate: false } : options);
  const apply = () => {
    map._zoomAnimated = animated.zoom && !query.matches;
    map._fadeAnimated = animated.fade && !query.matches;
    map.options.inertia = !query.matches;
  };
  query.addEventListener("change", apply);
  apply();
}

// Where the clipboard is closed the reader copies by hand; a frame without an address has no link.
function linkButton(host, address) {
  const button = said("button", { type: "button", class: "rx-button", "data-copy": "" }, () => t("page.copy"));
  const field = el("input", { type: "text", readonly: true, class: "rx-copy-field" });
  const words = el("p");
  const byHand = el("div", { class: "rx-copy", hidden: true });
  const tell = (key, url) => {
    words.textContent = t(key);
    field.value = url ?? "";
    field.setAttribute("aria-label", t(key));
    byHand.replaceChildren(words, url === null ? "" : field);
    byHand.hidden = false;
    if (url === null) announce(t(key));
    else field.select();
  };
  onLanguage(() => {
    byHand.hidden = true;
  });
  button.addEventListener("click", async () => {
    const url = address();
    byHand.hidden = true;
    if (!/^(https?|file):/.test(url)) {
      tell("page.copy_none", null);
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      announce(t("page.copied"));
      button.textContent = t("page.copied");
      setTimeout(() => {
        button.textContent = t("page.copy");
      }, 2500);
    } catch {
      tell(parent === self ? "page.copy_by_hand" : "page.copy_frame", url);
    }
  });
  host.append(button, byHand);
}

// What a reader hears on the map: what it is, what it shows, and how to move it.
function describe(map, keys) {
  const box = map.getContainer();
  const words = el("div", { class: "rx-unseen", id: `${box.id}-how` });
  const write = () => {
    words.textContent = `${inWords(stageOf(map))} ${t("map.how")}`;
  };
  box.setAttribute("aria-describedby", words.id);
  box.after(words, keys);
  let waiting = null;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 300);
  };
  map.on("moveend layeradd layerremove", soon);
  stageOf(map).filterListeners.add(soon);
  onLanguage(write);
  soon();
}

export function startShell(map, root, data) {
  liveIn(root);
  languageButtons(root, data.title);
  calm(map);
  scaleBar(map);
  map.zoomControl?.setPosition("topleft");
  map.attributionControl.setPrefix("Leaflet");
  if (data.credit.includes("OpenStreetMap")) map.attributionControl.addAttribution("© OpenStreetMap contributors");
  const box = map.getContainer();
  box.setAttribute("role", "application");
  const name = () => {
    box.setAttribute("aria-label", t("map.label"));
    for (const [sign, key] of [["in", "map.zoom_in"], ["out", "map.zoom_out"]]) {
      const button = box.querySelector(`.leaflet-control-zoom-${sign}`);
      button?.setAttribute("aria-label", t(key));
      if (button) button.title = t(key);
    }
  };
  name();
  onLanguage(name);
  map.fitBounds(data.opens ?? Object.values(data.views)[0], { animate: false });
  const views = root.querySelector(".rx-views");
  viewButtons(map, views, data.views);
  locator(map, data.views);
  const choice = whenSwitch(map);
  if (choice) views.after(choice);
  if (data.clock) {
    clock.run(data.clock.first, data.clock.last);
    runLayers(map);
    clockBar(map, root.querySelector(".rx-clock"), { regimes: data.clock.regimes, chart: data.chart });
  }
  const legend = root.querySelector(".rx-legend-place");
  legend.append(buildLegend(map));
  if (data.tiles.length > 0) legend.append(basemapChoice(map, data.tiles));
  describe(map, mapKeys(stageOf(map)));
  if (!data.full) yieldScrolling(map);
  markDated(root);
  // What else the page lets a reader choose is kept in its address, too.
  return { addressed: (choices = {}) => linkButton(views, keepAddress(map, { when: whenOf(map), ...choices })) };
}

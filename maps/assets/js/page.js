// The page around the map: language, charts, legend, view buttons, tables that point at the map.
import { basemapChoice } from "./basemap.js";
import { canadaView } from "./canada.js";
import { chartLegend, eventKey, monthlyChart } from "./chart.js";
import { said } from "./dom.js";
import { formatDate, formatNumber, language, onLanguage, setLanguage, t } from "./i18n.js";
import { buildLegend } from "./legend.js";
import { stageOf } from "./stage.js";
import { whenSwitch } from "./when.js";

// Numbers and dates of the static page, written by the browser in the reader's language.
function writeFigures() {
  for (const node of document.querySelectorAll("data.rx-number")) {
    const digits = Number(node.dataset.digits ?? 0);
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    if (node.dataset.unit === "percent") options.style = "percent";
    node.textContent = formatNumber(Number(node.value), options);
  }
  for (const node of document.querySelectorAll("time.rx-date")) {
    node.textContent = formatDate(node.dataset.date, node.dataset.style ?? "long");
  }
}

function languageButtons(title) {
  const buttons = [...document.querySelectorAll("[data-set-language]")];
  const update = () => {
    document.documentElement.lang = language.now;
    document.title = title[language.now] ?? title.en;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.setLanguage === language.now));
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
    writeFigures();
  };
  for (const button of buttons) button.addEventListener("click", () => setLanguage(button.dataset.setLanguage));
  onLanguage(update);
  update();
}

function viewButtons(map, host, views) {
  for (const [name, bounds] of Object.entries(views)) {
    const button = said("button", { type: "button", class: "rx-button", "data-view": name }, () => t(`view.${name}`));
    button.addEventListener("click", () => map.fitBounds(bounds));
    host.append(button);
  }
}

// Names in tables open the feature on the map.
function tableLinks(map) {
  for (const button of document.querySelectorAll("button[data-feature]")) {
    button.addEventListener("click", () => {
      const [kind, position] = [button.dataset.feature, Number(button.dataset.row)];
      const known = stageOf(map).known.find((candidate) => candidate.roxham.layer.kind === kind);
      if (!known) return;
      map.addLayer(known);
      const anchor = known.roxham.anchorOf(position);
      if (!anchor) return;
      map.getContainer().scrollIntoView({ block: "nearest" });
      map.setView(anchor, Math.max(map.getZoom(), 11), { animate: false });
      stageOf(map).open(known.roxham.layer, position);
      map.getContainer().focus({ preventScroll: true });
    });
  }
}

export function startPage(map, data) {
  languageButtons(data.title);
  L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
  map.zoomControl?.setPosition("topleft");
  map.attributionControl.setPrefix("Leaflet").addAttribution("© OpenStreetMap contributors");
  const name = () => map.getContainer().setAttribute("aria-label", t("map.label"));
  map.getContainer().setAttribute("role", "application");
  name();
  onLanguage(name);
  map.fitBounds(data.views.core, { animate: false });
  viewButtons(map, document.getElementById("rx-views"), data.views);
  const choice = whenSwitch(map);
  if (choice) document.getElementById("rx-views").after(choice);
  const legend = document.getElementById("rx-legend");
  legend.append(buildLegend(map));
  if (data.tiles.length > 0) legend.append(basemapChoice(map, data.tiles));
  document.getElementById("rx-chart-key").append(chartLegend());
  monthlyChart(document.getElementById("rx-chart"), data.chart);
  eventKey(document.getElementById("rx-events"), data.chart);
  canadaView(document.getElementById("rx-canada"), data.canada);
  tableLinks(map);
  const noscript = document.querySelectorAll(".rx-without-script");
  for (const node of noscript) node.remove();
  document.documentElement.classList.add("rx-ready");
}


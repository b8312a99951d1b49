// The page around the map: charts, tables that point at the map, what is done to print it.
import { areasView } from "../panels/areas.js";
import { chartLegend, eventKey, monthlyChart } from "../panels/chart.js";
import { clock } from "../core/clock.js";
import { printWell } from "./print.js";
import { startShell } from "./shell.js";
import { startTables } from "../panels/tables.js";

export async function startPage(map, data) {
  const root = document.body;
  const shell = startShell(map, root, data);
  if (data.chart) {
    document.getElementById("rx-chart-key").append(chartLegend(data.chart));
    monthlyChart(document.getElementById("rx-chart"), data.chart);
    eventKey(document.getElementById("rx-events"), data.chart);
  }
  const year = data.areas ? areasView(document.getElementById("rx-areas"), data.areas) : null;
  const tables = await startTables(map, data.series, clock);
  shell.addressed({ year, tables });
  printWell(map, root);
  for (const node of document.querySelectorAll(".rx-without-script")) node.remove();
  document.documentElement.classList.add("rx-ready");
}

// The map alone, in a frame or in someone else's page.
export function startEmbed(map, data) {
  const root = map.getContainer().closest(".rx-embed");
  const shell = startShell(map, root, data);
  // An address belongs to the page that we stand in, if it is not our own.
  if (document.body.classList.contains("rx-embed-body")) shell.addressed();
  printWell(map, root);
  root.classList.add("rx-ready");
}

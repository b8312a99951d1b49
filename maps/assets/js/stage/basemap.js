// Base tiles from a third party: off until the reader, told of it, turns them on.
import { el, said } from "../core/dom.js";
import { t } from "../core/i18n.js";

// The template puts each host into the Content-Security-Policy too.
export function basemapChoice(map, tiles) {
  const select = el("select", { id: "rx-tiles" });
  select.append(said("option", { value: "" }, () => t("tiles.none")));
  for (const tile of tiles) select.append(el("option", { value: tile.id }, tile.name));
  const notice = el("div", { class: "rx-notice", hidden: true, role: "alert" });
  let current = null;
  let agreed = false;

  function show(id) {
    if (current) map.removeLayer(current);
    const tile = tiles.find((candidate) => candidate.id === id);
    current = null;
    if (!tile) return;
    // The credit is a constant of tiles.json, no text of a user. The page tells nobody where it stands,
    // but hosts of tiles ask for the site that shows them.
    current = L.tileLayer(tile.url, { maxZoom: tile.max_zoom, subdomains: tile.subdomains, attribution: tile.credit, referrerPolicy: "strict-origin-when-cross-origin" });
    current.addTo(map);
  }

  function ask(id) {
    const tile = tiles.find((candidate) => candidate.id === id);
    const yes = said("button", { type: "button", class: "rx-button" }, () => t("tiles.yes"));
    const no = said("button", { type: "button", class: "rx-button" }, () => t("tiles.no"));
    notice.replaceChildren(said("p", {}, () => t("tiles.notice", { host: tile.host })), yes, no);
    notice.hidden = false;
    yes.addEventListener("click", () => {
      agreed = true;
      notice.hidden = true;
      show(id);
      select.focus();
    });
    no.addEventListener("click", () => {
      notice.hidden = true;
      select.value = "";
      select.focus();
    });
    yes.focus();
  }

  select.addEventListener("change", () => {
    notice.hidden = true;
    if (select.value === "" || agreed) show(select.value);
    else ask(select.value);
  });
  return el("div", { class: "rx-tiles" }, said("label", { for: "rx-tiles" }, () => t("tiles.label")), select, notice);
}

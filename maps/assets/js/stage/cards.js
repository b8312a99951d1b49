// The card of a feature: opened on the map, read and left by keyboard, one feature after the other.
import { el } from "../core/dom.js";
import { formatNumber, t } from "../core/i18n.js";

// Whether a feature stands anywhere, and the filters let it be seen.
export function isShown(layer, i) {
  return layer.shown?.[i] !== 0 && layer.geometry.box[4 * i] <= layer.geometry.box[4 * i + 2] && Number.isFinite(layer.geometry.box[4 * i]);
}

export function hasShown(layer) {
  for (let i = 0; i < layer.n; i += 1) if (isShown(layer, i)) return true;
  return false;
}

export function shownFeatures(layer) {
  return Array.from({ length: layer.n }, (_, i) => i).filter((i) => isShown(layer, i));
}

// The shown feature that many steps from one, around the end; -1 stands before the first.
export function stepFrom(layer, i, step) {
  const shown = shownFeatures(layer);
  if (shown.length === 0) return -1;
  const at = shown.indexOf(i);
  if (at < 0) return step > 0 ? shown[0] : shown.at(-1);
  return shown[(at + step + shown.length) % shown.length];
}

// Buttons to the feature before and after, and which of how many this is.
function walk(stage, { layer, i }) {
  const shown = shownFeatures(layer);
  if (shown.length < 2) return null;
  const go = (step, key, sign) => {
    const button = el("button", { type: "button", class: "rx-step", "aria-label": t(key), title: t(key) }, sign);
    button.addEventListener("click", () => stage.open(layer, stepFrom(layer, i, step)));
    return button;
  };
  const place = t("card.place", { place: formatNumber(shown.indexOf(i) + 1), count: formatNumber(shown.length) });
  return el("div", { class: "rx-walk" }, go(-1, "card.previous", "‹"), el("span", {}, place), go(1, "card.next", "›"));
}

export function openCard(stage, feature, { at, content, takeFocus }) {
  const { map } = stage;
  const size = map.getSize();
  // On a phone the card still stands clear of the zoom buttons and within the map.
  const maxWidth = Math.min(320, size.x - 108);
  content.append(walk(stage, feature) ?? "");
  // Where the reader came from: kept from card to card, given back at the end.
  const moving = stage.card?.getElement()?.contains(document.activeElement) ?? false;
  const from = moving ? stage.cameFrom : document.activeElement;
  stage.card = null;
  const card = L.popup({
    maxWidth,
    minWidth: Math.min(200, maxWidth),
    maxHeight: Math.max(220, Math.min(440, 0.65 * size.y)),
    className: "rx-popup",
    autoPanPaddingTopLeft: [54, 16],
    autoPanPaddingBottomRight: [12, 16],
  })
    .setLatLng(at)
    .setContent(content)
    .openOn(map);
  stage.card = card;
  stage.cameFrom = from;
  const box = card.getElement();
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", content.querySelector("h3")?.textContent ?? "");
  box.setAttribute("tabindex", "-1");
  box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("card.close"));
  box.addEventListener("keydown", (event) => onKey(stage, feature, event));
  map.once("popupclose", ({ popup }) => leave(stage, popup));
  if (takeFocus) box.focus({ preventScroll: true });
}

function onKey(stage, { layer, i }, event) {
  const down = { ArrowUp: -40, ArrowDown: 40 }[event.key];
  if (down !== undefined) {
    // The focus is on the card, what scrolls is within it; the map must not move instead.
    event.currentTarget.querySelector(".leaflet-popup-content")?.scrollBy(0, down);
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const step = { n: 1, p: -1 }[event.key];
  if (event.key !== "Escape" && step === undefined) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") stage.map.closePopup();
  else stage.open(layer, stepFrom(layer, i, step));
}

// A card that closes while it is read gives the focus back.
function leave(stage, popup) {
  const box = popup.getElement();
  const inside = box?.contains(document.activeElement);
  // While it fades it is no card any more.
  box?.removeAttribute("role");
  if (box) box.inert = true;
  if (popup !== stage.card) return;
  stage.card = null;
  if (!inside) return;
  const back = stage.cameFrom?.isConnected && stage.cameFrom !== document.body ? stage.cameFrom : stage.map.getContainer();
  back.focus({ preventScroll: true });
}

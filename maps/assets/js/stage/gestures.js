// Who moves by what: one finger and the wheel scroll the page; two fingers, or the wheel with Ctrl, move the map.
import { el } from "../core/dom.js";
import { t } from "../core/i18n.js";

const SAID_MS = 1600;
const APPLE = /Mac|iPhone|iPad/;

// Leaves the page's scrolling to the page, and says in the map how to move the map.
export function yieldScrolling(map) {
  const box = map.getContainer();
  const words = el("div", { class: "rx-gesture", "aria-hidden": "true", hidden: true });
  let fading = null;
  box.classList.add("rx-yields");
  box.append(words);

  // In full screen there is nothing else to scroll.
  const alone = () => document.fullscreenElement?.contains(box) ?? false;
  const say = (key) => {
    words.textContent = t(key);
    words.hidden = false;
    clearTimeout(fading);
    fading = setTimeout(() => {
      words.hidden = true;
    }, SAID_MS);
  };

  const listen = (name, then) => box.addEventListener(name, then, { capture: true, passive: true });
  listen("wheel", (event) => {
    if (event.ctrlKey || event.metaKey || alone()) {
      words.hidden = true;
      return;
    }
    event.stopPropagation(); // Leaflet does not hear of it, so the page scrolls
    if (!event.target.closest(".leaflet-control, .leaflet-popup")) say(APPLE.test(navigator.platform) ? "map.wheel_apple" : "map.wheel");
  });
  // A finger alone drags nothing; a mouse, a pen, or the map alone on the screen do.
  listen("pointerdown", (event) => {
    if (event.pointerType === "touch" && !alone()) map.dragging.disable();
    else map.dragging.enable();
  });
  listen("touchmove", (event) => {
    if (event.touches.length > 1) words.hidden = true;
    else if (!alone() && !event.target.closest(".leaflet-control, .leaflet-popup")) say("map.fingers");
  });
}

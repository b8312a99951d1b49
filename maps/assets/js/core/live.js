// One polite live region: what a reader who does not see the page should hear.
import { el } from "./dom.js";
import { onLanguage } from "./i18n.js";

const QUIET_MS = 150; // after the last change
const APART_MS = 1000; // from one announcement to the next

let region = null;
let pending = null;
let saidAt = -Infinity;

export function liveIn(host) {
  region = el("div", { class: "rx-live", role: "status", "aria-live": "polite" });
  host.append(region);
  onLanguage(() => { // what was said, or is about to be, stands in the language of before
    clearTimeout(pending);
    region.textContent = "";
  });
}

// The last of several quick announcements is the one said; at most one a second.
export function announce(text) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    saidAt = performance.now();
    if (region) region.textContent = text;
  }, Math.max(QUIET_MS, saidAt + APART_MS - performance.now()));
}

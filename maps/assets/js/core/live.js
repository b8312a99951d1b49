// One polite live region: what a reader who does not see the page should hear.
import { el } from "./dom.js";

let region = null;
let pending = null;

export function liveIn(host) {
  region = el("div", { class: "rx-live", role: "status", "aria-live": "polite" });
  host.append(region);
}

// The last of several quick announcements is the one said.
export function announce(text) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    if (region) region.textContent = text;
  }, 150);
}

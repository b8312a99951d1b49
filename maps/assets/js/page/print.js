// On paper: the map drawn anew at the width of a sheet and in ink, every part unfolded.
import { stageOf } from "../stage/stage.js";

export function printWell(map, root) {
  let folded = [];
  let bounds = null;

  // Also tells the legend that colours have changed.
  function fit() {
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false });
    stageOf(map).draw();
    map.fire("ink");
  }

  addEventListener("beforeprint", () => {
    folded = [...root.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
    bounds = map.getBounds().pad(-0.02);
    root.classList.add("rx-printing");
    map.getContainer().classList.add("rx-paper");
    fit();
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
    root.classList.remove("rx-printing");
    map.getContainer().classList.remove("rx-paper");
    if (bounds) fit();
  });
}

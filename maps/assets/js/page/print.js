// On paper: the map drawn anew at the width of a sheet and in ink, every part unfolded.
import { stageOf } from "../stage/stage.js";

export function printWell(map, root) {
  const box = map.getContainer();
  let folded = [];
  let before = null;

  // Also tells the legend that colours have changed.
  function redraw() {
    stageOf(map).draw();
    map.fire("ink");
  }

  addEventListener("beforeprint", () => {
    if (before) return;
    folded = [...root.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
    const bounds = map.getBounds().pad(-0.02);
    before = { centre: map.getCenter(), zoom: map.getZoom() };
    root.classList.add("rx-printing");
    box.classList.add("rx-paper");
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false });
    redraw();
  });

  // Some browsers tell of the end before the page has its width again: the view holds for both.
  function giveBack() {
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.centre, before.zoom, { reset: true }); // not by whole pixels, as a pan
  }
  addEventListener("afterprint", () => {
    if (!before) return;
    for (const part of folded) part.open = false;
    root.classList.remove("rx-printing");
    box.classList.remove("rx-paper");
    giveBack();
    const width = box.clientWidth;
    const settled = new ResizeObserver(() => {
      if (box.clientWidth === width) return;
      giveBack();
      redraw();
    });
    settled.observe(box);
    setTimeout(() => {
      settled.disconnect();
      before = null;
    }, 1000);
    redraw();
  });
}

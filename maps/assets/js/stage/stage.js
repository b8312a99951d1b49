// The one canvas of a map: draws every layer on it, finds what was pointed at, opens its popup.
import { onLanguage } from "../core/i18n.js";
import { LabelBoard, inOrder } from "./labels.js";
import { readTheme } from "../core/theme.js";
import { View } from "./view.js";
import { openCard } from "./cards.js";
import { el } from "../core/dom.js";

const MARGIN = 0.15; // of the map's size, drawn beyond each edge so that a drag shows no blank
const stages = new WeakMap();

export function stageOf(map) {
  if (!stages.has(map)) stages.set(map, new Stage(map));
  return stages.get(map);
}

class Stage {
  constructor(map) {
    this.map = map;
    this.layers = [];
    this.selected = null;
    this.selectListeners = new Set();
    this.filterListeners = new Set();
    this.drawListeners = new Set();
    map.getContainer().classList.add("rx-map");
    const pane = map.getPane("roxham") ?? map.createPane("roxham");
    pane.style.zIndex = 390;
    this.canvas = el("canvas", { class: "rx-canvas leaflet-zoom-animated", "aria-hidden": "true" });
    pane.append(this.canvas);
    // What is drawn of the layers, without the mark and the labels: choosing one draws none again.
    this.ground = el("canvas");
    this.hover = el("div", { class: "rx-hover", hidden: true });
    map.getContainer().append(this.hover);
    map.on("moveend resize", () => this.draw());
    map.on("move", () => this.fill());
    map.on("zoomanim", (event) => this.follow(event));
    map.on("layeradd layerremove", (event) => {
      if (event.layer instanceof L.GridLayer) this.request();
    });
    map.on("click", (event) => this.point(event));
    map.on("mousemove", (event) => this.showHover(event));
    map.on("mouseout movestart", () => this.hideHover());
    map.on("popupclose", () => this.select(null));
    onLanguage(() => {
      map.closePopup();
      this.request();
    });
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", () => this.request());
    }
    document.fonts?.addEventListener("loadingdone", () => this.compose());
  }

  add(layer) {
    if (this.layers.includes(layer)) return; // put on the map again while others were decoded
    this.layers.push(layer);
    // Of one kind, in the order they stand in the page, whichever was decoded first.
    this.layers.sort((a, b) => a.traits.rank.drawn - b.traits.rank.drawn || a.turn - b.turn);
    this.request();
  }

  remove(layer) {
    this.layers = this.layers.filter((other) => other !== layer);
    if (this.selected?.layer === layer) this.map.closePopup();
    this.request();
  }

  // Shows some features of a layer only: 1 for those shown; null shows all.
  filter(layer, mask) {
    layer.shown = mask;
    if (this.selected?.layer === layer && mask?.[this.selected.i] === 0) this.map.closePopup();
    this.request();
    for (const listener of this.filterListeners) listener(layer, mask);
  }

  // Told of each drawing, before its labels are placed.
  onDraw(listener) {
    this.drawListeners.add(listener);
  }

  // Many changes, one drawing.
  request() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  // A drag beyond what is drawn is drawn on its way, so that no edge stays blank.
  fill() {
    if (!this.view || this.map.getZoom() !== this.zoom) return;
    const { inner } = this.view;
    const { x, y } = this.map.latLngToContainerPoint(this.corner);
    if (Math.abs(x + inner.x) > inner.x || Math.abs(y + inner.y) > inner.y) this.request();
  }

  draw() {
    const { map, canvas } = this;
    if (!map._loaded) return;
    const size = map.getSize();
    if (size.x === 0 || size.y === 0) return;
    const pad = size.multiplyBy(MARGIN).round();
    const full = size.add(pad.multiplyBy(2));
    const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1));
    const ratio = Math.min(devicePixelRatio || 1, 3);
    for (const sheet of [canvas, this.ground]) {
      const [width, height] = [Math.round(full.x * ratio), Math.round(full.y * ratio)];
      if (sheet.width !== width) sheet.width = width;
      if (sheet.height !== height) sheet.height = height;
    }
    canvas.style.width = `${full.x}px`;
    canvas.style.height = `${full.y}px`;
    L.DomUtil.setTransform(canvas, corner, 1);
    this.corner = map.layerPointToLatLng(corner);
    this.zoom = map.getZoom();
    const ctx = this.ground.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, full.x, full.y);
    // What the reader sees of the canvas; labels keep within it.
    const inner = { x: pad.x, y: pad.y, w: size.x, h: size.y };
    let overTiles = false;
    map.eachLayer((layer) => {
      overTiles ||= layer instanceof L.GridLayer;
    });
    map.getContainer().classList.toggle("rx-over-tiles", overTiles);
    this.view = new View({
      ctx,
      width: full.x,
      height: full.y,
      zoom: this.zoom,
      origin: map.getPixelOrigin().add(corner),
      scale: 256 * 2 ** this.zoom,
      theme: readTheme(map.getContainer()),
      overTiles,
      inner,
      board: null,
    });
    const waters = this.layers.filter((layer) => layer.traits.wet);
    this.view.wet = (x, y) => waters.some((layer) => layer.traits.hit(this.view, layer, x, y) >= 0);
    // The land cuts areas at the border, whether it is shown or not.
    const known = (this.known ?? []).map(({ roxham }) => roxham.layer);
    this.view.lands = known.filter((layer) => layer?.traits.lands);
    // Symbols that stand where they are, which others keep clear of.
    this.view.symbols = this.layers.flatMap((layer) => layer.traits.symbols?.(this.view, layer) ?? []);
    for (const layer of this.layers) layer.traits.draw(this.view, layer);
    for (const listener of this.drawListeners) listener(this.view);
    this.compose();
    this.drawn = (this.drawn ?? 0) + 1;
  }

  // Lays the mark of what is chosen and the labels over the layers as they were last drawn.
  compose({ place = true } = {}) {
    if (!this.view) return;
    const { view, selected } = this;
    const ctx = this.canvas.getContext("2d");
    const scaled = this.ground.getContext("2d").getTransform();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.drawImage(this.ground, 0, 0);
    ctx.setTransform(scaled);
    view.ctx = ctx;
    if (selected) selected.layer.traits.mark?.(view, selected.layer, selected.i);
    if (place) this.writeLabels();
    else for (const { label, box } of this.placed) label.paint(view, box);
  }

  // Controls and symbols keep their room first, so that no label hides one.
  writeLabels() {
    const frame = this.map.getContainer().getBoundingClientRect();
    const { inner } = this.view;
    const board = new LabelBoard(inner);
    this.view.board = board;
    for (const control of this.map.getContainer().querySelectorAll(".leaflet-control")) {
      const { left, top, width, height } = control.getBoundingClientRect();
      board.block({ x: left - frame.left + inner.x, y: top - frame.top + inner.y, w: width, h: height });
    }
    for (const layer of this.layers) layer.traits.block?.(this.view, layer);
    const wanted = this.layers.flatMap((layer) => layer.traits.labels?.(this.view, layer) ?? []);
    this.labels = [];
    this.placed = [];
    for (const label of inOrder(wanted)) {
      if (label.once && this.labels.includes(label.text)) continue;
      const boxes = typeof label.boxes === "function" ? label.boxes(this.view) : label.boxes;
      const box = board.place(boxes, label);
      if (!box) continue;
      label.paint(this.view, box);
      this.labels.push(label.text);
      this.placed.push({ label, box });
    }
  }

  follow(event) {
    const { map } = this;
    if (!this.view) return; // a zoom before the first layer was decoded
    const scale = map.getZoomScale(event.zoom, this.zoom);
    const at = map._latLngToNewLayerPoint(this.corner, event.zoom, event.center);
    L.DomUtil.setTransform(this.canvas, at, scale);
  }

  // What stands at a point of the map's container, the topmost first; null where nothing does.
  find(point) {
    if (!this.view) return null;
    const pad = this.view.inner;
    const order = ({ traits: { rank } }) => rank.pointed ?? rank.drawn;
    for (const layer of this.layers.toSorted((a, b) => order(a) - order(b)).toReversed()) {
      if (layer.traits.lands) continue; // empty land says nothing of itself
      const i = layer.traits.hit(this.view, layer, point.x + pad.x, point.y + pad.y);
      if (i >= 0) return { layer, i };
    }
    return null;
  }

  point(event) {
    const found = this.find(event.containerPoint);
    if (found) this.open(found.layer, found.i, event.latlng);
  }

  // A point of a feature to point at, [lat, lon].
  placeOf(layer, i) {
    return layer.traits.anchor?.(layer, i) ?? layer.traits.middle(layer, i);
  }

  // Opens a feature's card. Without a place pointed at, the card takes the focus.
  open(layer, i, latlng = null) {
    const at = layer.traits.anchor?.(layer, i) ?? latlng ?? layer.traits.middle(layer, i);
    openCard(this, { layer, i }, { at, content: layer.traits.popup(layer, i), takeFocus: latlng === null });
    this.select({ layer, i });
  }

  // Marks a feature, {layer, i}, and tells who listens; null marks none.
  select(feature) {
    this.selected = feature;
    this.compose({ place: false });
    for (const listener of this.selectListeners) listener(feature);
  }

  onSelect(listener) {
    this.selectListeners.add(listener);
  }

  showHover(event) {
    const found = this.find(event.containerPoint);
    const name = found && found.layer.traits.name?.(found.layer, found.i);
    this.map.getContainer().classList.toggle("rx-pointing", Boolean(name));
    if (!name) {
      this.hover.hidden = true;
      return;
    }
    this.hover.textContent = name;
    this.hover.hidden = false;
    const { x } = this.map.getSize();
    const left = Math.min(event.containerPoint.x + 14, x - this.hover.offsetWidth - 6);
    this.hover.style.transform = `translate(${Math.max(4, left)}px, ${event.containerPoint.y + 16}px)`;
  }

  hideHover() {
    this.hover.hidden = true;
  }
}

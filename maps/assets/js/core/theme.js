// Colours and fonts of the canvas, read from the style sheet, so that it follows light and dark.

const NAMES = [
  "paper", "ink", "muted", "halo", "land-first", "land-second", "land-other", "frontier", "water", "water-ink", "river",
  "road-motorway", "road-trunk", "road-secondary", "road-local", "road-casing", "shield", "shield-ink",
  "shield-major", "shield-major-ink", "border", "border-band", "port", "closed", "site",
  "death", "missing", "injury", "rescue", "smuggling", "select",
  "class-1", "class-2", "class-3", "class-4", "class-5", "class-6", "class-7",
  "route", "reach", "gate-0", "gate-1", "gate-2", "gate-3",
];

export function readTheme(element) {
  const style = getComputedStyle(element);
  const theme = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--rx-${name}`).trim() || "#888"]));
  theme.sans = style.getPropertyValue("--rx-sans").trim() || "sans-serif";
  theme.serif = style.getPropertyValue("--rx-serif").trim() || "serif";
  return theme;
}

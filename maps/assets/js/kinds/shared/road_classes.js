// How each class of road is drawn.

// OSM's classes in the order they are drawn: width at zoom 9.5, the colour's name, and the
// zoom from which the road and its shields are shown.
export const CLASSES = {
  residential: { width: 0.8, colour: "road-local", from: 9.5, shield: 11 },
  unclassified: { width: 0.8, colour: "road-local", from: 9, shield: 11 },
  tertiary: { width: 0.9, colour: "road-local", from: 8.5, shield: 10.5 },
  secondary: { width: 1.1, colour: "road-secondary", from: 0, shield: 9.25 },
  primary: { width: 1.5, colour: "road-trunk", from: 0, shield: 8.25 },
  trunk: { width: 1.9, colour: "road-trunk", from: 0, shield: 7.5 },
  motorway: { width: 2.6, colour: "road-motorway", from: 0, shield: 0 },
};
export const CLASS_ORDER = Object.keys(CLASSES);

// Of several classes, as simplified graphs have them, the highest.
export function roadClass(highway) {
  const listed = String(highway ?? "").split(", ").map((name) => name.replace(/_link$/, ""));
  return CLASS_ORDER.findLast((name) => listed.includes(name)) ?? "unclassified";
}

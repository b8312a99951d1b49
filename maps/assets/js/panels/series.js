// The data series: kinds that have a table and no place on the map, by the `kind` of their payload.
//   columns  of the table, as tabledata.js reads them
//   dates    the column, or the two, that say when a row holds

const SERIES = {
  interceptions: {
    columns: [
      { name: "period", as: "date", heads: true },
      { name: "province", as: "word", groups: ["counted", "province"] },
      { name: "count", as: "count" },
    ],
    dates: ["period"],
  },
  transfers: {
    columns: [
      { name: "to", as: "local", heads: true },
      { name: "count", as: "count" },
      { name: "period_start", as: "date" },
      { name: "period_end", as: "date" },
      { name: "scope", as: "word", groups: ["scope"] },
    ],
    dates: ["period_start", "period_end"],
  },
  policy_events: {
    columns: [
      { name: "date", as: "date" },
      { name: "title", as: "local", heads: true },
      { name: "kind", as: "word", groups: ["policy"] },
      { name: "effect", as: "local", long: true },
    ],
    dates: ["date"],
  },
  encounters: {
    columns: [
      { name: "fiscal_year", as: "text", heads: true },
      { name: "encounters", as: "count" },
      { name: "period", as: "date" },
      { name: "granularity", as: "word", groups: ["granularity"] },
    ],
    dates: ["period"],
  },
};

// A payload may bring its own, as `table`; of neither, a series has all its columns and no dates.
export function seriesOf(layer) {
  return layer.extra.table ?? (Object.hasOwn(SERIES, layer.kind) ? SERIES[layer.kind] : {});
}

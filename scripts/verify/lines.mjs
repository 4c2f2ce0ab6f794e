// Kilometres of lines, counted again from lines.geojson: lengths by geodesics, service by distance, sums by group and region.
import { distanceM } from './geometry.mjs';

/** Positions are written to 7 decimals (11 mm), and lengths to the millimetre. */
const ROUNDING_M = 0.03;
/** A straight line in degrees against the geodesic on segments of at most 5 km. */
const RELATIVE = 1e-6;
/** As for users: nearer to the reach nobody can tell from outside. */
const EDGE = 0.005;

export function linesCheck({ report, lines, sites }, expect) {
  const { rows, pieceM } = report.lines;
  const sums = new Map();
  const siteOf = new Map(sites.map((site) => [site.id, site]));
  const omni = sites.filter(({ azimuths }) => azimuths.length === 0);
  lines.forEach(({ geometry: { coordinates }, properties }, index) => {
    const label = `line ${index}`;
    lengthCheck(label, coordinates, properties.length_m, expect);
    const { served, served_today: today, served_by: by } = properties;
    expect(served === (today || by !== null), () => `${label}: served is ${served}`);
    if (by !== null) coveredCheck(label, coordinates, siteOf.get(by), by, pieceM, expect);
    else uncoveredCheck(label, coordinates, omni, pieceM, expect);
    addUp(sums, properties);
  });
  for (const row of rows) rowCheck(row, sums, expect);
  const isGrouped = lines.some(({ properties }) => properties.group !== null);
  const wanted = [...sums.keys()].filter((key) => isGrouped || JSON.parse(key)[0] === null).length;
  expect(rows.length === wanted, () => `${rows.length} rows, ${wanted} counted`);
  return `${lines.length} stretches, ${rows[0].km} km, ${rows.length} rows`;
}

function lengthCheck(label, coordinates, length, expect) {
  let counted = 0;
  for (let k = 1; k < coordinates.length; k++) {
    const [a, b] = [coordinates[k - 1], coordinates[k]];
    counted += distanceM({ lon: a[0], lat: a[1] }, { lon: b[0], lat: b[1] });
  }
  const tolerance = ROUNDING_M * Math.sqrt(coordinates.length) + RELATIVE * length;
  expect(
    Math.abs(counted - length) <= tolerance,
    () => `${label}: length_m is ${length}, its geodesics sum to ${counted.toFixed(3)}`,
  );
}

/** Every position lies within reach, or in the same piece as a middle that does. */
function coveredCheck(label, coordinates, site, id, pieceM, expect) {
  expect(site !== undefined, () => `${label}: served by ${id}, which is not in the plan`);
  if (site === undefined) return;
  const most = site.reach_m * (1 + EDGE) + pieceM / 2;
  for (const [lon, lat] of coordinates) {
    const distance = distanceM(site, { lon, lat });
    expect(
      distance <= most,
      () => `${label}: ${id} is ${distance.toFixed(1)} m away, reach ${site.reach_m} m`,
    );
  }
}

/** No position lies deep within the reach of a site that radiates all around. */
function uncoveredCheck(label, coordinates, omni, pieceM, expect) {
  for (const site of omni) {
    const least = site.reach_m * (1 - EDGE) - pieceM / 2;
    for (const [lon, lat] of coordinates) {
      if (Math.abs(lat - site.lat) * 110_000 > least) continue;
      const distance = distanceM(site, { lon, lat });
      expect(distance >= least, () => `${label}: not served ${distance.toFixed(1)} m from ${site.id}`);
    }
  }
}

function addUp(
  sums,
  { group, region, length_m: length, served, served_today: today, served_by: by, evidence },
) {
  const mm = Math.round(length * 1000);
  const unknown = evidence === 'unknown' && by === null;
  const places = region === null ? [null] : [null, region];
  for (const place of places) {
    for (const own of [null, group ?? '']) {
      const key = JSON.stringify([own, place]);
      const sum = sums.get(key) ?? { total: 0, today: 0, served: 0, low: 0, unknown: 0 };
      sum.total += mm;
      if (today) sum.today += mm;
      if (served) sum.served += mm;
      if (served && !unknown) sum.low += mm;
      if (unknown) sum.unknown += mm;
      sums.set(key, sum);
    }
  }
}

function rowCheck({ group, region, ...row }, sums, expect) {
  const sum = sums.get(JSON.stringify([group, region]));
  const label = `${group ?? 'all lines'}, ${region ?? 'everywhere'}`;
  expect(sum !== undefined, () => `${label}: no such stretch`);
  if (sum === undefined) return;
  const counted = {
    km: sum.total / 1e6,
    servedTodayKm: sum.today / 1e6,
    servedKm: sum.served / 1e6,
    servedLowKm: sum.low / 1e6,
    servedHighKm: (sum.low + sum.unknown) / 1e6,
  };
  for (const [field, value] of Object.entries(counted)) {
    expect(row[field] === value, () => `${label}: ${field} is ${row[field]}, counted ${value}`);
  }
}

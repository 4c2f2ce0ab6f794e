// Reads what a run wrote. Users become whole thousandths again, so that every sum below is an exact integer.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} dir folder of a finished run */
export function readRun(dir) {
  const read = (name) => JSON.parse(readFileSync(join(dir, name), 'utf8'));
  const report = read('report.json');
  const layer = (name) => (existsSync(join(dir, name)) ? read(name).features : null);
  const periods = report.periods.map((entry) => entry.period);
  return {
    dir,
    report,
    periods,
    sites: layer('sites.geojson').map(toSite),
    demand: layer('demand.geojson').map(toDemand),
    gaps: layer('gaps.geojson').map((feature) => feature.properties),
    regions: layer('regions.geojson'),
    lines: layer('lines.geojson'),
    assignment: report.capacity === undefined ? null : readAssignment(dir, report.capacity.assignment),
    missingFiles: report.files.filter((name) => !existsSync(join(dir, name))),
  };
}

/** Rows of the assignment, split by phase and period; users in thousandths. */
function readAssignment(dir, name) {
  const [header, ...rows] = readFileSync(join(dir, name), 'utf8')
    .split('\r\n')
    .filter(Boolean)
    .map(csvFields);
  if (header.join() !== 'phase,period,demand,site,users')
    throw new Error(`${name}: unknown columns ${header}`);
  const split = new Map();
  for (const [phase, period, demand, site, users] of rows) {
    if (!split.has(phase)) split.set(phase, new Map());
    if (!split.get(phase).has(period)) split.get(phase).set(period, []);
    split
      .get(phase)
      .get(period)
      .push({ demand, site, users: milli(Number(users)) });
  }
  return split;
}

/** RFC 4180, without line breaks inside fields; the apostrophe that keeps text from being a formula is taken off. */
export function csvFields(line) {
  const fields = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    const text = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    fields.push(/^'[=+\-@]/.test(text) ? text.slice(1) : text);
  }
  return fields;
}

function toSite({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  return { lon, lat, ...properties };
}

function toDemand({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const users = Object.fromEntries(
    Object.entries(properties.users).map(([name, value]) => [name, milli(value)]),
  );
  return { lon, lat, ...properties, users };
}

/** Users with up to three decimals as whole thousandths. */
export function milli(users) {
  const value = Math.round(users * 1000);
  if (!Number.isSafeInteger(value) || Math.abs(value / 1000 - users) > 1e-9 * Math.max(1, Math.abs(users))) {
    throw new RangeError(`${users} is not a number of users in thousandths`);
  }
  return value;
}

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
    missingFiles: report.files.filter((name) => !existsSync(join(dir, name))),
  };
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

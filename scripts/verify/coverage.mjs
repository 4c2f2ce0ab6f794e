// Who is covered, served and in which region, from the written files and the geometry alone.
import { distanceM, isInside, outlineDistanceDegrees, roughDistanceM } from './geometry.mjs';
import { carriedOf } from './assignment.mjs';
import { milli } from './read-run.mjs';

/** Pairs this near the reach are the edge: distance formulas differ by less (plane against ellipsoid). */
const EDGE = 0.005;
const BORDER_DEGREES = 1e-6;

export function coverageCheck({ sites, demand, periods }, instance, expect) {
  const siteIds = new Set(sites.map((site) => site.id));
  const covered = demand.map((cell) => new Set(cell.covered_by));
  for (const [i, cell] of demand.entries()) {
    for (const id of cell.covered_by) expect(siteIds.has(id), () => `demand ${i}: unknown site ${id}`);
  }
  if (instance !== null) return instanceCheck(sites, demand, periods, covered, instance, expect);
  let certain = 0;
  let edge = 0;
  let sectored = 0;
  for (const site of sites) {
    const omni = site.azimuths.length === 0;
    for (const [i, cell] of demand.entries()) {
      const rough = roughDistanceM(site, cell);
      // Of several services each has its own threshold, and so its own reach.
      const reach = cell.service === undefined ? site.reach_m : site.service_reach_m[cell.service];
      const near = Math.abs(rough - reach) < 0.02 * reach + 10;
      const distance = near ? distanceM(site, cell) : rough;
      const flagged = covered[i].has(site.id);
      if (distance > reach * (1 + EDGE)) {
        expect(
          !flagged,
          () => `${site.id} covers demand ${i} (${cell.id}) at ${distance.toFixed(1)} m, reach ${reach} m`,
        );
        certain++;
      } else if (!omni) sectored++;
      else if (distance < reach * (1 - EDGE)) {
        expect(
          flagged,
          () =>
            `${site.id} should cover demand ${i} (${cell.id}) at ${distance.toFixed(1)} m, reach ${reach} m`,
        );
        certain++;
      } else edge++;
    }
  }
  const taken =
    sectored > 0 ? `, ${sectored} within a sectored site taken from the file (give --instance)` : '';
  return `${certain} pairs decided by geodesic distance, ${edge} within ${EDGE * 100} % of the reach${taken}`;
}

function instanceCheck(sites, demand, periods, covered, instance, expect) {
  const coversOf = new Map(instance.sites.map((site) => [site.id, new Set(site.covers)]));
  for (const period of periods) {
    const users = instance.demand[period] ?? [];
    expect(
      users.length === demand.length,
      () => `instance has ${users.length} demand points in ${period}, the layer ${demand.length}`,
    );
    demand.forEach((cell, i) => {
      expect(
        milli(users[i] ?? 0) === cell.users[period],
        () => `demand ${i}: users in ${period} differ from the instance`,
      );
    });
  }
  for (const site of sites) {
    const covers = coversOf.get(site.id);
    expect(covers !== undefined, () => `${site.id} is not in the instance`);
    demand.forEach((_, i) => {
      expect(
        covered[i].has(site.id) === (covers?.has(i) ?? false),
        () => `${site.id}, demand ${i}: layer and instance disagree`,
      );
    });
  }
  return `${sites.length} sites x ${demand.length} demand points equal the instance`;
}

export function servedCheck(run, expect) {
  const { demand, periods } = run;
  if (run.assignment !== null) return assignedServedCheck(run, expect);
  for (const [i, cell] of demand.entries()) {
    for (const period of periods) {
      const served = cell.served_today[period] || cell.covered_by.length > 0;
      expect(
        cell.served[period] === served,
        () => `demand ${i} (${cell.id}): served in ${period} should be ${served}`,
      );
    }
  }
  return `${demand.length} x ${periods.length}`;
}

function assignedServedCheck(run, expect) {
  const last = run.report.phases.at(-1).name;
  for (const period of run.periods) {
    const carried = carriedOf(run, last, period);
    for (const [i, cell] of run.demand.entries()) {
      const { today, fresh } = carried(cell);
      const served = today + fresh;
      expect(
        milli(cell.users_served[period]) === served &&
          cell.served[period] === (served === cell.users[period]),
        () => `demand ${i} (${cell.id}): users served in ${period} should be ${served / 1000}`,
      );
    }
  }
  return `${run.demand.length} x ${run.periods.length} by assignment`;
}

export function regionCheck({ demand, regions, report }, expect) {
  if (regions === null || report.scenario.demand.regionProperty !== undefined) return 'no region polygons';
  const outlines = regions.map((feature) => ({
    name: feature.properties.name,
    polygons: feature.geometry.coordinates,
    box: boxOf(feature.geometry.coordinates),
  }));
  let border = 0;
  for (const [i, cell] of demand.entries()) {
    const holding = outlines
      .filter(({ box, polygons }) => inBox(cell, box) && isInside(cell, polygons))
      .map(({ name }) => name);
    const same = holding.length === 0 ? cell.region === null : holding.includes(cell.region);
    if (same) continue;
    const nearest = Math.min(...outlines.map(({ polygons }) => outlineDistanceDegrees(cell, polygons)));
    if (nearest < BORDER_DEGREES) border++;
    else
      expect(
        false,
        () => `demand ${i} (${cell.id}): region ${cell.region}, its centre lies in ${holding[0] ?? 'none'}`,
      );
  }
  return `${outlines.length} regions, ${border} points on a border`;
}

function boxOf(polygons) {
  const corners = polygons.flat(2);
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [least(lons), least(lats), most(lons), most(lats)];
}

function inBox({ lon, lat }, [west, south, east, north]) {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

// The checks of `npm run verify`: everything is counted again from the written files alone.
import { distanceM, isInside, outlineDistanceDegrees, roughDistanceM } from './geometry.mjs';
import { assignmentCheck, carriedOf, loadCheck } from './assignment.mjs';
import { milli } from './read-run.mjs';
import { isMet, needed, shareDown } from './shares.mjs';

/** Pairs this near the reach are the edge: distance formulas differ by less (plane against ellipsoid). */
const EDGE = 0.005;
const BORDER_DEGREES = 1e-6;
const EVIDENCE = ['measured', 'predicted', 'interpolated', 'unknown'];

/**
 * @param {ReturnType<import('./read-run.mjs').readRun>} run
 * @param {{ sites: { id: string, covers: number[] }[], demand: Record<string, number[]> } | null} instance
 * @returns {{ name: string, detail: string, failures: string[] }[]}
 */
export function checkRun(run, instance) {
  const rows = [];
  const check = (name, body) => {
    const failures = [];
    let detail = '';
    try {
      detail = body((condition, message) => condition || failures.push(message())) ?? '';
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    rows.push({ name, detail, failures });
  };
  check('files named by report.json exist', (expect) => filesCheck(run, expect));
  check('who is covered by which site', (expect) => coverageCheck(run, instance, expect));
  if (run.assignment !== null) {
    check('users assigned to covering sites within room', (expect) => assignmentCheck(run, expect));
    check('loads, traffic carried and left over', (expect) => loadCheck(run, expect));
  }
  check('served flags follow from coverage and today', (expect) => servedCheck(run, expect));
  check('regions re-derived from polygons', (expect) => regionCheck(run, expect));
  check('users per period', (expect) => periodCheck(run, expect));
  check('targets of every phase', (expect) => targetCheck(run, expect));
  check('targets of the scenario are all there', (expect) => scenarioCheck(run, expect));
  check('ranks, new users, shares along the building order', (expect) => siteCheck(run, expect));
  check('cost, bound and gap', (expect) => costCheck(run, expect));
  check('spacing between new sites', (expect) => spacingCheck(run, expect));
  check('gaps hold everybody left unserved', (expect) => gapCheck(run, expect));
  return rows;
}

function filesCheck({ report, missingFiles }, expect) {
  expect(
    report.format === 'mastplan-report' && report.version === 1,
    () => 'not a mastplan-report of version 1',
  );
  expect(missingFiles.length === 0, () => `missing: ${missingFiles.join(', ')}`);
  return `${report.files.length} files`;
}

function coverageCheck({ sites, demand, periods }, instance, expect) {
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
      const near = Math.abs(rough - site.reach_m) < 0.02 * site.reach_m + 10;
      const distance = near ? distanceM(site, cell) : rough;
      const flagged = covered[i].has(site.id);
      if (distance > site.reach_m * (1 + EDGE)) {
        expect(
          !flagged,
          () =>
            `${site.id} covers demand ${i} (${cell.id}) at ${distance.toFixed(1)} m, reach ${site.reach_m} m`,
        );
        certain++;
      } else if (!omni) sectored++;
      else if (distance < site.reach_m * (1 - EDGE)) {
        expect(
          flagged,
          () =>
            `${site.id} should cover demand ${i} (${cell.id}) at ${distance.toFixed(1)} m, reach ${site.reach_m} m`,
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

function servedCheck(run, expect) {
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

function regionCheck({ demand, regions, report }, expect) {
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

/** Users of a scope with the sites of `standing` built, as the phase serves them. */
function count(run, period, region, standing, phase = run.report.phases.at(-1)?.name) {
  const { demand } = run;
  const carried = run.assignment === null ? null : carriedOf(run, phase, period);
  const sums = { total: 0, today: 0, served: 0, servedUnknown: 0, evidence: {}, evidenceToday: {} };
  for (const name of EVIDENCE) sums.evidence[name] = sums.evidenceToday[name] = 0;
  for (const cell of demand) {
    if (region !== null && cell.region !== region) continue;
    const users = cell.users[period];
    const today = cell.served_today[period];
    const kind = cell.evidence[period];
    const planned = cell.covered_by.some((id) => standing.has(id));
    sums.total += users;
    sums.evidenceToday[kind] += users;
    if (carried !== null) {
      addCarried(sums, kind, today, planned, users, carried(cell));
      continue;
    }
    if (today) sums.today += users;
    if (today || planned) sums.served += users;
    if (today && kind === 'unknown' && !planned) sums.servedUnknown += users;
    sums.evidence[planned && (!today || kind === 'unknown') ? 'predicted' : kind] += users;
  }
  return sums;
}

function addCarried(sums, kind, today, planned, users, carried) {
  const unknown = kind === 'unknown';
  sums.today += carried.today;
  sums.served += carried.today + carried.fresh;
  if (unknown && !planned) sums.servedUnknown += carried.today;
  const moved = (!today || unknown ? carried.fresh : 0) + (unknown && planned ? carried.today : 0);
  sums.evidence[kind] += users - moved;
  sums.evidence.predicted += moved;
}

function compareScope(label, written, sums, expect) {
  const equal = (field, value) =>
    expect(
      milli(written[field]) === value,
      () => `${label}: ${field} is ${written[field]}, counted ${value / 1000}`,
    );
  const equalShare = (field, part) =>
    expect(
      written[field] === shareDown(part, sums.total),
      () => `${label}: ${field} is ${written[field]}, counted ${shareDown(part, sums.total)}`,
    );
  equal('users', sums.total);
  equal('usersServedToday', sums.today);
  equal('usersServed', sums.served);
  equalShare('shareToday', sums.today);
  equalShare('reached', sums.served);
  equalShare('shareLow', sums.served - sums.servedUnknown);
  equalShare('shareHigh', sums.served - sums.servedUnknown + sums.evidence.unknown);
  for (const name of EVIDENCE) {
    expect(
      milli(written.evidence[name]) === sums.evidence[name],
      () => `${label}: evidence ${name} is ${written.evidence[name]}, counted ${sums.evidence[name] / 1000}`,
    );
    expect(
      milli(written.evidenceToday[name]) === sums.evidenceToday[name],
      () =>
        `${label}: evidence today ${name} is ${written.evidenceToday[name]}, counted ${sums.evidenceToday[name] / 1000}`,
    );
  }
}

function periodCheck(run, expect) {
  const standing = new Set(run.sites.map((site) => site.id));
  for (const written of run.report.periods) {
    compareScope(written.period, written, count(run, written.period, null, standing), expect);
  }
  return `${run.report.periods.length} periods`;
}

function targetCheck(run, expect) {
  let rows = 0;
  for (const phase of run.report.phases) {
    const standing = new Set(phase.sites);
    for (const target of phase.targets) {
      const label = `${phase.name}: ${target.region ?? 'all users'}, ${target.period}`;
      const sums = count(run, target.period, target.region, standing, phase.name);
      compareScope(label, target, sums, expect);
      const need = needed(target.required, sums.total);
      const met = isMet(target.required, sums.served, sums.total);
      expect(
        milli(target.usersNeeded) === need,
        () => `${label}: usersNeeded is ${target.usersNeeded}, counted ${need / 1000}`,
      );
      expect(target.met === met, () => `${label}: met is ${target.met}, counted ${met}`);
      const short = Math.max(0, need - sums.served);
      expect(
        milli(target.usersShort) === short,
        () => `${label}: usersShort is ${target.usersShort}, counted ${short / 1000}`,
      );
      rows++;
    }
  }
  const last = run.report.phases.at(-1);
  if (last !== undefined) {
    const all = last.targets.every((target) => target.met);
    expect(
      run.report.feasible === all,
      () => `feasible is ${run.report.feasible}, but the last phase says ${all}`,
    );
  }
  return `${rows} targets tested in integers`;
}

function scenarioCheck({ report, regions, periods }, expect) {
  const list = report.scenario.phases?.list ?? [];
  let asked = 0;
  list.forEach((phase, index) => {
    for (const target of phase.targets) {
      const names =
        target.regions === 'each'
          ? (regions ?? []).map((feature) => feature.properties.name)
          : target.regions;
      for (const region of names ?? [null]) {
        for (const period of target.period === undefined ? periods : [target.period]) {
          asked++;
          report.phases.slice(index).forEach((written) => {
            const found = written.targets.some(
              (row) =>
                row.region === region && row.period === period && row.required === Number(target.share),
            );
            expect(
              found,
              () => `${written.name}: no row for ${region ?? 'all users'}, ${period}, ${target.share}`,
            );
          });
        }
      }
    }
  });
  return `${asked} asked for`;
}

function siteCheck(run, expect) {
  const { sites, demand, periods, report } = run;
  expect(
    report.sites.length === sites.length,
    () => `report.json lists ${report.sites.length} sites, the layer ${sites.length}`,
  );
  const totals = Object.fromEntries(periods.map((period) => [period, count(run, period, null, new Set())]));
  const served = Object.fromEntries(periods.map((period) => [period, totals[period].today]));
  const built = new Set();
  const rowsOf = run.assignment?.get(report.phases.at(-1).name);
  const cellOf = new Map(demand.map((cell) => [cell.id, cell]));
  sites.forEach((site, order) => {
    expect(
      site.rank === order + 1 && report.sites[order]?.id === site.id,
      () => `${site.id}: rank or order differs from report.json`,
    );
    expect(!built.has(site.id), () => `${site.id} is built twice`);
    for (const period of periods) {
      let added = 0;
      let alone = 0;
      for (const { demand: id, site: own, users } of rowsOf?.get(period) ?? []) {
        if (own !== site.id) continue;
        const cell = cellOf.get(id);
        added += users;
        if (cell.covered_by.length === 1 && !cell.served_today[period]) alone += users;
      }
      for (const cell of run.assignment === null ? demand : []) {
        if (cell.served_today[period] || !cell.covered_by.includes(site.id)) continue;
        if (!cell.covered_by.some((id) => built.has(id))) added += cell.users[period];
        if (cell.covered_by.length === 1) alone += cell.users[period];
      }
      served[period] += added;
      const share = shareDown(served[period], totals[period].total);
      expect(
        milli(site.new_users[period]) === added,
        () => `${site.id}: new_users in ${period} is ${site.new_users[period]}, counted ${added / 1000}`,
      );
      expect(
        milli(site.served_alone[period]) === alone,
        () =>
          `${site.id}: served_alone in ${period} is ${site.served_alone[period]}, counted ${alone / 1000}`,
      );
      expect(
        site.share_after[period] === share,
        () => `${site.id}: share_after in ${period} is ${site.share_after[period]}, counted ${share}`,
      );
    }
    built.add(site.id);
  });
  return `${sites.length} sites`;
}

function costCheck({ report, sites }, expect) {
  const costOf = new Map(sites.map((site) => [site.id, site.cost]));
  const close = (a, b) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
  const gapOf = (cost, bound) => (cost === 0 ? 0 : (cost - bound) / cost);
  let previous = 0;
  for (const phase of report.phases) {
    const cost = phase.sites.reduce((sum, id) => sum + (costOf.get(id) ?? NaN), 0);
    expect(close(phase.cost, cost), () => `${phase.name}: cost ${phase.cost}, sites cost ${cost}`);
    expect(phase.sites.length >= previous, () => `${phase.name}: fewer sites than the phase before`);
    expect(
      phase.sites.every((id, order) => sites[order]?.id === id),
      () => `${phase.name}: not the first sites of the building order`,
    );
    previous = phase.sites.length;
    if (!phase.targets.every((target) => target.met)) continue;
    expect(
      phase.lowerBound <= phase.cost + 1e-6,
      () => `${phase.name}: bound ${phase.lowerBound} above cost ${phase.cost}`,
    );
    expect(phase.nestedLowerBound <= phase.cost + 1e-6, () => `${phase.name}: nested bound above cost`);
    expect(
      close(phase.gap, gapOf(phase.cost, phase.lowerBound)),
      () => `${phase.name}: gap ${phase.gap} is not (cost - bound) / cost`,
    );
  }
  const last = report.phases.at(-1);
  if (last !== undefined) {
    expect(
      close(report.cost, last.cost) && report.lowerBound === last.lowerBound,
      () => 'top-level cost or bound differs from the last phase',
    );
    expect(last.sites.length === sites.length, () => 'the last phase does not hold every site');
  }
  const { budget } = report;
  if (report.status === 'optimal') {
    expect(
      budget === null ? close(report.cost, report.lowerBound) : budget.usersCovered === budget.upperBound,
      () => 'status is optimal, but the bound does not meet the plan',
    );
  }
  if (budget !== null) {
    expect(
      budget.sites === null || sites.length <= budget.sites,
      () => `${sites.length} sites exceed the budget of ${budget.sites}`,
    );
    expect(
      budget.cost === null || report.cost <= budget.cost + 1e-6,
      () => `cost ${report.cost} exceeds the budget of ${budget.cost}`,
    );
    expect(budget.usersCovered <= budget.upperBound, () => 'more users covered than the proven most');
  }
  return budget === null
    ? `cost ${report.cost}, bound ${report.lowerBound}`
    : `cost ${report.cost} within the budget`;
}

function spacingCheck({ report, sites }, expect) {
  const spacing = report.minSpacingM;
  if (spacing === null) return 'none asked for';
  for (let a = 0; a < sites.length; a++) {
    for (let b = a + 1; b < sites.length; b++) {
      if (roughDistanceM(sites[a], sites[b]) > 1.02 * spacing) continue;
      const distance = distanceM(sites[a], sites[b]);
      expect(
        distance >= spacing * 0.999,
        () =>
          `${sites[a].id} and ${sites[b].id} are ${distance.toFixed(1)} m apart, at least ${spacing} m asked for`,
      );
    }
  }
  return `at least ${spacing} m`;
}

function gapCheck(run, expect) {
  const standing = new Set(run.sites.map((site) => site.id));
  for (const period of run.periods) {
    const sums = count(run, period, null, standing);
    const left = run.gaps.reduce((sum, gap) => sum + milli(gap.users[period]), 0);
    expect(
      left === sums.total - sums.served,
      () => `${period}: gaps hold ${left / 1000} users, ${(sums.total - sums.served) / 1000} are left`,
    );
  }
  return `${run.gaps.length} gaps`;
}

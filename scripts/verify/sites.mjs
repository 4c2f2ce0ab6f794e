// Sites in building order, what they cost and how far apart they stand.
import { distanceM, roughDistanceM } from './geometry.mjs';
import { milli } from './read-run.mjs';
import { count } from './scope.mjs';
import { shareDown } from './shares.mjs';

export function siteCheck(run, expect) {
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

export function costCheck({ report, sites }, expect) {
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

export function spacingCheck({ report, sites }, expect) {
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

// Periods, targets and gaps of the report.
import { milli } from './read-run.mjs';
import { compareScope, count, countBackup } from './scope.mjs';
import { isMet, needed } from './shares.mjs';

export function periodCheck(run, expect) {
  const standing = new Set(run.sites.map((site) => site.id));
  for (const written of run.report.periods) {
    compareScope(written.period, written, count(run, written.period, null, standing), expect);
  }
  return `${run.report.periods.length} periods`;
}

export function targetCheck(run, expect) {
  let rows = 0;
  for (const phase of run.report.phases) {
    const standing = new Set(phase.sites);
    for (const target of phase.targets) {
      const what = target.service === undefined ? '' : `, ${target.service}`;
      const label = `${phase.name}: ${target.region ?? 'all users'}${what}, ${target.period}`;
      const sums =
        target.backup === undefined
          ? count(run, target.period, target.region, standing, phase.name, target.service)
          : countBackup(run, target.period, target.region, standing, target.backup, target.service);
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

export function scenarioCheck({ report, regions, periods }, expect) {
  const list = report.scenario.phases?.list ?? [];
  let asked = 0;
  list.forEach((phase, index) => {
    for (const target of phase.targets) {
      const names =
        target.regions === 'each'
          ? (regions ?? []).map((feature) => feature.properties.name)
          : target.regions;
      const rows = (names ?? [null]).flatMap((region) =>
        servicesOf(target, report.scenario).map((service) => ({ region, service })),
      );
      for (const { region, service } of rows) {
        for (const period of target.period === undefined ? periods : [target.period]) {
          asked++;
          report.phases.slice(index).forEach((written) => {
            const found = written.targets.some(
              (row) =>
                row.region === region &&
                row.service === service &&
                row.period === period &&
                row.required === Number(target.share) &&
                row.backup === target.backup,
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

/** Services a target names, each by itself; undefined = all users. */
function servicesOf({ service }, { services }) {
  if (service === 'each') return services.map(({ name }) => name);
  return Array.isArray(service) ? service : [service];
}

export function gapCheck(run, expect) {
  const standing = new Set(run.sites.map((site) => site.id));
  for (const period of run.periods) {
    const sums = count(run, period, null, standing);
    const left = run.gaps.reduce((sum, gap) => sum + milli(gap.users[period]), 0);
    for (const { name } of run.report.scenario.services ?? []) {
      const own = count(run, period, null, standing, run.report.phases.at(-1)?.name, name);
      const ofService = run.gaps.reduce((sum, gap) => sum + milli(gap[`left_${name}`][period]), 0);
      expect(
        ofService === own.total - own.served,
        () =>
          `${period}: gaps hold ${ofService / 1000} users of ${name}, ${(own.total - own.served) / 1000} are left`,
      );
    }
    expect(
      left === sums.total - sums.served,
      () => `${period}: gaps hold ${left / 1000} users, ${(sums.total - sums.served) / 1000} are left`,
    );
  }
  return `${run.gaps.length} gaps`;
}

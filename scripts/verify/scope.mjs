// Users of one period and region, counted from the layers and compared with what the report says of them.
import { carriedOf } from './assignment.mjs';
import { milli } from './read-run.mjs';
import { shareDown } from './shares.mjs';

const EVIDENCE = ['measured', 'predicted', 'interpolated', 'unknown'];

/** Users of a scope (of one service, or of all) with the sites of `standing` built, as the phase serves them. */
export function count(
  run,
  period,
  region,
  standing,
  phase = run.report.phases.at(-1)?.name,
  service = undefined,
) {
  const { demand } = run;
  const carried = run.assignment === null ? null : carriedOf(run, phase, period);
  const sums = { total: 0, today: 0, served: 0, servedUnknown: 0, evidence: {}, evidenceToday: {} };
  for (const name of EVIDENCE) sums.evidence[name] = sums.evidenceToday[name] = 0;
  for (const cell of demand) {
    if (isOutside(cell, region, service)) continue;
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

/** Elsewhere than the region (null = everywhere), or of another service (undefined = any). */
function isOutside(cell, region, service) {
  return (region !== null && cell.region !== region) || (service !== undefined && cell.service !== service);
}

/** Users whom `backup` sites cover, today's network being one; who hangs on a network nothing is known of stays unknown. */
export function countBackup(run, period, region, standing, backup, service) {
  const sums = { total: 0, today: 0, served: 0, servedUnknown: 0, evidence: {}, evidenceToday: {} };
  for (const name of EVIDENCE) sums.evidence[name] = sums.evidenceToday[name] = 0;
  for (const cell of run.demand) {
    if (isOutside(cell, region, service)) continue;
    const users = cell.users[period];
    const kind = cell.evidence[period];
    const built = cell.covered_by.filter((id) => standing.has(id)).length;
    const served = built + (cell.served_today[period] ? 1 : 0) >= backup;
    const open = kind === 'unknown' && built === backup - 1;
    sums.total += users;
    sums.evidenceToday[kind] += users;
    if (served) sums.served += users;
    if (served && open) sums.servedUnknown += users;
    sums.evidence[!open && (built >= backup || kind === 'unknown') ? 'predicted' : kind] += users;
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

export function compareScope(label, written, sums, expect) {
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

// The finished plan on further periods: every share counted again from evaluation.csv, the sites and the scenario.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coverageCheck, regionCheck } from './coverage.mjs';
import { csvFields, milli } from './read-run.mjs';
import { isMet, shareDown } from './shares.mjs';

const EVIDENCE = { m: 'measured', p: 'predicted', i: 'interpolated', u: 'unknown' };
const FIXED = ['id', 'lon', 'lat', 'cell_m', 'region', 'service', 'covered_by', 'served_today', 'evidence'];

/** The evaluated users, place by place; null where the run evaluated nothing. */
export function readEvaluation(dir, report) {
  if (report.evaluation === undefined) return null;
  const { table, periods } = report.evaluation;
  const [header, ...rows] = readFileSync(join(dir, table), 'utf8')
    .split('\r\n')
    .filter(Boolean)
    .map(csvFields);
  const names = header.filter((name) => !name.startsWith('users_'));
  const own = FIXED.filter((name) => name !== 'service' || report.scenario.services !== undefined);
  if (names.join() !== own.join() || header.length !== names.length + periods.length)
    throw new Error(`${table}: unknown columns ${header}`);
  const idOfRank = new Map(report.sites.map(({ id, rank }) => [rank, id]));
  return rows.map((fields) => {
    const cell = Object.fromEntries(names.map((name, column) => [name, fields[column]]));
    const each = (text, read) =>
      Object.fromEntries(
        periods.map((name, period) => [name, read(text.length === 1 ? text : text[period])]),
      );
    return {
      ...cell,
      lon: Number(cell.lon),
      lat: Number(cell.lat),
      region: cell.region === '' ? null : cell.region,
      covered_by: cell.covered_by
        .split(' ')
        .filter(Boolean)
        .map((rank) => idOfRank.get(Number(rank))),
      served_today: each(cell.served_today, (digit) => digit === '1'),
      evidence: each(cell.evidence, (letter) => EVIDENCE[letter]),
      users: Object.fromEntries(
        periods.map((name, period) => [name, milli(Number(fields[names.length + period]))]),
      ),
    };
  });
}

/** Who the sites of the plan cover, by geometry; and the same place in demand.geojson says the same. */
export function evaluatedCoverageCheck({ sites, demand, evaluated, regions, report, assignment }, expect) {
  const detail = coverageCheck({ sites, demand: evaluated, periods: [] }, null, expect);
  const regional = regionCheck({ demand: evaluated, regions, report }, expect);
  const keyOf = ({ lon, lat, service = '' }) => `${lon} ${lat} ${service}`;
  const planned = new Map(demand.map((cell) => [keyOf(cell), cell]));
  let same = 0;
  for (const cell of evaluated) {
    const other = planned.get(keyOf(cell));
    if (other === undefined) continue;
    same++;
    const ids = [...other.covered_by].sort().join();
    expect(
      [...cell.covered_by].sort().join() === ids,
      () => `${cell.id}: covered by ${cell.covered_by}, ${ids} in demand.geojson`,
    );
    for (const period of Object.keys(other.served_today)) {
      if (assignment !== null || cell.served_today[period] === undefined) continue;
      expect(
        cell.served_today[period] === other.served_today[period],
        () => `${cell.id}: served today in ${period} differs from demand.geojson`,
      );
    }
  }
  return `${detail}; ${regional}; ${same} places as in demand.geojson`;
}

export function evaluationCheck({ report, evaluated, assignment }, expect) {
  const { evaluation } = report;
  expect(
    evaluation.bySignalAlone === (assignment !== null),
    () => `bySignalAlone is ${evaluation.bySignalAlone}`,
  );
  const rankOf = new Map(report.sites.map(({ id, rank }) => [id, rank]));
  let rows = 0;
  const lists = report.phases.length === 0 ? [null] : report.phases;
  expect(
    evaluation.cells === evaluated.length,
    () => `cells is ${evaluation.cells}, ${evaluated.length} rows`,
  );
  expect(evaluation.phases.length === lists.length, () => `${evaluation.phases.length} phases evaluated`);
  lists.forEach((phase, index) => {
    const written = evaluation.phases[index];
    const standing = new Set(phase?.sites ?? rankOf.keys());
    const asked = (report.scenario.phases?.list ?? []).slice(0, index + 1).flatMap(({ targets }) => targets);
    const seen = [];
    for (const scope of written.scopes) {
      expect(
        scope.periods.map(({ period }) => period).join() === evaluation.periods.join(),
        () => `${written.name}: periods of ${scope.region ?? 'all users'} are not those evaluated`,
      );
      for (const row of scope.periods) {
        const label = `${written.name}: ${scope.region ?? 'all users'}, ${row.period}`;
        compareRow(label, row, countRow(evaluated, scope, row.period, standing), expect);
        compareRequired(label, row, requiredShare(asked, scope, row.period), expect);
        seen.push({ scope, row });
        rows++;
      }
    }
    const missed = seen.filter(({ row }) => row.met === false).length;
    expect(
      written.missed === missed,
      () => `${written.name}: missed is ${written.missed}, counted ${missed}`,
    );
    worstCheck(written, seen, expect);
    scopesCheck(written, asked, report, evaluated, expect);
  });
  const last = evaluation.phases.at(-1);
  expect(evaluation.met === (last.missed === 0), () => `met is ${evaluation.met}, ${last.missed} are missed`);
  expect(
    JSON.stringify(evaluation.worst) === JSON.stringify(last.worst),
    () => 'worst is not that of the last phase',
  );
  return `${rows} shares of ${evaluation.periods.length} periods, ${last.missed} missed`;
}

function countRow(cells, { region, service, backup = 1 }, period, standing) {
  const sums = { total: 0, today: 0, served: 0, servedUnknown: 0, unknown: 0 };
  for (const cell of cells) {
    if (region !== null && cell.region !== region) continue;
    if (service !== undefined && cell.service !== service) continue;
    const users = cell.users[period];
    const built = cell.covered_by.filter((id) => standing.has(id)).length;
    const today = cell.served_today[period];
    const open = cell.evidence[period] === 'unknown' && built === backup - 1;
    const served = built + (today ? 1 : 0) >= backup;
    sums.total += users;
    if (today && backup === 1) sums.today += users;
    if (served) sums.served += users;
    if (served && open) sums.servedUnknown += users;
    if (open) sums.unknown += users;
  }
  return sums;
}

function compareRow(label, row, { total, today, served, servedUnknown, unknown }, expect) {
  const low = served - servedUnknown;
  const counted = {
    users: total / 1000,
    usersServedToday: today / 1000,
    usersServed: served / 1000,
    shareToday: shareDown(today, total),
    reached: shareDown(served, total),
    shareLow: shareDown(low, total),
    shareHigh: shareDown(low + unknown, total),
    met: row.required === null ? null : isMet(row.required, served, total),
  };
  for (const [field, value] of Object.entries(counted)) {
    expect(row[field] === value, () => `${label}: ${field} is ${row[field]}, counted ${value}`);
  }
}

/** Targets that speak of a scope in a period: the largest share; null = none does. */
function requiredShare(asked, scope, period) {
  const shares = asked
    .filter((target) => isAskedOf(target, scope) && (target.period ?? period) === period)
    .map(({ share }) => Number(share));
  return shares.length === 0 ? null : Math.max(...shares);
}

function isAskedOf({ regions, service, backup }, scope) {
  const named = regions === undefined ? scope.region === null : scope.region !== null;
  const there = !Array.isArray(regions) || regions.includes(scope.region);
  const wanted =
    service === undefined
      ? scope.service === undefined
      : scope.service !== undefined && (service === 'each' || [service].flat().includes(scope.service));
  return named && there && wanted && backup === scope.backup;
}

function compareRequired(label, row, share, expect) {
  expect(row.required === share, () => `${label}: required is ${row.required}, the scenario says ${share}`);
}

/** No row is nearer to what is required of it, or farther below, than the one called worst. */
function worstCheck(written, seen, expect) {
  const margin = (row) => (row.users === 0 ? 1 : row.usersServed / row.users) - (row.required ?? 0);
  const judged = seen.filter(({ row }) => row.required !== null);
  const pool = judged.length === 0 ? seen : judged;
  const least = pool.reduce((low, { row }) => Math.min(low, margin(row)), Infinity);
  expect(
    Math.abs(margin(written.worst) - least) < 1e-12,
    () =>
      `${written.name}: worst is ${written.worst.region ?? 'all users'} in ${written.worst.period}, another is worse`,
  );
}

/** Nobody whom a target speaks of is left out. */
function scopesCheck(written, asked, report, evaluated, expect) {
  const regionNames = new Set(evaluated.map(({ region }) => region).filter((name) => name !== null));
  for (const target of asked) {
    const regions = target.regions === 'each' ? regionNames : (target.regions ?? [null]);
    for (const region of regions) {
      const there = written.scopes.some((scope) => scope.region === region && isAskedOf(target, scope));
      expect(there, () => `${written.name}: ${region ?? 'all users'} are not evaluated`);
    }
  }
}

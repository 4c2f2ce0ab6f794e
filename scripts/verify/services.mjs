// Users of several services: how the users of a point are split, what follows from the thresholds, and sums by service.
import { carriedOf } from './assignment.mjs';
import { milli } from './read-run.mjs';
import { statedRate, valueIn } from './rates.mjs';
import { compareScope, count } from './scope.mjs';
import { fraction } from './shares.mjs';

const UNITS_PER_MBPS = 1e9;
/** Traffic is written to 1 bit/s. */
const ROUNDING = 1e-6;

/** Rows of one point, by service. */
function pointsOf({ demand, report }, expect) {
  const names = report.scenario.services.map(({ name }) => name);
  const points = new Map();
  for (const cell of demand) {
    const known = names.includes(cell.service) && cell.id.endsWith(`/${cell.service}`);
    expect(known, () => `${cell.id}: wants "${cell.service}", which is no service of the scenario`);
    const id = cell.id.slice(0, cell.id.lastIndexOf('/'));
    if (!points.has(id)) points.set(id, new Map());
    const rows = points.get(id);
    expect(!rows.has(cell.service), () => `${cell.id} is there twice`);
    rows.set(cell.service, cell);
  }
  return points;
}

/** Every service has the users that its share gives: floors, what is left to the largest remainders, the first of equals. */
export function splitCheck(run, expect) {
  const { services } = run.report.scenario;
  const points = pointsOf(run, expect);
  for (const period of run.periods) {
    const shares = services.map(({ share }) => fraction(valueIn(share, period)));
    for (const [id, rows] of points) {
      const own = services.map(({ name }) => rows.get(name)?.users[period] ?? 0);
      const total = BigInt(own.reduce((sum, users) => sum + users, 0));
      const wanted = shares.map(([p, q]) => (total * p) / q);
      const order = shares
        .map(([p, q], k) => ({ k, rest: Number((1_000_000n * ((total * p) % q)) / q) }))
        .sort((a, b) => b.rest - a.rest || a.k - b.k);
      const left = Number(total - wanted.reduce((sum, users) => sum + users, 0n));
      for (const { k } of order.slice(0, left)) wanted[k]++;
      services.forEach(({ name }, k) => {
        expect(
          BigInt(own[k]) === wanted[k],
          () =>
            `${id}: ${own[k] / 1000} users of ${name} in ${period}, its share gives ${Number(wanted[k]) / 1000}`,
        );
      });
    }
  }
  return `${points.size} points, ${services.length} services`;
}

/** Whoever is served from a stricter threshold on is served from a laxer one on too. */
export function thresholdCheck(run, expect) {
  const services = [...run.report.scenario.services].sort((a, b) => a.rsrpDbm - b.rsrpDbm);
  let pairs = 0;
  for (const rows of pointsOf(run, () => true).values()) {
    for (let k = 1; k < services.length; k++) {
      const lax = rows.get(services[k - 1].name);
      const strict = rows.get(services[k].name);
      if (lax === undefined || strict === undefined) continue;
      pairs++;
      const covers = strict.covered_by.every((id) => lax.covered_by.includes(id));
      const served = run.periods.every((period) => !strict.served_today[period] || lax.served_today[period]);
      const isEqual = services[k - 1].rsrpDbm === services[k].rsrpDbm;
      const alike =
        !isEqual ||
        (lax.covered_by.length === strict.covered_by.length &&
          run.periods.every((period) => strict.served_today[period] === lax.served_today[period]));
      expect(covers && served && alike, () => `${strict.id} is served where ${lax.id} is not`);
    }
  }
  for (const site of run.sites) {
    for (let k = 1; k < services.length; k++) {
      const reach = (index) => site.service_reach_m[services[index].name];
      expect(
        reach(k) <= reach(k - 1),
        () => `${site.id}: ${services[k].name} reaches farther than a laxer service`,
      );
    }
  }
  return `${pairs} pairs of rows at one point`;
}

/** Users and traffic by service, from the layers alone. */
export function serviceCheck(run, expect) {
  const { report } = run;
  const standing = new Set(run.sites.map((site) => site.id));
  const last = report.phases.at(-1)?.name;
  expect(
    JSON.stringify(report.services.map(({ name, rsrpDbm }) => [name, rsrpDbm])) ===
      JSON.stringify(report.scenario.services.map(({ name, rsrpDbm }) => [name, rsrpDbm])),
    () => 'names or thresholds differ from those of the scenario',
  );
  for (const { name, periods } of report.services) {
    for (const written of periods) {
      const { period } = written;
      const label = `${name}, ${period}`;
      compareScope(label, written, count(run, period, null, standing, last, name), expect);
      const sums = sumService(run, name, period, last);
      const equal = (key, value) =>
        expect(
          milli(written[key]) === value,
          () => `${label}: ${key} is ${written[key]}, counted ${value / 1000}`,
        );
      equal('usersNoRoom', sums.noRoomUsers);
      equal('usersNoSignal', sums.noSignalUsers);
      for (const key of Object.keys(written.traffic ?? {})) {
        const counted = sums[key] / UNITS_PER_MBPS;
        expect(
          Math.abs(written.traffic[key] - counted) <= ROUNDING,
          () => `${label}: ${key} is ${written.traffic[key]}, counted ${counted}`,
        );
      }
    }
  }
  return `${report.services.length} services x ${run.periods.length} periods`;
}

function sumService(run, name, period, phase) {
  const sums = {
    offeredMbps: 0,
    carriedMbps: 0,
    noRoomMbps: 0,
    noSignalMbps: 0,
    noRoomUsers: 0,
    noSignalUsers: 0,
  };
  const rate = statedRate(run.report.scenario, name, period);
  const carried = run.assignment === null ? null : carriedOf(run, phase, period);
  for (const cell of run.demand) {
    if (cell.service !== name) continue;
    const users = cell.users[period];
    const isCovered = cell.served_today[period] || cell.covered_by.length > 0;
    const { today, fresh } = carried?.(cell) ?? { today: isCovered ? users : 0, fresh: 0 };
    const left = users - today - fresh;
    sums.offeredMbps += users * rate;
    sums.carriedMbps += (today + fresh) * rate;
    sums[isCovered ? 'noRoomMbps' : 'noSignalMbps'] += left * rate;
    sums[isCovered ? 'noRoomUsers' : 'noSignalUsers'] += left;
  }
  return sums;
}

// Checks of a plan whose sites have limited room: who is assigned where, and what load that makes.
import { milli } from './read-run.mjs';
import { statedRate } from './rates.mjs';

const UNITS_PER_MBPS = 1e9;
const UNITS_PER_USER = 1000;
/** Loads are written to 1 bit/s. */
const ROUNDING = 1e-6;

/** Served today with no stated room in the way: such users are assigned to nobody. */
function isFree(cell, period) {
  return cell.served_today[period] && (cell.carried_by_today ?? []).length === 0;
}

/** Per cell, users whom today's network and whom new sites carry in a phase and period, thousandths. */
export function carriedOf(run, phase, period) {
  const fresh = new Set(run.sites.map((site) => site.id));
  const sums = new Map();
  for (const { demand, site, users } of run.assignment.get(phase)?.get(period) ?? []) {
    const sum = sums.get(demand) ?? { today: 0, fresh: 0 };
    sums.set(demand, sum);
    if (fresh.has(site)) sum.fresh += users;
    else sum.today += users;
  }
  return (cell) => {
    const { today, fresh: added } = sums.get(cell.id) ?? { today: 0, fresh: 0 };
    return { today: today + (isFree(cell, period) ? cell.users[period] : 0), fresh: added };
  };
}

/** Loads of every site in a phase and period, in the unit of its room, whole units. */
function loadsOf(run, phase, period) {
  const cells = new Map(run.demand.map((cell) => [cell.id, cell]));
  const unitOf = new Map(run.report.capacity.sites.map(({ id, unit }) => [id, unit]));
  const loads = new Map();
  for (const { demand, site, users } of run.assignment.get(phase)?.get(period) ?? []) {
    const perUser = unitOf.get(site) === 'users' ? 1 : (cells.get(demand)?.bps_per_user?.[period] ?? 0);
    loads.set(site, (loads.get(site) ?? 0) + users * perUser);
  }
  return loads;
}

export function assignmentCheck(run, expect) {
  const cells = new Map(run.demand.map((cell) => [cell.id, cell]));
  expect(cells.size === run.demand.length, () => 'ids of demand points are not unique');
  checkRates(run, expect);
  let rows = 0;
  for (const phase of run.report.phases) {
    const standing = new Set(phase.sites);
    for (const period of run.periods) {
      const assigned = new Map();
      for (const { demand, site, users } of run.assignment.get(phase.name)?.get(period) ?? []) {
        rows++;
        const label = `${phase.name}, ${period}: ${site} serves demand ${demand}`;
        const cell = cells.get(demand);
        expect(cell !== undefined && users > 0, () => `${label}, which is not in the layer`);
        if (cell === undefined) continue;
        const covers = standing.has(site)
          ? cell.covered_by.includes(site)
          : (cell.carried_by_today ?? []).includes(site);
        expect(covers, () => `${label}, which it does not cover`);
        assigned.set(demand, (assigned.get(demand) ?? 0) + users);
      }
      for (const [demand, users] of assigned) {
        const cell = cells.get(demand);
        const most = isFree(cell, period) ? 0 : cell.users[period];
        expect(
          users <= most,
          () =>
            `${phase.name}, ${period}: ${users / 1000} users of ${demand} are assigned, ${most / 1000} are there`,
        );
      }
      checkRoom(run, phase.name, period, expect);
    }
  }
  return `${rows} rows`;
}

/** Traffic per user as the scenario states it; from demand.trafficMbps it is taken from the layer. */
function checkRates({ report, demand, periods }, expect) {
  const { traffic, services } = report.scenario;
  if ((services?.[0].mbpsPerUser ?? traffic?.mbpsPerUser) === undefined) return;
  for (const period of periods) {
    for (const cell of demand) {
      const rate = statedRate(report.scenario, cell.service, period);
      expect(
        cell.bps_per_user[period] === rate,
        () => `${cell.id}: ${cell.bps_per_user[period]} bit/s a user in ${period}, the scenario says ${rate}`,
      );
    }
  }
}

function checkRoom(run, phase, period, expect) {
  const { capacity, scenario } = run.report;
  const loads = loadsOf(run, phase, period);
  for (const { id, unit, room, existing } of capacity.sites) {
    const space = room[period];
    if (!existing) checkStatedRoom(scenario, id, period, space, expect);
    if (space === null) continue;
    const most = space * (unit === 'users' ? UNITS_PER_USER : UNITS_PER_MBPS);
    const load = loads.get(id) ?? 0;
    expect(
      load <= most * (1 + 1e-15),
      () => `${phase}, ${period}: ${id} carries ${load}, its room is ${most} (bit/s or users x 1000)`,
    );
  }
}

/** Generated candidates have the room of their configuration, else the common one. */
function checkStatedRoom(scenario, id, period, space, expect) {
  if (scenario.candidates.file !== undefined) return;
  const name = id.slice(id.indexOf('/') + 1).replace(/@[-\d.]+$/, '');
  const spec = (scenario.configurations ?? []).find((own) => own.name === name) ?? {};
  const stated =
    spec.capacityMbps ?? spec.capacityUsers ?? scenario.capacity?.mbps ?? scenario.capacity?.users;
  if (stated === undefined) return;
  const value = typeof stated === 'object' ? stated[period] : stated;
  expect(
    Math.abs(space - value) <= ROUNDING,
    () => `${id}: room ${space} in ${period}, the scenario says ${value}`,
  );
}

export function loadCheck(run, expect) {
  const { capacity, phases } = run.report;
  const last = phases.at(-1).name;
  const near = (label, written, counted) =>
    expect(Math.abs(written - counted) <= ROUNDING, () => `${label} is ${written}, counted ${counted}`);
  for (const entry of capacity.periods) {
    const { period } = entry;
    const loads = loadsOf(run, last, period);
    for (const { id, unit, load } of capacity.sites) {
      const counted = (loads.get(id) ?? 0) / (unit === 'users' ? UNITS_PER_USER : UNITS_PER_MBPS);
      near(`${period}: load of ${id}`, load[period], counted);
    }
    const sums = sumTraffic(run, last, period);
    near(`${period}: offeredMbps`, entry.offeredMbps, sums.offered / UNITS_PER_MBPS);
    near(`${period}: carriedMbps`, entry.carriedMbps, sums.carried / UNITS_PER_MBPS);
    near(`${period}: noRoomMbps`, entry.noRoomMbps, sums.noRoom / UNITS_PER_MBPS);
    near(`${period}: usersNoRoom`, entry.usersNoRoom, sums.noRoomUsers / UNITS_PER_USER);
    near(`${period}: usersNoSignal`, entry.usersNoSignal, sums.noSignalUsers / UNITS_PER_USER);
  }
  return `${capacity.sites.length} sites x ${capacity.periods.length} periods`;
}

function sumTraffic(run, phase, period) {
  const sums = { offered: 0, carried: 0, noRoom: 0, noRoomUsers: 0, noSignalUsers: 0 };
  const carried = carriedOf(run, phase, period);
  for (const cell of run.demand) {
    const rate = cell.bps_per_user?.[period] ?? 0;
    const { today, fresh } = carried(cell);
    const left = cell.users[period] - today - fresh;
    const isCovered = cell.served_today[period] || cell.covered_by.length > 0;
    sums.offered += cell.users[period] * rate;
    sums.carried += (today + fresh) * rate;
    if (isCovered) sums.noRoom += left * rate;
    if (isCovered) sums.noRoomUsers += left;
    else sums.noSignalUsers += left;
    if (milli(cell.users_no_room[period]) !== (isCovered ? left : 0))
      throw new Error(`${cell.id}: users_no_room in ${period} is ${cell.users_no_room[period]}`);
  }
  return sums;
}

import { demandOf } from '../coverage/span-coverage.ts';
import {
  LOAD_USERS,
  SITE_FORBIDDEN,
  SITE_REQUIRED,
  type Capacity,
  type CoveringProblem,
  type Target,
} from '../solve/problem.ts';
import { shareText } from '../solve/share.ts';
import { sharedLocations } from './shared-locations.ts';

const BPS_PER_MBPS = 1e6;

/**
 * A covering problem as mastplan's own instance (docs/formats.md), version 1, in pieces of text: no piece grows with
 * the problem, so a writer never holds the whole. What has its default (no conflict, nobody served, candidate, a
 * location of its own) is left out.
 */
export function* instanceJson(problem: CoveringProblem): Generator<string> {
  yield '{"format":"mastplan-instance","version":1,\n"sites":[';
  yield* siteTexts(problem);
  yield '\n]';
  if (problem.conflicts.length > 0) {
    yield ',\n"conflicts":[';
    yield* numberTexts(problem.conflicts.length / 2, (pair) => {
      const { conflicts } = problem;
      return `[${conflicts[2 * pair] ?? 0},${conflicts[2 * pair + 1] ?? 0}]`;
    });
    yield ']';
  }
  yield ',\n"demand":{';
  yield* periodTexts(problem, problem.users, (units) => decimalText(units, problem.usersScale));
  yield '}';
  if (problem.servedToday.some((served) => served.includes(1))) {
    yield ',\n"servedToday":{';
    yield* periodTexts(problem, problem.servedToday, String);
    yield '}';
  }
  yield* capacityTexts(problem);
  yield* goalTexts(problem);
  yield '}\n';
}

function* siteTexts(problem: CoveringProblem): Generator<string> {
  const shared = sharedLocations(problem);
  for (let site = 0; site < problem.siteIds.length; site++) {
    const location = problem.siteLocation[site] ?? 0;
    yield `${site === 0 ? '' : ','}\n{"id":${JSON.stringify(problem.siteIds[site])},"cost":${problem.siteCost[site] ?? 0}`;
    if (shared.has(location)) yield `,"location":"L${location}"`;
    if (problem.siteStatus[site] === SITE_REQUIRED) yield ',"status":"required"';
    if (problem.siteStatus[site] === SITE_FORBIDDEN) yield ',"status":"forbidden"';
    yield roomText(problem, problem.capacity, site);
    yield ',"covers":[';
    const covers = demandOf(problem.coverage, site);
    yield* numberTexts(covers.length, (at) => String(covers[at] ?? 0));
    yield ']}';
  }
}

/** Traffic of users and today's sites of stated room. */
function* capacityTexts(problem: CoveringProblem): Generator<string> {
  const { capacity } = problem;
  if (capacity === undefined) return;
  yield ',\n"bpsPerUser":{';
  yield* periodTexts(problem, capacity.rate, String);
  yield '}';
  const { standing } = capacity;
  if (standing === null) return;
  const { siteStart, demandOfSite } = standing.coverage;
  yield ',\n"today":[';
  for (const [k, id] of standing.ids.entries()) {
    yield `${k === 0 ? '' : ','}\n{"id":${JSON.stringify(id)}${roomText(problem, standing, k)},"covers":[`;
    const from = siteStart[k] ?? 0;
    yield* numberTexts((siteStart[k + 1] ?? from) - from, (at) => String(demandOfSite[from + at] ?? 0));
    yield ']}';
  }
  yield '\n]';
}

/** `,"capacityMbps":40`, or by period where it differs; nothing where no period has a limit. */
function roomText(
  { periods, usersScale }: CoveringProblem,
  rooms: Pick<Capacity, 'counts' | 'room'> | undefined,
  site: number,
): string {
  const values = rooms?.room.map((room) => room[site] ?? Infinity) ?? [];
  if (rooms === undefined || values.every((value) => value === Infinity)) return '';
  const isUsers = rooms.counts[site] === LOAD_USERS;
  const scale = usersScale * (isUsers ? 1 : BPS_PER_MBPS);
  const texts = values.map((value) => (value === Infinity ? 'null' : decimalText(value, scale)));
  const key = isUsers ? 'capacityUsers' : 'capacityMbps';
  if (texts.every((text) => text === texts[0])) return `,"${key}":${texts[0]!}`;
  const byPeriod = texts.map((text, period) => `${JSON.stringify(periods[period])}:${text}`);
  return `,"${key}":{${byPeriod.join(',')}}`;
}

function* periodTexts(
  problem: CoveringProblem,
  values: readonly (Float64Array | Uint8Array)[],
  text: (value: number) => string,
): Generator<string> {
  for (const [period, name] of problem.periods.entries()) {
    yield `${period === 0 ? '' : ','}\n${JSON.stringify(name)}:[`;
    const list = values[period] ?? new Uint8Array(0);
    yield* numberTexts(list.length, (at) => text(list[at] ?? 0));
    yield ']';
  }
}

function* goalTexts(problem: CoveringProblem): Generator<string> {
  const { budget } = problem;
  if (budget !== null) yield `,\n"budget":${JSON.stringify(budget)}`;
  if (problem.phaseOrder !== 'nested') yield `,\n"phaseOrder":"${problem.phaseOrder}"`;
  if (problem.phases.length === 0) return;
  yield ',\n"phases":[';
  for (const [index, phase] of problem.phases.entries()) {
    yield `${index === 0 ? '' : ','}\n{"name":${JSON.stringify(phase.name)},"targets":[`;
    for (const [at, target] of phase.targets.entries()) yield* targetTexts(problem, target, at === 0);
    yield ']}';
  }
  yield '\n]';
}

function* targetTexts(problem: CoveringProblem, target: Target, first: boolean): Generator<string> {
  const period = JSON.stringify(problem.periods[target.period]);
  yield `${first ? '' : ','}\n{"period":${period},"share":${shareText(target.share)}`;
  if (target.region !== null) yield `,"region":${JSON.stringify(target.region)}`;
  if (target.service !== undefined) yield `,"service":${JSON.stringify(target.service)}`;
  if (target.backup !== undefined) yield `,"backup":${target.backup}`;
  const { members } = target;
  if (members !== null) {
    yield ',"members":[';
    yield* numberTexts(members.length, (at) => String(members[at] ?? 0));
    yield ']';
  }
  yield '}';
}

const ITEMS_PER_PIECE = 8192;

/** `count` items joined by commas, a few thousand at a time. */
function* numberTexts(count: number, item: (at: number) => string): Generator<string> {
  for (let from = 0; from < count; from += ITEMS_PER_PIECE) {
    const pieces: string[] = [];
    for (let at = from; at < Math.min(count, from + ITEMS_PER_PIECE); at++) pieces.push(item(at));
    yield `${from === 0 ? '' : ','}${pieces.join(',')}`;
  }
}

/** Units as a decimal number of users, exact: 12500 at scale 1000 is "12.5". `scale` is a power of ten. */
export function decimalText(units: number, scale: number): string {
  const whole = Math.floor(units / scale);
  const rest = units - whole * scale;
  if (rest === 0) return String(whole);
  const decimals = String(scale).length - 1;
  return `${whole}.${String(rest).padStart(decimals, '0').replace(/0+$/, '')}`;
}

import { needsAssignment } from '../solve/capacity/needs-assignment.ts';
import type { CoveringProblem, Target } from '../solve/problem.ts';
import { listClasses, mergeEqualCoverSets, rowsOf } from '../solve/merge.ts';
import { capacityBody } from './mps-capacity.ts';
import { mpsDocument, type MpsBody } from './mps-frame.ts';

/** One row of the covering part: users of the classes, and how many of them the plan must win. */
interface CoverRow {
  readonly name: string;
  /** [classCount] users of the class in this row, in the unit of the problem. */
  readonly users: Float64Array;
  /** Users served today. */
  readonly served: number;
  readonly need: number;
  readonly total: number;
}

/** The model over demand classes (demand points of equal cover sets taken together). */
interface Model {
  readonly problem: CoveringProblem;
  readonly classCount: number;
  readonly siteStart: Uint32Array;
  readonly classOfSite: Uint32Array;
  readonly rows: readonly CoverRow[];
}

/**
 * The model of design section 6 in free MPS, for any MIP solver: all targets of all phases, one configuration per
 * location, conflicts, required and forbidden sites. Column `x<k>` is site k, `z<c>` demand class c: demand points that
 * the same sites cover are merged, which changes neither optimum nor solutions. With a budget the users newly won are
 * maximised, written as the minimum of their negative (in the unit of `problem.users`; those served today are a
 * constant left out); with `worst` a million times the least share of a period (column `worst`). Where room may run out or a
 * target asks for backup: `capacityBody`.
 */
export function freeMps(problem: CoveringProblem): Generator<string> {
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const needsRooms = problem.budget === null && needsAssignment(problem, targets);
  return mpsDocument(problem, needsRooms ? capacityBody(problem) : coverBody(problem));
}

function coverBody(problem: CoveringProblem): MpsBody {
  const model = buildModel(problem);
  return {
    comment: 'mastplan covering model; x<k>: site k is built, z<c>: demand class c is served',
    rows: () => rowTexts(model),
    siteColumn: (site) => siteColumn(model, site),
    wholeColumns: () => [],
    *columns() {
      yield* classColumns(model);
      yield* worstColumn(model);
    },
    rightHandSides: () => rightHandSides(model),
    bounds: () => bounds(model),
  };
}

function buildModel(problem: CoveringProblem): Model {
  const { siteCount, demandCount } = problem.coverage;
  const covers = rowsOf(problem.coverage);
  const unserved = Uint8Array.from({ length: demandCount }, (_, demand) =>
    problem.servedToday.some((served) => served[demand] === 0) ? 1 : 0,
  );
  const merging = mergeEqualCoverSets(covers, null, unserved);
  const allSites = Uint32Array.from({ length: siteCount }, (_, site) => site);
  const classes = listClasses(covers, merging, allSites);
  const { classCount, classOfItem } = merging;
  const targets =
    problem.budget === null ? problem.phases.flatMap((phase) => phase.targets) : wholePeriods(problem);
  return {
    problem,
    classCount,
    siteStart: classes.siteStart,
    classOfSite: classes.classOfSite,
    rows: targets.map((target, at) => coverRow(problem, target, `need${at}`, classOfItem, classCount)),
  };
}

/** With a budget: what is covered of each period. */
function wholePeriods(problem: CoveringProblem): Target[] {
  return problem.users.map((users, period) => {
    let totalUsers = 0;
    for (const value of users) totalUsers += value;
    return {
      period,
      region: null,
      members: null,
      share: { numerator: 1, denominator: 1 },
      needUsers: totalUsers,
      totalUsers,
    };
  });
}

function coverRow(
  problem: CoveringProblem,
  target: Target,
  name: string,
  classOfItem: Int32Array,
  classCount: number,
): CoverRow {
  const all = problem.users[target.period] ?? new Float64Array(0);
  const servedToday = problem.servedToday[target.period] ?? new Uint8Array(0);
  const users = new Float64Array(classCount);
  let served = 0;
  const count = target.members === null ? all.length : target.members.length;
  for (let at = 0; at < count; at++) {
    const demand = target.members === null ? at : (target.members[at] ?? 0);
    const own = classOfItem[demand] ?? -1;
    if (servedToday[demand] === 1) served += all[demand] ?? 0;
    else if (own >= 0) users[own] = (users[own] ?? 0) + (all[demand] ?? 0);
  }
  return { name, users, served, need: target.needUsers, total: target.totalUsers };
}

function* rowTexts(model: Model): Generator<string> {
  const { problem } = model;
  const isBudget = problem.budget !== null;
  for (const row of model.rows)
    if (!isBudget || problem.budget?.objective === 'worst') yield ` G ${row.name}\n`;
  if (typeof problem.budget?.sites === 'number') yield ' L budgetSites\n';
  if (typeof problem.budget?.cost === 'number') yield ' L budgetCost\n';
  for (let index = 0; index < model.classCount; index++) yield ` L c${index}\n`;
}

function siteColumn({ problem, siteStart, classOfSite }: Model, site: number): string {
  const name = `x${site}`;
  const cost = problem.siteCost[site] ?? 0;
  let text = problem.budget === null ? ` ${name} cost ${cost}\n` : ` ${name} cost 0\n`;
  if (typeof problem.budget?.sites === 'number') text += ` ${name} budgetSites 1\n`;
  if (typeof problem.budget?.cost === 'number') text += ` ${name} budgetCost ${cost}\n`;
  for (let pair = siteStart[site] ?? 0; pair < (siteStart[site + 1] ?? 0); pair++) {
    text += ` ${name} c${classOfSite[pair] ?? 0} -1\n`;
  }
  return text;
}

function* classColumns(model: Model): Generator<string> {
  const { problem, rows } = model;
  for (let index = 0; index < model.classCount; index++) {
    const name = `z${index}`;
    let text = ` ${name} c${index} 1\n`;
    let won = 0;
    for (const row of rows) {
      const users = row.users[index] ?? 0;
      won += users;
      if (users > 0 && problem.budget?.objective !== 'mean') text += ` ${name} ${row.name} ${users}\n`;
    }
    if (problem.budget?.objective === 'mean') text += ` ${name} cost ${-won}\n`;
    yield text;
  }
}

/** The least share served, times a million so that solvers' tolerances do not decide. */
const WORST_SCALE = 1e6;

function* worstColumn(model: Model): Generator<string> {
  if (model.problem.budget?.objective !== 'worst') return;
  yield ` worst cost ${-WORST_SCALE}\n`;
  for (const row of model.rows) yield ` worst ${row.name} ${-row.total}\n`;
}

function* rightHandSides(model: Model): Generator<string> {
  const { problem } = model;
  const { budget } = problem;
  if (budget === null) {
    for (const row of model.rows) yield ` RHS ${row.name} ${row.need - row.served}\n`;
  } else if (budget.objective === 'worst') {
    for (const row of model.rows) yield ` RHS ${row.name} ${-row.served}\n`;
  }
  if (typeof budget?.sites === 'number') yield ` RHS budgetSites ${budget.sites}\n`;
  if (typeof budget?.cost === 'number') yield ` RHS budgetCost ${budget.cost}\n`;
}

function* bounds({ problem, classCount }: Model): Generator<string> {
  for (let index = 0; index < classCount; index++) yield ` UP BND z${index} 1\n`;
  if (problem.budget?.objective === 'worst') yield ' UP BND worst 1\n';
}

import type { Explanation } from '../solve/explain.ts';
import type { CoveringProblem, Fraction } from '../solve/problem.ts';
import { shareText } from '../solve/share.ts';
import type { Solution, SolveOptions, TargetOutcome } from '../solve/solution.ts';
import type { CurvePoint, InstanceAnswer } from '../solve-instance.ts';
import { planCostAtLeast } from './candidate-layer.ts';
import { formatBound, formatCost, formatGap, groupThousands, percentDown, shareDown } from './numbers.ts';
import { terminalText } from './terminal-text.ts';

/** `mastplan solve --json`: design section 8. Users are in users, whatever the problem counts in. */
export function answerJson(answer: InstanceAnswer): Record<string, unknown> {
  const { problem, solution, changes } = answer;
  const isBudget = problem.budget !== null;
  return {
    status: solution.status,
    feasible: solution.feasible,
    cost: solution.cost,
    lowerBound: isBudget ? null : solution.lowerBound,
    gap: solution.budget?.gap ?? solution.gap,
    sites: idsOf(problem, solution.sites),
    shares: sharesOf(problem, solution),
    ...(solution.budget !== null && {
      covered: solution.budget.covered / budgetUnit(problem),
      upperBound: solution.budget.upperBound / budgetUnit(problem),
    }),
    ...(solution.phases.length > 1 && { phases: phasesOf(problem, solution) }),
    ...(changes !== null && {
      changes: {
        kept: idsOf(problem, changes.kept),
        givenUp: idsOf(problem, changes.givenUp),
        changeCost: changes.changeCost,
        costWithChanges: changes.costWithChanges,
        lowerBound: changes.lowerBound,
      },
    }),
    seconds: Math.round(answer.seconds * 1000) / 1000,
    edges: answer.pairs,
    stoppedBy: solution.stoppedBy,
    notes: solution.notes,
  };
}

/** `mastplan solve --explain FILE`: why every site is in the plan or not (of the last phase), and who cannot be served. */
export function explanationJson(
  instance: string,
  problem: CoveringProblem,
  solution: Solution,
  { chosen, absent, bound }: Explanation,
): Record<string, unknown> {
  const id = (site: number): string => problem.siteIds[site] ?? '';
  return {
    format: 'mastplan-explanation',
    version: 1,
    instance,
    cost: solution.cost,
    chosen: chosen.map(({ site, servedAlone, costWithout }) => ({
      id: id(site),
      cost: problem.siteCost[site],
      servedAlone: Object.fromEntries(
        problem.periods.map((period, at) => [period, (servedAlone[at] ?? 0) / problem.usersScale]),
      ),
      costWithout,
    })),
    notChosen: absent.map((reason) => ({
      id: id(reason.site),
      why: reason.kind,
      ...(reason.kind === 'dominated' && { dominatedBy: id(reason.by) }),
      ...(reason.kind === 'reduced-cost' && { planCostAtLeast: planCostAtLeast(reason, bound) }),
    })),
    targets: sharesOf(problem, solution),
  };
}

/** With `mean` the outcome counts users, with `worst` a share of 1. */
function budgetUnit(problem: CoveringProblem): number {
  return problem.budget?.objective === 'worst' ? 1 : problem.usersScale;
}

function idsOf(problem: CoveringProblem, sites: readonly number[]): string[] {
  return sites.map((site) => problem.siteIds[site] ?? '');
}

function sharesOf(problem: CoveringProblem, solution: Solution): Record<string, unknown>[] {
  const outcomes = solution.phases.at(-1)?.targets ?? [];
  return outcomes.map((outcome) => ({
    period: problem.periods[outcome.period],
    region: outcome.region,
    ...(outcome.service !== undefined && { service: outcome.service }),
    ...(outcome.backup !== undefined && { backup: outcome.backup }),
    needed: outcome.needUsers / problem.usersScale,
    served: outcome.servedUsers / problem.usersScale,
    users: outcome.totalUsers / problem.usersScale,
    share: shareDown(outcome.servedUsers, outcome.totalUsers),
    met: outcome.met,
    unreachable: outcome.unreachableUsers / problem.usersScale,
  }));
}

function phasesOf(problem: CoveringProblem, solution: Solution): Record<string, unknown>[] {
  return solution.phases.map((phase) => ({
    name: phase.name,
    status: phase.status,
    cost: phase.cost,
    lowerBound: phase.lowerBound,
    gap: phase.gap,
    nestedLowerBound: phase.nestedLowerBound,
    nestedGap: phase.nestedGap,
    sites: idsOf(problem, phase.sites),
  }));
}

/** `mastplan solve --curve --json`. */
export function curveJson(points: readonly CurvePoint[]): Record<string, unknown> {
  return {
    curve: points.map(({ share, answer: { problem, solution, seconds } }) => ({
      share: share.numerator / share.denominator,
      status: solution.status,
      cost: solution.cost,
      lowerBound: solution.lowerBound,
      gap: solution.gap,
      reached: Math.min(...sharesOf(problem, solution).map(({ share: reached }) => Number(reached))),
      sites: idsOf(problem, solution.sites),
      seconds: Math.round(seconds * 1000) / 1000,
    })),
  };
}

/** `mastplan solve --trace FILE`: the course of a search with its times, and where it stopped, for `--replay`. */
export function traceJson(
  instance: string,
  settings: Pick<SolveOptions, 'seed' | 'effort' | 'tiles'>,
  { solution, traceSeconds }: InstanceAnswer,
): Record<string, unknown> {
  return {
    format: 'mastplan-trace',
    version: 1,
    instance,
    ...settings,
    stoppedBy: solution.stoppedBy,
    rounds: solution.rounds,
    cutRound: solution.cutRound,
    trace: solution.trace.map((entry, at) => ({
      seconds: Math.round((traceSeconds[at] ?? 0) * 1000) / 1000,
      ...entry,
    })),
  };
}

/** The same for people: what was solved, what was found, what is proved. */
export function answerText(name: string, answer: InstanceAnswer): string {
  const { problem, solution, changes } = answer;
  const { siteCount, demandCount } = problem.coverage;
  const count = (value: number): string => groupThousands(String(value));
  const lines = [
    `${terminalText(name)}: ${count(siteCount)} sites, ${count(demandCount)} demand points, ` +
      `${count(answer.pairs)} covered pairs, ${count(problem.periods.length)} period${problem.periods.length === 1 ? '' : 's'}`,
    verdict(problem, solution),
  ];
  if (changes !== null) {
    lines.push(
      `${changes.kept.length} sites of the earlier plan kept, ${changes.givenUp.length} given up` +
        (changes.changeCost > 0
          ? `; cost with ${formatCost(changes.changeCost)} per site given up ${formatCost(changes.costWithChanges)}, ` +
            `at least ${formatBound(changes.lowerBound)}.`
          : '.'),
    );
  }
  for (const outcome of shownTargets(solution)) lines.push(targetLine(problem, outcome));
  lines.push(`Stopped by ${solution.stoppedBy} after ${answer.seconds.toFixed(1)} s.`);
  return `${lines.join('\n')}\n`;
}

const SHOWN_TARGETS = 12;

/** All targets when they are few, else the ones missed and the tightest. */
function shownTargets(solution: Solution): readonly TargetOutcome[] {
  const outcomes = solution.phases.at(-1)?.targets ?? [];
  if (outcomes.length <= SHOWN_TARGETS) return outcomes;
  const slack = (outcome: TargetOutcome): number =>
    (outcome.servedUsers - outcome.needUsers) / Math.max(1, outcome.totalUsers);
  return outcomes.toSorted((a, b) => slack(a) - slack(b)).slice(0, SHOWN_TARGETS);
}

function verdict(problem: CoveringProblem, solution: Solution): string {
  const sites = `${solution.sites.length} site${solution.sites.length === 1 ? '' : 's'}`;
  const plan = `cost ${formatCost(solution.cost)} (${sites})`;
  const { budget } = solution;
  if (budget !== null) {
    const value = (units: number): string =>
      problem.budget?.objective === 'worst'
        ? percentDown(Math.floor(units * 1e9), 1e9, 3)
        : `${groupThousands(String(Math.floor(units / problem.usersScale)))} users`;
    return (
      `${solution.status}: ${plan} serves ${value(budget.covered)}; ` +
      `no plan within the budget serves more than ${value(budget.upperBound)} (gap ${formatGap(budget.gap)}).`
    );
  }
  if (solution.status === 'optimal') return `optimal: ${plan}; no plan costs less.`;
  const bound = `no plan costs less than ${formatBound(solution.lowerBound)}`;
  if (solution.feasible) return `${solution.status}: ${plan}; ${bound} (gap ${formatGap(solution.gap)}).`;
  if (solution.sites.length === 0) return `${solution.status}: no plan was found that meets the targets.`;
  return `${solution.status}: targets are missed; the plan of least shortfall has ${plan}.`;
}

function targetLine(problem: CoveringProblem, outcome: TargetOutcome): string {
  const { usersScale } = problem;
  const users = (units: number): string => groupThousands(String(Math.floor(units / usersScale)));
  const period = problem.periods[outcome.period] ?? '';
  const where = [period, outcome.region, outcome.service]
    .filter((name) => (name ?? null) !== null)
    .join(', ');
  const by = (outcome.backup ?? 1) > 1 ? `covered by ${outcome.backup} sites` : 'served';
  const missing = Math.ceil((outcome.needUsers - outcome.servedUsers) / usersScale);
  const verdictText = outcome.met ? 'met' : `missed by ${groupThousands(String(missing))} users`;
  const unreachable =
    outcome.unreachableUsers > 0 ? `, ${users(outcome.unreachableUsers)} beyond every candidate` : '';
  return (
    `  ${terminalText(where)}: ${percentDown(outcome.servedUsers, outcome.totalUsers)} ${by} ` +
    `(${users(outcome.servedUsers)} of ${users(outcome.totalUsers)}${unreachable}), ${verdictText}`
  );
}

/** A curve for people, one line per share. */
export function curveText(points: readonly CurvePoint[]): string {
  const header = `${'share'.padStart(8)}${'cost'.padStart(14)}${'bound'.padStart(14)}${'gap'.padStart(9)}${'sites'.padStart(8)}`;
  const rows = points.map(({ share, answer: { solution } }) =>
    [
      percentOf(share).padStart(8),
      (solution.feasible ? formatCost(solution.cost) : solution.status).padStart(14),
      formatBound(solution.lowerBound).padStart(14),
      formatGap(solution.gap).padStart(9),
      String(solution.sites.length).padStart(8),
    ].join(''),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

function percentOf(share: Fraction): string {
  return `${Number((Number(shareText(share)) * 100).toFixed(7))} %`;
}

import { pairsOf } from '../coverage/span-coverage.ts';
import { basename } from 'node:path';
import { mapScenarioPaths } from '../input/resolved-scenario.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { answerText } from './answer.ts';
import { capacityRecord } from './capacity-json.ts';
import { configurationMix, costRecord } from './cost-facts.ts';
import { evaluationRecord } from './evaluation-record.ts';
import { planInterferenceRecord } from './interference-record.ts';
import { linesRecord } from './lines-record.ts';
import { shareDown, usersFromMilli } from './numbers.ts';
import type { EvidenceUsers } from './evidence-users.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { ScopeFacts, TargetFacts } from './scope-facts.ts';
import { countPoints } from './service-facts.ts';
import { servicesRecord } from './service-record.ts';

export const REPORT_FORMAT = 'mastplan-report';
export const REPORT_VERSION = 1;

/** Evidence classes in users, as files carry them. */
export type EvidenceRecord = Readonly<Record<'measured' | 'predicted' | 'interpolated' | 'unknown', number>>;

/** One row of `phases[].targets`. Shares are rounded down to six places. */
export interface TargetRecord {
  readonly region: string | null;
  /** Absent: users of every service. */
  readonly service?: string;
  readonly period: string;
  readonly phase: string;
  readonly required: number;
  /** Absent: the users are to be served. */
  readonly backup?: number;
  readonly reached: number;
  readonly users: number;
  readonly usersNeeded: number;
  readonly usersServedToday: number;
  readonly usersServed: number;
  readonly usersShort: number;
  readonly usersUnreachable: number;
  readonly met: boolean;
  readonly shareToday: number;
  readonly shareLow: number;
  readonly shareHigh: number;
  readonly evidence: EvidenceRecord;
  readonly evidenceToday: EvidenceRecord;
  readonly samples: number;
}

/** The machine-readable report (schema: `report.schema.json` of the package). No times, hosts or absolute paths. */
export function buildReport(result: PlanResult, facts: PlanFacts, files: readonly string[]): object {
  const { solution, problem, scenario, candidates } = result;
  return {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    status: solution.status,
    feasible: solution.feasible,
    stoppedBy: solution.stoppedBy,
    rounds: solution.rounds,
    cutRound: solution.cutRound,
    answer: answerText(result, facts, 'en'),
    scenario: publishedScenario(scenario),
    seed: scenario.solver.seed,
    inputs: result.inputs,
    warnings: result.warnings,
    model: result.model,
    configurations: result.configurations,
    baseline: baselineRecord(result, facts),
    cost: solution.cost,
    lowerBound: solution.lowerBound,
    gap: solution.gap,
    budget: budgetRecord(result),
    costs: costRecord(result),
    mix: configurationMix(result),
    ...(facts.loads !== null && { capacity: capacityRecord(result, facts.loads) }),
    ...(facts.services !== null && { services: servicesRecord(result, facts.services) }),
    periods: facts.periods.map((period) => ({
      period: result.demand.periods[period.period]!,
      ...scopeRecord(period),
    })),
    areas: areasRecord(result),
    ...(result.lines !== null && { lines: linesRecord(result.lines) }),
    ...(result.evaluation !== null && { evaluation: evaluationRecord(result) }),
    phases: solution.phases.map((phase, index) => ({
      name: phase.name,
      status: phase.status,
      targets: (facts.targets[index] ?? []).map((target) => targetRecord(result, target)),
      sites: phase.sites.map((site) => candidates.ids[site]!),
      cost: phase.cost,
      lowerBound: phase.lowerBound,
      gap: phase.gap,
      nestedLowerBound: phase.nestedLowerBound,
      nestedGap: phase.nestedGap,
    })),
    sites: facts.sites.map((site) => ({
      id: candidates.ids[site.site]!,
      rank: site.rank,
      phase: solution.phases[site.phase]?.name ?? null,
      cost: problem.siteCost[site.site]!,
      costWithout: costWithout(result, site.site),
    })),
    notChosen: notChosen(result),
    changes: changesRecord(result),
    counts: {
      demand: result.demand.count,
      ...(facts.services !== null && { points: countPoints(result.demand) }),
      candidates: candidates.count,
      existing: result.existing?.count ?? 0,
      regions: result.regionNames.length,
      coveredPairs: pairsOf(problem.coverage),
      conflicts: problem.conflicts.length / 2,
    },
    minSpacingM: scenario.candidates.minSpacingM ?? null,
    sensitivity: result.sensitivity,
    interference: result.interference && planInterferenceRecord(result.interference),
    trace: solution.trace,
    notes: solution.notes,
    files: [...files].sort(),
  };
}

/** Square kilometres to the hundredth: a raster's cells say no more. */
function areasRecord({ areas }: PlanResult): object[] | null {
  const round = (km2: number): number => Math.round(km2 * 100) / 100;
  if (areas === null) return null;
  return areas.map(({ region, km2, coveredKm2 }) => ({
    region,
    km2: round(km2),
    servedKm2: round(coveredKm2),
  }));
}

/** Cost of a plan repaired to do without the site: the cheapest may cost less; null when none was found. */
export function costWithout({ explanation }: PlanResult, site: number): number | null {
  return explanation?.chosen.find((reason) => reason.site === site)?.costWithout ?? null;
}

/** What became of the earlier plan, with the cost that was minimised: cost + `changeCost` per site given up. */
function changesRecord({ changes, candidates }: PlanResult): object | null {
  if (changes === null) return null;
  const ids = (sites: readonly number[]): string[] => sites.map((site) => candidates.ids[site]!);
  return { ...changes, kept: ids(changes.kept), givenUp: ids(changes.givenUp) };
}

/** How many candidates are not in the plan, by reason; which ones stands in the layer `candidates`. */
function notChosen({ explanation }: PlanResult): Readonly<Record<string, number>> | null {
  if (explanation === null) return null;
  const counts: Record<string, number> = {};
  for (const { kind } of explanation.absent) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * The scenario without what may differ between equal runs (threads, time limit) and with file names only: where the
 * files lay is nobody's business and would differ between machines.
 */
export function publishedScenario(scenario: PlanResult['scenario']): object {
  const { seed, effort, tiles } = scenario.solver;
  return mapScenarioPaths({ ...scenario, solver: { seed, effort, tiles } }, (path) =>
    basename(path.replace(/\\/g, '/')),
  );
}

export function evidenceRecord(evidence: EvidenceUsers): EvidenceRecord {
  return {
    measured: usersFromMilli(evidence.measured),
    predicted: usersFromMilli(evidence.predicted),
    interpolated: usersFromMilli(evidence.interpolated),
    unknown: usersFromMilli(evidence.unknown),
  };
}

/** Shares without and with the users about whom nothing is known. */
export function shareRange(scope: ScopeFacts): { shareLow: number; shareHigh: number } {
  const low = scope.servedMilli - scope.servedUnknownMilli;
  return {
    shareLow: shareDown(low, scope.totalMilli),
    shareHigh: shareDown(low + scope.evidenceAfter.unknown, scope.totalMilli),
  };
}

export function scopeRecord(scope: ScopeFacts): object {
  return {
    users: usersFromMilli(scope.totalMilli),
    usersServedToday: usersFromMilli(scope.servedTodayMilli),
    usersServed: usersFromMilli(scope.servedMilli),
    shareToday: shareDown(scope.servedTodayMilli, scope.totalMilli),
    reached: shareDown(scope.servedMilli, scope.totalMilli),
    ...shareRange(scope),
    evidence: evidenceRecord(scope.evidenceAfter),
    evidenceToday: evidenceRecord(scope.evidenceToday),
    samples: scope.samples,
  };
}

export function targetRecord(result: PlanResult, target: TargetFacts): TargetRecord {
  return {
    region: target.region,
    ...(target.service !== null && { service: target.service }),
    period: result.demand.periods[target.period]!,
    phase: result.solution.phases[target.ownPhase]!.name,
    required: target.requiredNumerator / target.requiredDenominator,
    ...(target.backup > 1 && { backup: target.backup }),
    reached: shareDown(target.servedMilli, target.totalMilli),
    users: usersFromMilli(target.totalMilli),
    usersNeeded: usersFromMilli(target.needMilli),
    usersServedToday: usersFromMilli(target.servedTodayMilli),
    usersServed: usersFromMilli(target.servedMilli),
    usersShort: usersFromMilli(Math.max(0, target.needMilli - target.servedMilli)),
    usersUnreachable: usersFromMilli(target.unreachableMilli),
    met: target.met,
    shareToday: shareDown(target.servedTodayMilli, target.totalMilli),
    ...shareRange(target),
    evidence: evidenceRecord(target.evidenceAfter),
    evidenceToday: evidenceRecord(target.evidenceToday),
    samples: target.samples,
  };
}

function baselineRecord(result: PlanResult, facts: PlanFacts): object {
  const { baseline, bins } = result;
  return {
    unmeasured: result.scenario.baseline.unmeasured,
    evidence: Object.fromEntries(
      facts.periods.map((period) => [
        result.demand.periods[period.period]!,
        evidenceRecord(period.evidenceToday),
      ]),
    ),
    samplesUsed: baseline.samplesUsed,
    samplesFromAnotherPeriod: baseline.samplesFromAnotherPeriod,
    variogram: baseline.variogram,
    bins: bins === null ? null : { published: bins.count, withheld: bins.withheld, binM: bins.binM },
  };
}

function budgetRecord(result: PlanResult): object | null {
  const { budget } = result.solution;
  if (budget === null || result.problem.budget === null) return null;
  return {
    ...result.problem.budget,
    usersCovered: usersFromMilli(budget.covered),
    upperBound: usersFromMilli(budget.upperBound),
    gap: budget.gap,
  };
}

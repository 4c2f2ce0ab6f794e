import { z } from 'zod';
import {
  isMet,
  worstFirst,
  type EvaluatedPeriod,
  type EvaluatedPhase,
  type EvaluatedScope,
} from '../planning/count-evaluation.ts';
import type { PlanEvaluation } from '../planning/evaluate-plan.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { EVALUATION_FILE } from './evaluation-csv.ts';
import { shareDown, usersFromMilli } from './numbers.ts';
import { servedUsers } from './schema-parts.ts';

const evaluatedPeriodSchema = z.strictObject({
  period: z.string(),
  required: z
    .number()
    .nullable()
    .describe('Largest share a target asks for; null = no target speaks of them.'),
  ...servedUsers,
  met: z.boolean().nullable(),
});

const scope = {
  region: z.string().nullable().describe('null = all users.'),
  service: z.string().optional(),
  backup: z.number().int().min(2).optional().describe('So many sites must cover them.'),
};

const worst = z
  .strictObject({ ...scope, ...evaluatedPeriodSchema.shape })
  .describe('Nearest to what is required, or farthest below it.');

/** The finished plan on periods that it was not made for. */
export const evaluationSchema = z.strictObject({
  table: z.string().describe('The file with the evaluated users, place by place.'),
  periods: z.array(z.string()),
  cells: z.number().int().min(0),
  bySignalAlone: z
    .boolean()
    .describe('Sites have limited room, which the plan assigns and the evaluation leaves out.'),
  met: z.boolean().describe('Every target of the last phase holds in every evaluated period.'),
  worst,
  phases: z.array(
    z.strictObject({
      name: z.string().nullable().describe('null with a budget: the finished plan.'),
      missed: z.number().int().min(0).describe('Pairs of users and period that miss what is required.'),
      worst,
      scopes: z.array(z.strictObject({ ...scope, periods: z.array(evaluatedPeriodSchema) })),
    }),
  ),
});

/** `evaluation` of report.json; users count by signal, room is assigned in planning alone. */
export function evaluationRecord(result: PlanResult): z.input<typeof evaluationSchema> | null {
  const { evaluation } = result;
  if (evaluation === null) return null;
  const { demand, phases } = evaluation;
  const last = phases.at(-1)!;
  return {
    table: EVALUATION_FILE,
    periods: [...demand.periods],
    cells: demand.count,
    bySignalAlone: isBySignalAlone(result),
    met: missedRows(last) === 0,
    worst: worstRecord(evaluation, last),
    phases: phases.map((phase) => ({
      name: phase.name,
      missed: missedRows(phase),
      worst: worstRecord(evaluation, phase),
      scopes: phase.scopes.map((own) => ({
        ...scopeRecord(own),
        periods: own.periods.map((row) => periodRecord(evaluation, row)),
      })),
    })),
  };
}

/** True where the plan serves whom it has room for: the evaluation counts whom its sites reach. */
export function isBySignalAlone({ solution }: PlanResult): boolean {
  return solution.phases.some(({ assignment }) => assignment !== undefined);
}

/** How many pairs of users and evaluated period miss what is required. */
export function missedRows({ scopes }: EvaluatedPhase): number {
  return scopes.reduce((sum, { periods }) => sum + periods.filter((row) => isMet(row) === false).length, 0);
}

function worstRecord(evaluation: PlanEvaluation, phase: EvaluatedPhase): z.input<typeof worst> {
  const first = worstFirst(phase)[0]!;
  return { ...scopeRecord(first.scope), ...periodRecord(evaluation, first.row) };
}

function scopeRecord({ region, service, backup }: EvaluatedScope) {
  return { region, ...(service !== null && { service }), ...(backup > 1 && { backup }) };
}

function periodRecord(
  { demand }: PlanEvaluation,
  row: EvaluatedPeriod,
): z.input<typeof evaluatedPeriodSchema> {
  const { required, totalMilli, servedTodayMilli, servedMilli } = row;
  const low = servedMilli - row.servedUnknownMilli;
  return {
    period: demand.periods[row.period]!,
    required: required === null ? null : required.numerator / required.denominator,
    users: usersFromMilli(totalMilli),
    usersServedToday: usersFromMilli(servedTodayMilli),
    usersServed: usersFromMilli(servedMilli),
    shareToday: shareDown(servedTodayMilli, totalMilli),
    reached: shareDown(servedMilli, totalMilli),
    shareLow: shareDown(low, totalMilli),
    shareHigh: shareDown(low + row.unknownMilli, totalMilli),
    met: isMet(row),
  };
}

import { z } from 'zod';
import type { CellFacts, InterferenceFacts } from '../planning/interference-facts.ts';
import type { PlanInterference } from '../planning/plan-interference.ts';
import type { ReachedTarget } from '../planning/service-targets.ts';
import { shareDown, usersFromMilli } from './numbers.ts';

const users = z.number().min(0);
const share = z.number().min(0).max(1);

/** SINR of a network under load, as `report.json` and `tuning.json` carry it. */
export const interferenceRecordSchema = z.strictObject({
  users: z.array(
    z.strictObject({
      region: z.string().nullable(),
      period: z.string(),
      users,
      signalServed: users.describe('Covered by signal, or served today.'),
      sinrServed: users.describe('Covered, and at or above the least SINR at the best server.'),
      polluted: users.describe('Covered where too many cells are heard alike.'),
      signalShare: share,
      sinrShare: share,
      sinrDb: z
        .strictObject({ p10: z.number(), p50: z.number(), p90: z.number() })
        .nullable()
        .describe('SINR that 10, 50 and 90 % of covered users do not exceed.'),
    }),
  ),
  traffic: z
    .array(
      z.strictObject({
        period: z.string(),
        carriedMbps: z.number().min(0),
        blockedMbps: z.number().min(0),
        meanLoad: share,
        overloadedCells: z.number().int().min(0),
      }),
    )
    .nullable()
    .describe('Null where users state no traffic: every cell then has the stated load.'),
  overshooting: z
    .array(z.strictObject({ site: z.string(), sector: z.number().int().min(1), users, usersTooFar: users }))
    .describe('Cells heard as the best, or nearly, although enough other masts stand nearer.'),
});

const angle = z.strictObject({ before: z.number().nullable(), after: z.number().nullable() });

export const cellChangeSchema = z.strictObject({
  site: z.string(),
  sector: z.number().int().min(1),
  azimuthDeg: angle,
  tiltDeg: angle,
  powerChangeDb: z.number(),
});

export const reachedTargetSchema = z.strictObject({
  phase: z.string(),
  region: z.string().nullable(),
  service: z.string().optional(),
  period: z.string(),
  by: z.enum(['signal', 'sinr']),
  required: share,
  users,
  usersNeeded: users,
  before: share,
  after: share,
  usersShort: users.describe('Still missing after.'),
  metBefore: z.boolean(),
  metAfter: z.boolean(),
});

/** `interference` of `report.json`. */
export const planInterferenceSchema = z.strictObject({
  asBuilt: interferenceRecordSchema,
  tuned: interferenceRecordSchema
    .extend({ cells: z.array(cellChangeSchema).describe('How cells have to be set.') })
    .nullable()
    .describe(
      'With cells set anew because a target on SINR was missed; null where none was, or nothing helped.',
    ),
  targets: z.array(reachedTargetSchema).describe('Targets on SINR, as built and tuned.'),
  repair: z
    .strictObject({ added: z.array(z.string()), removed: z.array(z.string()) })
    .nullable()
    .describe('Sites added to the plan by signal and left out of it for targets on SINR; null = none.'),
});

export type InterferenceRecord = z.output<typeof interferenceRecordSchema>;

/** Facts as files carry them: users with three decimals, shares rounded down. */
export function interferenceRecord({ scopes, traffic, cells }: InterferenceFacts): InterferenceRecord {
  return {
    users: scopes.map(({ region, period, usersMilli, signalMilli, sinrMilli, pollutedMilli, sinrDb }) => ({
      region,
      period,
      users: usersFromMilli(usersMilli),
      signalServed: usersFromMilli(signalMilli),
      sinrServed: usersFromMilli(sinrMilli),
      polluted: usersFromMilli(pollutedMilli),
      signalShare: shareDown(signalMilli, usersMilli),
      sinrShare: shareDown(sinrMilli, usersMilli),
      sinrDb,
    })),
    traffic: traffic === null ? null : [...traffic],
    overshooting: cells
      .filter(({ overshoots }) => overshoots)
      .map(({ site, sector, usersMilli, overshootMilli }) => ({
        site,
        sector,
        users: usersFromMilli(usersMilli),
        usersTooFar: usersFromMilli(overshootMilli),
      })),
  };
}

/** Cells that are not set as before. */
export function cellChanges(
  before: InterferenceFacts,
  after: InterferenceFacts,
): z.output<typeof cellChangeSchema>[] {
  return after.cells.flatMap((is, cell) => {
    const was = before.cells[cell]!;
    return isSetAlike(was, is)
      ? []
      : [
          {
            site: is.site,
            sector: is.sector,
            azimuthDeg: { before: was.azimuthDeg, after: is.azimuthDeg },
            tiltDeg: { before: was.tiltDeg, after: is.tiltDeg },
            powerChangeDb: is.powerChangeDb,
          },
        ];
  });
}

function isSetAlike(a: CellFacts, b: CellFacts): boolean {
  return a.azimuthDeg === b.azimuthDeg && a.tiltDeg === b.tiltDeg && a.powerChangeDb === b.powerChangeDb;
}

export function reachedTargetRecord(target: ReachedTarget): z.output<typeof reachedTargetSchema> {
  const { phase, region, service, period, by, usersMilli, needMilli, beforeMilli, afterMilli } = target;
  return {
    phase,
    region,
    ...(service !== undefined && { service }),
    period,
    by,
    required: target.share,
    users: usersFromMilli(usersMilli),
    usersNeeded: usersFromMilli(needMilli),
    before: shareDown(beforeMilli, usersMilli),
    after: shareDown(afterMilli, usersMilli),
    usersShort: usersFromMilli(Math.max(0, needMilli - afterMilli)),
    metBefore: beforeMilli >= needMilli,
    metAfter: afterMilli >= needMilli,
  };
}

export function planInterferenceRecord({
  asBuilt,
  tuned,
  targets,
  repair,
}: PlanInterference): z.output<typeof planInterferenceSchema> {
  return {
    asBuilt: interferenceRecord(asBuilt),
    tuned: tuned && { ...interferenceRecord(tuned), cells: cellChanges(asBuilt, tuned) },
    targets: targets.map(reachedTargetRecord),
    repair: repair && { added: [...repair.added], removed: [...repair.removed] },
  };
}

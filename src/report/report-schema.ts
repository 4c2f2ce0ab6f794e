import { z } from 'zod';
import { evaluationSchema } from './evaluation-record.ts';
import { planInterferenceSchema } from './interference-record.ts';
import { linesRecordSchema } from './lines-record.ts';
import { REPORT_FORMAT, REPORT_VERSION } from './report-json.ts';
import { servedUsers, users } from './schema-parts.ts';

const count = z.number().int().min(0);
const status = z.enum(['optimal', 'feasible', 'infeasible', 'unknown', 'interrupted']);

const evidence = z
  .strictObject({ measured: users, predicted: users, interpolated: users, unknown: users })
  .describe('Users by where the knowledge about them comes from.');

const coverage = {
  ...servedUsers,
  evidence,
  evidenceToday: evidence,
  samples: count.describe('Effective samples behind the measured users.'),
};

const target = z.strictObject({
  region: z.string().nullable().describe('null = all users.'),
  service: z.string().optional().describe('Users of this service alone; absent: of every service.'),
  period: z.string(),
  phase: z.string().describe('The phase whose own target this is.'),
  required: z.number().min(0).max(1),
  backup: count
    .min(2)
    .optional()
    .describe('Users count as served here when at least this many sites cover them; absent: served by one.'),
  ...coverage,
  usersNeeded: users,
  usersShort: users,
  usersUnreachable: users.describe('No allowed candidate reaches them and nothing serves them today.'),
  met: z.boolean(),
});

const proof = { cost: z.number().min(0), lowerBound: z.number().min(0), gap: z.number() };

const phase = z.strictObject({
  name: z.string(),
  status,
  targets: z.array(target),
  sites: z.array(z.string()).describe('Ids of all new sites that stand at the end of the phase.'),
  ...proof,
  nestedLowerBound: z.number().min(0),
  nestedGap: z.number(),
});

const input = z.strictObject({
  role: z.string(),
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dialect: z.string(),
  featuresRead: count,
  setAside: z.record(z.string(), count),
  identifiersDropped: z.record(z.string(), count),
});

const traceEntry = z.strictObject({
  phase: z.string(),
  round: count,
  work: z.number().min(0),
  incumbent: z.number().nullable(),
  lowerBound: z.number(),
  gap: z.number().nullable(),
  foundBy: z.string(),
});

const money = z.number().min(0);
const costParts = z
  .strictObject({ site: money, configuration: money, tower: money, backhaul: money, yearly: money })
  .describe('Whole hundredths; they sum to the cost. yearly: present value over the years.');

const costs = z.strictObject({
  cost: money,
  parts: costParts,
  years: count,
  discountRate: z.number().min(0),
  sites: z.array(
    z.strictObject({
      id: z.string(),
      cost: money,
      parts: costParts,
      backhaul: z.enum(['fibre', 'radio']).nullable(),
      fibreM: z.number().min(0).nullable().describe('To the nearest fibre, metres.'),
    }),
  ),
});

const mix = z.strictObject({
  configuration: z.string(),
  technology: z.string(),
  frequencyMhz: z.number(),
  sites: count,
  upgrades: count.describe('Of these, upgrades of sites that stand already.'),
});

const mbps = z.number().min(0);
const unit = z.enum(['mbps', 'users']).describe('What load and room are stated in.');
const byPeriod = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

const capacity = z.strictObject({
  assignment: z.string().describe('The file that says who is served where.'),
  periods: z.array(
    z.strictObject({
      period: z.string(),
      offeredMbps: mbps,
      carriedMbps: mbps,
      noRoomMbps: mbps.describe('Of users who are covered and for whom no covering site has room.'),
      noSignalMbps: mbps,
      usersNoRoom: users,
      usersNoSignal: users,
      sitesFull: count.describe('Loaded to 99 % of their room or more: there capacity is the limit.'),
    }),
  ),
  sites: z.array(
    z.strictObject({
      id: z.string(),
      existing: z.boolean(),
      unit,
      load: byPeriod(z.number().min(0)),
      room: byPeriod(z.number().min(0).nullable()).describe('null = no limit.'),
      usersTurnedAway: byPeriod(users).describe('Users it covers who are left without room anywhere.'),
      roomInPlan: byPeriod(mbps)
        .optional()
        .describe('Room at the SINR of the plan, where `room` was worked out before planning.'),
    }),
  ),
  bySignalAlone: z
    .strictObject({
      sites: count,
      cost: z.number(),
      usersNoRoom: byPeriod(users),
      overloaded: z.array(
        z.strictObject({
          id: z.string(),
          period: z.string(),
          unit,
          load: z.number().min(0),
          room: z.number().min(0),
        }),
      ),
    })
    .nullable()
    .describe('The same targets planned without capacities: what it would overload, worst first.'),
});

const service = z.strictObject({
  name: z.string(),
  rsrpDbm: z.number().describe('Threshold at the user.'),
  periods: z.array(
    z.strictObject({
      period: z.string(),
      ...coverage,
      usersNoRoom: users,
      usersNoSignal: users,
      traffic: z
        .strictObject({ offeredMbps: mbps, carriedMbps: mbps, noRoomMbps: mbps, noSignalMbps: mbps })
        .optional()
        .describe('Absent where the scenario states no traffic.'),
    }),
  ),
});

/** `report.json` of `mastplan plan`, version 1. The JSON Schema of the package is made from this. */
export const reportSchema = z.object({
  format: z.literal(REPORT_FORMAT),
  version: z.literal(REPORT_VERSION),
  status,
  feasible: z.boolean(),
  stoppedBy: z.enum(['gap', 'work', 'time', 'interrupt', 'infeasible']),
  rounds: count.describe('Rounds of search taken; a run cut by time can be replayed with as many.'),
  cutRound: z
    .array(count)
    .optional()
    .describe('Tasks of the last round that ended before the time limit cut it; absent = all.'),
  answer: z.string().describe('The plan in one to three sentences.'),
  scenario: z.looseObject({ name: z.string() }).describe('Resolved, file names without folders.'),
  seed: count,
  inputs: z.array(input),
  warnings: z.array(z.string()),
  model: z.looseObject({ name: z.string(), calibrated: z.boolean(), sigmaDb: z.number() }),
  configurations: z.array(z.looseObject({ id: z.string(), reachM: z.number().min(0) })),
  baseline: z.looseObject({
    unmeasured: z.enum(['served', 'unserved']),
    evidence: z.record(z.string(), evidence),
  }),
  ...proof,
  budget: z
    .looseObject({ usersCovered: users, upperBound: users, gap: z.number() })
    .nullable()
    .describe('With a budget: users won against the proven most.'),
  costs: costs.nullable().describe('The cost broken down; null where only the cost of a site is stated.'),
  mix: z.array(mix).describe('New sites by configuration, most first.'),
  capacity: capacity
    .optional()
    .describe('Loads against room; absent where no site can be asked for more than its room.'),
  services: z
    .array(service)
    .optional()
    .describe('Users and traffic of each service; absent where the scenario has one.'),
  periods: z.array(z.strictObject({ period: z.string(), ...coverage })),
  areas: z
    .array(
      z.strictObject({
        region: z
          .string()
          .nullable()
          .describe('Null = all regions, without regions the box around the users.'),
        km2: z.number().min(0),
        servedKm2: z.number().min(0),
      }),
    )
    .nullable()
    .describe('Area served after the plan, by coverage.tif; null where no raster was drawn.'),
  lines: linesRecordSchema
    .optional()
    .describe('Kilometres of roads and railways served; absent unless the scenario names lines.'),
  evaluation: evaluationSchema
    .optional()
    .describe('The finished plan on further periods; absent unless the scenario names them.'),
  phases: z.array(phase),
  sites: z.array(
    z.strictObject({
      id: z.string(),
      rank: z.number().int().min(1),
      phase: z.string().nullable(),
      cost: z.number(),
      costWithout: z
        .number()
        .nullable()
        .describe(
          'Cost of a plan repaired to do without it (the cheapest may cost less); null = none was found.',
        ),
    }),
  ),
  notChosen: z
    .record(z.string(), count)
    .nullable()
    .describe('Candidates not in the plan, by reason; each stands in candidates.geojson.'),
  changes: z
    .strictObject({
      kept: z.array(z.string()),
      givenUp: z.array(z.string()),
      changeCost: z.number().min(0),
      costWithChanges: z.number().min(0).describe('Cost + changeCost per site given up: what was minimised.'),
      lowerBound: z.number().min(0).describe('No plan has a smaller cost with changes.'),
    })
    .nullable()
    .describe('What became of the earlier plan that start names.'),
  counts: z.record(z.string(), count),
  minSpacingM: z.number().nullable(),
  sensitivity: z.array(
    z.strictObject({ offsetDb: z.number(), sites: count.nullable(), cost: z.number().nullable() }),
  ),
  interference: planInterferenceSchema
    .nullable()
    .describe('SINR of the plan under load, where the scenario asks for it.'),
  trace: z.array(traceEntry),
  notes: z.array(z.string()),
  files: z.array(z.string()).describe('Every file of the run, this one included.'),
});

/** JSON Schema (draft 2020-12) of `report.json`. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(reportSchema, { target: 'draft-2020-12' });
}

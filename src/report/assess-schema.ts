import { z } from 'zod';

const share = z.number().min(0).max(1);
const interval = z.strictObject({ low: z.number(), high: z.number() }).nullable();
const evidence = z.strictObject({ users: z.number().min(0), served: z.number().min(0) });

const service = z.string().optional().describe('Absent = users of every service, or the scenario has one.');

/** Users of a share by evidence, and how much of it is known. */
const shareCounts = {
  users: z.number(),
  servedShare: share
    .nullable()
    .describe(
      'Rounded down; unknown users as baseline.unmeasured says; null = nothing is known of any user.',
    ),
  servedShareLow: share.describe('Unknown users as unserved.'),
  servedShareHigh: share.describe('Unknown users as served.'),
  measured: evidence,
  predicted: evidence,
  interpolated: evidence,
  unknownUsers: z.number().min(0),
  interval,
  knownInterval: interval.describe('Of the share among users with evidence.'),
  naiveInterval: interval.describe('Measured points as if independent: for comparison only.'),
} as const;

const shareChange = { before: share, after: share, pValue: share, significant: z.boolean() } as const;

/** assessment.json, version 1. */
export const assessmentSchema = z.strictObject({
  format: z.literal('mastplan-assessment'),
  version: z.literal(1),
  mastplan: z.string(),
  files: z.array(z.string()),
  name: z.string(),
  quarter: z.string().nullable().describe('2026-Q1; null when the measurements have no time.'),
  status: z.enum(['met', 'not-met', 'no-data']),
  computedTargetsMet: z
    .boolean()
    .describe('Also every indicator computed from a table is met or not yet due: exit code 0.'),
  answer: z.string(),
  confidence: share.describe('Level of every interval.'),
  evidence: z.strictObject({
    effectiveSamples: z.number().int(),
    publishedBins: z.number().int(),
    variogram: z.strictObject({ rangeM: z.number(), sillDb2: z.number(), nuggetDb2: z.number() }).nullable(),
  }),
  targets: z.array(
    z.strictObject({
      phase: z.string(),
      period: z.string(),
      region: z.string().nullable(),
      service,
      required: share,
      ...shareCounts,
      probabilityMet: share.nullable(),
      met: z.boolean(),
    }),
  ),
  services: z
    .array(
      z.strictObject({
        name: z.string(),
        rsrpDbm: z.number().describe('Its users are served from this RSRP on.'),
        shares: z.array(
          z.strictObject({
            period: z.string(),
            region: z.string().nullable().describe('null = everywhere; else a region that targets name.'),
            required: share.nullable().describe('Of the strictest target on just these users; null = none.'),
            ...shareCounts,
            probabilityMet: share.nullable(),
            met: z.boolean().nullable(),
          }),
        ),
      }),
    )
    .optional()
    .describe('Absent = the scenario has one service.'),
  weakAreas: z.array(
    z.strictObject({
      id: z.string(),
      period: z.string(),
      service,
      severity: z.enum(['weak', 'hole']),
      users: z.number(),
      usersMeasured: z.number(),
      medianRsrpDbm: z
        .number()
        .nullable()
        .describe('null = out of reach, or withheld (measurements.privacyK).'),
      region: z.string().nullable(),
      causes: z.array(
        z.strictObject({
          code: z.string(),
          figure: z.number().nullable(),
          site: z.string().nullable().describe('Of the cause `capacity`: the site that is full.'),
          missing: z.array(z.string()).describe('Inputs that would tell more.'),
        }),
      ),
      reports: z.number().int(),
    }),
  ),
  measureNext: z.array(
    z.strictObject({
      id: z.string(),
      period: z.string(),
      users: z.number(),
      usersWithoutEvidence: z.number(),
      uncertaintyReduction: share,
    }),
  ),
  feedback: z
    .strictObject({
      reports: z.number().int(),
      otherQuarters: z.number().int().describe('Reports of other quarters, left out.'),
      complaints: z.number().int(),
      inWeakAreas: z.number().int(),
      withoutEvidence: z.number().int(),
      weight: z.number(),
      goodSignal: z.array(
        z.strictObject({
          id: z.string(),
          lon: z.number(),
          lat: z.number(),
          complaints: z.number().int(),
          categories: z.array(z.string()),
          users: z.number(),
          fullSite: z
            .strictObject({ id: z.string(), percent: z.number() })
            .nullable()
            .describe('Serves most users there and carries more than it can.'),
        }),
      ),
    })
    .nullable(),
  comparison: z
    .strictObject({
      previousQuarter: z.string().nullable(),
      comparable: z.boolean(),
      reason: z.enum(['few-bins', 'no-repeats', 'no-samples']).nullable(),
      commonBins: z.number().int(),
      level: z.strictObject({ changeDb: z.number(), pValue: share, significant: z.boolean() }).nullable(),
      share: z
        .strictObject(shareChange)
        .nullable()
        .describe('null also where services have thresholds of their own.'),
      services: z.array(z.strictObject({ name: z.string(), ...shareChange })).optional(),
      squares: z.array(
        z.strictObject({
          lon: z.number(),
          lat: z.number(),
          bins: z.number().int(),
          changeDb: z.number(),
          pValue: share,
          significant: z.boolean(),
        }),
      ),
      targets: z.array(
        z.strictObject({
          period: z.string(),
          region: z.string().nullable(),
          service,
          before: share,
          after: share,
        }),
      ),
      weakAreas: z.array(
        z.strictObject({
          fate: z.enum(['opened', 'persisting', 'closed', 'not-known-now']),
          id: z.string(),
          period: z.string(),
          service,
          users: z.number(),
        }),
      ),
      sitesBuilt: z.array(
        z.strictObject({
          id: z.string(),
          plannedId: z.string().nullable().describe('null = no earlier plan proposed it.'),
          usersPromised: z.number(),
          usersServed: z.number(),
          usersMeasured: z.number().describe('Of the promised ones, those measured now.'),
          usersMeasuredServed: z.number(),
        }),
      ),
      planAccuracy: z
        .strictObject({
          usersPromised: z.number(),
          usersMeasured: z.number(),
          usersMeasuredServed: z.number(),
          shareKept: share.nullable(),
        })
        .nullable(),
    })
    .nullable(),
  scorecard: z.strictObject({
    note: z.string(),
    indicators: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        unit: z.string(),
        direction: z.enum(['up', 'down']),
        target: z.number(),
        deadline: z.string().nullable(),
        value: z.number().nullable().describe('null = no data.'),
        computed: z.boolean().describe('Computed here, not read as it stands.'),
        status: z.enum(['met', 'at-risk', 'missed', 'no-data']),
        trend: z.enum(['improving', 'steady', 'worsening']).nullable(),
        changePerQuarter: z.number().nullable(),
        forecast: z.number().nullable(),
        source: z.string(),
        owner: z.string(),
        note: z.string(),
        series: z.array(z.strictObject({ quarter: z.string(), value: z.number() })),
      }),
    ),
  }),
  actions: z.array(
    z.strictObject({
      rank: z.number().int(),
      kind: z.enum(['build', 'upgrade', 'tilt', 'measure', 'ask']),
      text: z.string(),
      indicator: z.string(),
      subject: z.string(),
      users: z.number(),
      share: share.nullable().describe('Of all users of the period.'),
      weakAreas: z.array(z.string()),
      cost: z.number().nullable(),
      evidence: z.string(),
    }),
  ),
  plan: z
    .strictObject({
      status: z.string(),
      sites: z
        .array(z.strictObject({ id: z.string(), lon: z.number(), lat: z.number(), cost: z.number() }))
        .describe('In building order.'),
      cost: z.number(),
      lowerBound: z.number(),
    })
    .nullable(),
  warnings: z.array(z.string()),
  inputs: z.array(
    z.strictObject({
      role: z.string(),
      file: z.string(),
      sha256: z.string(),
      dialect: z.string(),
      featuresRead: z.number().int(),
      setAside: z.record(z.string(), z.number()),
      identifiersDropped: z.record(z.string(), z.number()),
    }),
  ),
});

export type AssessmentJson = z.output<typeof assessmentSchema>;
export type ShareCountsJson = z.output<z.ZodObject<typeof shareCounts>>;

/** The JSON Schema (draft 2020-12) of assessment.json, as shipped. */
export function assessmentJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(assessmentSchema);
  return { $schema, title: 'mastplan assessment', description: 'What mastplan assess found.', ...schema };
}

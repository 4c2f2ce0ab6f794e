import { z } from 'zod';
import {
  demandSchema,
  trafficSchema,
  capacitySchema,
  measurementsSchema,
  sitesSchema,
  candidatesSchema,
  regionsSchema,
  periodSchema,
  feedbackSchema,
} from './schema/inputs.ts';
import {
  radioSchema,
  configurationSchema,
  terrainSchema,
  clutterSchema,
  serviceSchema,
} from './schema/radio.ts';
import { costSchema } from './schema/cost.ts';
import type { targetSchema } from './schema/goals.ts';
import { phaseSchema, budgetSchema } from './schema/goals.ts';
import { solverSchema, startSchema } from './schema/solver.ts';
import { assessSchema } from './schema/assess.ts';
import { evaluateSchema } from './schema/evaluate.ts';
import { interferenceSchema } from './schema/interference.ts';
import { servicesSchema, type serviceSpecSchema } from './schema/services.ts';
import { linesSchema } from './schema/lines.ts';
import { mapSchema } from './schema/map.ts';
import { name } from './schema/parts.ts';

/** The scenario file, design section 3. Unknown keys are errors; every default is spelled out here and only here. */
export const scenarioSchema = z.strictObject({
  name: name.default('scenario'),
  demand: demandSchema,
  measurements: measurementsSchema.optional(),
  existing: sitesSchema.optional(),
  candidates: candidatesSchema.prefault({}),
  regions: regionsSchema.optional(),
  lines: linesSchema.optional().describe('Roads, railways: how many kilometres are served.'),
  periods: z.array(periodSchema).min(1).optional(),
  timeZone: z.string().optional().describe('IANA name; required when a timestamp lacks an offset.'),
  terrain: terrainSchema.optional(),
  clutter: clutterSchema.optional(),
  radio: radioSchema.prefault({}),
  configurations: z
    .array(configurationSchema)
    .min(1)
    .max(100)
    .optional()
    .describe('Alternatives of every location: at most one of them is built there.'),
  service: serviceSchema.prefault({}),
  services: servicesSchema.optional(),
  traffic: trafficSchema.optional(),
  capacity: capacitySchema.optional(),
  interference: interferenceSchema
    .optional()
    .describe('SINR of the plan in its report, and how far cells may be tuned.'),
  baseline: z.strictObject({ unmeasured: z.enum(['unserved', 'served']).default('unserved') }).prefault({}),
  cost: costSchema.prefault({}),
  phases: z
    .union([
      z.array(phaseSchema).min(1),
      z.strictObject({
        order: z.enum(['nested', 'as-built']).default('nested'),
        list: z.array(phaseSchema).min(1),
      }),
    ])
    .optional()
    .describe('Default: 95 % of all users, then 99 % (in each region where regions are given).'),
  budget: budgetSchema.optional(),
  evaluate: evaluateSchema
    .optional()
    .describe('Users of further periods on which the finished plan is evaluated; they are not planned for.'),
  solver: solverSchema.prefault({}),
  start: startSchema.optional(),
  feedback: feedbackSchema.optional(),
  assess: assessSchema.prefault({}),
  map: mapSchema.optional().describe('Tiles under the map of report.html.'),
});

/** What the schema makes of it: its own defaults filled in. */
export type ParsedScenario = z.output<typeof scenarioSchema>;
export type TargetSpec = z.output<typeof targetSchema>;
export type PhaseSpec = z.output<typeof phaseSchema>;
export type ConfigurationSpec = z.output<typeof configurationSchema>;
export type PeriodSpec = z.output<typeof periodSchema>;

type ParsedService = z.output<typeof serviceSpecSchema>;
/** One of several services, its threshold filled in. */
export interface ServiceSpec extends Omit<ParsedService, 'rsrpDbm'> {
  readonly rsrpDbm: number;
}

type ParsedRadio = ParsedScenario['radio'];
export interface ScenarioRadio extends Omit<ParsedRadio, 'eirpDbm' | 'powerDbm' | 'lossDb'> {
  /** As given, or powerDbm + gainDbi - lossDb. */
  readonly eirpDbm: number;
}

/** Phases in one form, whichever way the file wrote them. */
export interface PhasePlan {
  readonly order: 'nested' | 'as-built';
  readonly list: readonly PhaseSpec[];
}

/** A scenario with every default filled in; paths as written, relative to the scenario file's folder. */
export interface Scenario extends Omit<ParsedScenario, 'radio' | 'phases' | 'services' | 'evaluate'> {
  readonly radio: ScenarioRadio;
  /** Absent: one service. */
  readonly services?: readonly ServiceSpec[] | undefined;
  /** What it does not state is as in `demand`. Absent: the plan is not evaluated on further periods. */
  readonly evaluate?: { readonly demand: ParsedScenario['demand'] } | undefined;
  /** Null when a budget is given instead. */
  readonly phases: PhasePlan | null;
}

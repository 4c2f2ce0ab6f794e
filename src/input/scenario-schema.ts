import { z } from 'zod';
import { shareFraction } from '../fraction.ts';
import { parseMemory } from '../memory/memory-size.ts';
import { MODEL_IDS } from '../radio/models.ts';
import { interferenceSchema } from './interference-schema.ts';
import { mapSchema } from './map-schema.ts';

const name = z.string().min(1).max(200);
const path = z.string().min(1);
const positive = z.number().positive();
const share = z
  .union([z.number(), z.string().max(20)])
  .refine((value) => shareFraction(value) !== null, {
    error: 'must be a share above 0 and at most 1 (at most 9 decimals): write 0.95 for 95 %',
  })
  .describe(
    'Share of users, above 0 and at most 1: write 0.95 for 95 %. Its shortest decimal text is read as an exact fraction.',
  );

/** One value for every period, or one per period by name. */
const perPeriod = <Value extends z.ZodType>(value: Value) => z.union([value, z.record(name, value)]);

const propertyFilter = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const demandSchema = z.strictObject({
  file: path,
  users: z
    .union([z.string(), z.record(name, z.string())])
    .default('users')
    .describe('Property that holds the users, or one property per period.'),
  scale: positive.default(1).describe('Users = property x scale.'),
  cellM: positive.default(100).describe('Polygons are split into cells of at most this side, metres.'),
  regionProperty: z
    .string()
    .optional()
    .describe('Property that names the region, instead of region polygons.'),
  privacyK: z.number().int().positive().optional(),
  trafficMbps: z
    .union([z.string(), z.record(name, z.string())])
    .optional()
    .describe('Property that holds the traffic of all users of the feature, Mbit/s, or one per period.'),
});

export const trafficSchema = z.strictObject({
  mbpsPerUser: perPeriod(positive)
    .optional()
    .describe('Rate of an active user, Mbit/s; one number, or one per period.'),
  activity: perPeriod(z.number().gt(0).max(1))
    .default(1)
    .describe('Share of users active at once; the load of a user is mbpsPerUser x activity.'),
});

export const capacitySchema = z.strictObject({
  mbps: perPeriod(z.number().min(0))
    .optional()
    .describe('Most traffic of a new site without capacity_mbps of its own, Mbit/s.'),
  users: perPeriod(z.number().min(0))
    .optional()
    .describe('Most users of a new site without capacity_users of its own; instead of mbps.'),
});

export const measurementsSchema = z.strictObject({
  files: z.array(path).min(1),
  applyTo: z.enum(['all', 'own']).default('all').describe('all: a sample also speaks for the other periods.'),
  lossDb: z
    .number()
    .default(0)
    .describe('Taken off every sample (for example an outdoor log judged in a car).'),
  privacyK: z.number().int().positive().default(5),
});

export const sitesSchema = z.strictObject({ file: path });

export const generateSchema = z.strictObject({
  spacingM: positive.optional().describe('Default: reach of the default configuration, rounded to 50 m.'),
  weakSpots: z.boolean().default(true),
  keepOut: path.optional(),
});

export const candidatesSchema = z.strictObject({
  file: path.optional(),
  generate: generateSchema.optional(),
  minSpacingM: positive.optional().describe('No two new sites nearer than this, metres.'),
});

export const regionsSchema = z.strictObject({
  file: path,
  where: propertyFilter.optional(),
  groupBy: z.string().optional().describe('Property whose value names the region; default name.'),
});

export const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);

export const periodSchema = z.strictObject({
  name,
  days: z.array(weekday).min(1).optional(),
  from: clock.optional(),
  to: clock.optional(),
});

/** A handset at the edge: defaults of a narrow data service (5 blocks at -4 dB is about 250 kbit/s on LTE). */
export const uplinkSchema = z.strictObject({
  powerDbm: z
    .number()
    .default(23)
    .describe('Handset power; class 3 is 23 dBm (3GPP TS 36.101, TS 38.101-1).'),
  gainDbi: z.number().default(0).describe('Handset antenna.'),
  baseGainDbi: z
    .number()
    .optional()
    .describe('Base antenna gain less feeder loss; default radio.gainDbi - radio.lossDb, else 15.'),
  noiseFigureDb: z.number().min(0).default(3).describe('Of the base station.'),
  blocks: z.number().int().positive().default(5).describe('Resource blocks granted at the edge.'),
  sinrDb: z.number().default(-4).describe('What the edge service needs.'),
  interferenceMarginDb: z.number().min(0).default(2).describe('Rise over thermal noise from other cells.'),
  decides: z
    .boolean()
    .default(false)
    .describe('true: the weaker of downlink and uplink decides who is served; false: it is only reported.'),
});

const subcarrierKhz = z.union([z.literal(15), z.literal(30), z.literal(60), z.literal(120)]);

export const radioSchema = z.strictObject({
  technology: z.enum(['lte', 'nr']).default('lte'),
  frequencyMhz: positive.default(1800),
  bandwidthMhz: positive.default(20),
  subcarrierKhz: subcarrierKhz.default(15),
  eirpDbm: z
    .number()
    .optional()
    .describe(
      'Total carrier EIRP at boresight over all ports, dBm. Default 62, or powerDbm + gainDbi - lossDb.',
    ),
  powerDbm: z.number().optional().describe('Total transmit power over all ports, dBm.'),
  gainDbi: z
    .number()
    .optional()
    .describe(
      'Antenna gain, dBi. Part of the EIRP with powerDbm (default 0); beside eirpDbm for ssbGainDbi and uplink.',
    ),
  lossDb: z.number().optional().describe('Feeder and connector losses; only with powerDbm. Default 0.'),
  ports: z.number().int().positive().default(1),
  boostDb: z.number().default(0),
  ssbGainDbi: z
    .number()
    .optional()
    .describe('NR: gain of the SSB beam; RSRP changes by ssbGainDbi - gainDbi.'),
  heightM: positive.default(30),
  userHeightM: positive.default(1.5),
  azimuths: z.array(z.number()).optional().describe('Boresights, degrees from north; absent = omni.'),
  tiltDeg: z.number().default(0).describe('Electrical downtilt of the sectors.'),
  mechanicalTiltDeg: z.number().min(-90).max(90).default(0).describe('How far the panels lean forward.'),
  antennaFile: path
    .optional()
    .describe('MSI / Planet file (.msi, .ant) of the sectors; stands in for both beamwidths.'),
  horizontalBeamwidthDeg: positive.default(65),
  verticalBeamwidthDeg: positive.default(10),
  environment: z
    .enum(['large-city', 'medium-city', 'suburban', 'open'])
    .default('medium-city')
    .describe('For models with an environment (Hata, COST 231).'),
  model: z
    .enum(['auto', ...MODEL_IDS])
    .default('auto')
    .describe(
      'auto: calibrated where measurements have known sites, else 38.901 UMa (height >= 20 m) or UMi.',
    ),
  modelFile: path.optional().describe('Model written by mastplan calibrate; stands in for model.'),
  sigmaDb: positive.optional().describe("Shadowing standard deviation; default the model's own, else 8 dB."),
  uplink: uplinkSchema.optional().describe('The uplink budget, beside the downlink.'),
  maxReachM: positive.default(30000).describe('No link is computed beyond this distance.'),
});

export const configurationSchema = z
  .strictObject({
    name,
    on: z
      .array(z.enum(['new', 'existing']))
      .min(1)
      .default(['new'])
      .describe('new: on candidates; existing: an upgrade of the sites under existing.'),
    technology: z.enum(['lte', 'nr']).optional(),
    frequencyMhz: positive.optional(),
    bandwidthMhz: positive.optional(),
    subcarrierKhz: subcarrierKhz.optional(),
    eirpDbm: z.number().optional(),
    heightM: positive.optional(),
    tiltDeg: z.number().optional(),
    azimuthSets: z
      .array(z.array(z.number()).min(1))
      .min(1)
      .optional()
      .describe('Each set of boresights is an alternative of its own: [[0, 120, 240], [60, 180, 300]].'),
    capacityMbps: perPeriod(z.number().min(0)).optional(),
    capacityUsers: perPeriod(z.number().min(0)).optional(),
    cost: z.number().min(0).default(0).describe('Equipment, on top of the site.'),
    yearlyCost: z.number().min(0).default(0),
  })
  .describe('One way to build a site; what is absent comes from radio.');

export const terrainSchema = z.strictObject({
  file: path.describe('GeoTIFF, SRTM tile (.hgt, .hgt.gz) or a folder of either.'),
  crs: z
    .string()
    .optional()
    .describe('Coordinate system where the raster names none: EPSG:32633 or a PROJ definition.'),
  stepM: positive.optional().describe('Longest step between profile points; default one cell.'),
});

export const clutterSchema = z.strictObject({
  file: path.describe('GeoTIFF of land-cover classes.'),
  crs: z.string().optional(),
  table: z
    .record(
      z.string().regex(/^\d+$/),
      z.strictObject({ heightM: z.number().min(0).max(1000), lossDb: z.number().min(0).optional() }),
    )
    .optional()
    .describe(
      'Class code -> representative height (m) and further loss at a user there (dB). Default: ESA WorldCover classes.',
    ),
});

export const serviceSchema = z.strictObject({
  rsrpDbm: z.number().default(-105).describe('Threshold at the user, after indoor, vehicle and body loss.'),
  locationProbability: z.number().gt(0).lt(1).default(0.95),
  indoorLossDb: z.number().min(0).default(0).describe('Into buildings; TR 38.901 and P.2109 give values.'),
  vehicleLossDb: z.number().min(0).default(0).describe('Into vehicles; TR 38.901 gives 9 dB.'),
  bodyLossDb: z.number().min(0).default(0).describe('Head or hand beside the device; 3 dB is usual.'),
  indoorSigmaDb: z.number().min(0).default(0),
  binM: positive.default(50),
  minSamples: z.number().int().positive().default(5),
  interpolateM: z.number().min(0).default(300),
  criteria: z.array(z.enum(['rsrp'])).default(['rsrp']),
});

const money = z.number().min(0);

export const towerStepSchema = z.strictObject({
  toM: positive.describe('Antenna heights up to this, metres.'),
  cost: money,
});

export const backhaulSchema = z.strictObject({
  file: path.describe('Where fibre can be had: lines or points.'),
  perKm: money.describe('Cost of a kilometre of new fibre.'),
  yearlyPerKm: money.default(0),
  radioHop: z
    .strictObject({
      maxKm: positive.describe('A radio hop spans at most this distance to the nearest fibre.'),
      cost: money,
      yearlyCost: money.default(0),
    })
    .optional()
    .describe('Taken instead of fibre where it is near enough and cheaper over the years.'),
});

export const costSchema = z.strictObject({
  site: positive.default(1).describe('A site without a cost of its own.'),
  siteYearly: money.default(0).describe('Rent, energy and upkeep of a site per year.'),
  tower: z
    .array(towerStepSchema)
    .min(1)
    .optional()
    .describe('Cost of the mast by antenna height, steps in rising order.'),
  backhaul: backhaulSchema.optional(),
  years: z.number().int().min(1).max(100).default(10).describe('Years of yearly cost that count.'),
  discountRate: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Yearly costs are paid at the end of each year and discounted at this rate.'),
});

export const targetSchema = z.strictObject({
  share,
  period: name.optional().describe('Default: every period.'),
  regions: z
    .union([z.literal('each'), z.array(name).min(1)])
    .optional()
    .describe('Each named region by itself; "each": every region of the layer; default all users.'),
  backup: z
    .number()
    .int()
    .min(2)
    .max(16)
    .optional()
    .describe('The share of users covered by at least this many sites (the network of today counts as one).'),
  by: z
    .enum(['signal', 'sinr'])
    .optional()
    .describe(
      'sinr: users count only where the median SINR at the best server reaches interference.sinrDb. Default signal.',
    ),
});

export const phaseSchema = z.strictObject({ name, targets: z.array(targetSchema).min(1) });

export const budgetSchema = z.strictObject({
  sites: z.number().int().positive().optional(),
  cost: positive.optional(),
  objective: z.enum(['mean', 'worst']).default('mean'),
});

/** In how many tiles the area is searched. */
export const TILE_CHOICES = 'auto, off or a whole number from 1 to 100000';
export const tileChoiceSchema = z.union([z.enum(['auto', 'off']), z.number().int().min(1).max(100_000)], {
  error: `must be ${TILE_CHOICES}`,
});

/** More threads than any machine has cores; each costs memory before it does anything. */
export const MOST_THREADS = 1024;

export const solverSchema = z.strictObject({
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  effort: z.enum(['quick', 'normal', 'thorough']).default('normal'),
  threads: z.number().int().positive().max(MOST_THREADS).optional(),
  memory: z
    .string()
    .refine((text) => parseMemory(text) !== null, { error: 'must be a size such as 4G or 800M' })
    .optional()
    .describe(
      'Most memory a run may use, for example 4G. Default: 80 % of what the machine or its container grants.',
    ),
  timeLimitS: positive.optional(),
  tiles: tileChoiceSchema
    .default('auto')
    .describe('Cut the area into tiles: auto where it is large, off, or so many.'),
});

export const startSchema = z.strictObject({
  run: path.describe('Earlier plan to start from: a run folder, its report.json or the JSON of solve.'),
  changeCost: z
    .number()
    .min(0)
    .default(0)
    .describe('A site of the earlier plan is given up only where that saves more than this.'),
});

export const feedbackSchema = z.strictObject({
  file: path.describe('Points (GeoJSON or CSV) with category, timestamp and optional rating 1..5.'),
  weight: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('plan counts users 1 + weight x complaints within 300 m as much; 0 = off.'),
});

export const assessSchema = z.strictObject({
  quarter: z
    .string()
    .regex(/^\d{4}-Q[1-4]$/)
    .optional()
    .describe(
      'Assess the samples of this quarter alone, for example 2026-Q1; default: all, named by the latest.',
    ),
  scorecard: path.optional().describe("YAML or CSV with the operator's indicators."),
  areaM: positive.default(500).describe('Side of the squares that the measurement plan ranks, metres.'),
  measureAreas: z.number().int().positive().default(12).describe('How many of them are listed.'),
  changeSamples: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Effective samples a bin needs in both quarters to be compared; default service.minSamples.'),
  confidence: z.number().gt(0).lt(1).default(0.9).describe('Level of the intervals.'),
  significance: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('Chance of claiming a change where there is none.'),
});

/** The scenario file, design section 3. Unknown keys are errors; every default is spelled out here and only here. */
export const scenarioSchema = z.strictObject({
  name: name.default('scenario'),
  demand: demandSchema,
  measurements: measurementsSchema.optional(),
  existing: sitesSchema.optional(),
  candidates: candidatesSchema.prefault({}),
  regions: regionsSchema.optional(),
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
export interface Scenario extends Omit<ParsedScenario, 'radio' | 'phases'> {
  readonly radio: ScenarioRadio;
  /** Null when a budget is given instead. */
  readonly phases: PhasePlan | null;
}

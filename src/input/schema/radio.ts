import { z } from 'zod';
import { MODEL_IDS } from '../../radio/model-ids.ts';
import { name, path, perPeriod, positive } from './parts.ts';

/** A handset at the edge: defaults of a narrow data service (5 blocks at -4 dB is about 250 kbit/s on LTE). */
const uplinkSchema = z.strictObject({
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

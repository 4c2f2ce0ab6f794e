import { resolve } from 'node:path';
import { buildSamples, type BuiltSamples } from './calibration/build-samples.ts';
import { calibrateSamples, type CalibratedSamples } from './calibration/calibrate-samples.ts';
import { calibrationWarnings } from './calibration/calibration-warnings.ts';
import { readCalibrationGround, type CalibrationGround } from './calibration/read-ground.ts';
import { InputError } from './errors.ts';
import { utmZoneAt, type UtmZone } from './geo/utm.ts';
import { DEFAULT_MAX_ERRORS, Findings } from './input/findings.ts';
import { readAntenna } from './input/read-antenna.ts';
import { readMeasurements } from './input/read-measurements.ts';
import { parseScenario } from './input/read-scenario.ts';
import { readSites } from './input/read-sites.ts';
import type { Scenario } from './input/scenario-schema.ts';
import type { InputFileSummary, MeasuredQuantity, MeasurementTable, SiteTable } from './input/types.ts';
import type { ProgressListener } from './progress.ts';
import { DEFAULT_CROSS_VALIDATION } from './radio/calibration/cross-validate.ts';
import type { TrendForm } from './radio/calibration/trend.ts';
import { referenceSignalEirpDbm } from './radio/link-budget.ts';

/** What `mastplan calibrate` is asked; every option has a default but the files. */
export interface CalibrateRequest extends CalibrationGround {
  readonly sites: string;
  readonly measurements: readonly string[];
  /** auto: SPM over terrain and when masts of three or more heights were heard, else log-distance. */
  readonly form?: TrendForm | 'auto' | undefined;
  /** auto: free offset per site for relative levels, else one intercept. */
  readonly offset?: 'common' | 'per-site' | 'auto' | undefined;
  readonly technology?: 'lte' | 'nr' | undefined;
  /** Where sites or scenario give none, MHz. */
  readonly frequencyMhz?: number | undefined;
  readonly bandwidthMhz?: number | undefined;
  readonly timeZone?: string | undefined;
  readonly userHeightM?: number | undefined;
  readonly horizontalBeamwidthDeg?: number | undefined;
  readonly verticalBeamwidthDeg?: number | undefined;
  /** MSI / Planet file of the sectors; stands in for both beamwidths. */
  readonly antenna?: string | undefined;
  readonly minDistanceM?: number | undefined;
  readonly maxDistanceM?: number | undefined;
  readonly floorDbm?: number | undefined;
  readonly binM?: number | undefined;
  readonly blockM?: number | undefined;
  readonly bufferM?: number | undefined;
  readonly seeds?: number | undefined;
}

export interface CalibrateContext {
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Data only; `report/write-calibration.ts` turns it into files. */
export interface CalibrationResult extends CalibratedSamples {
  readonly inputs: readonly InputFileSummary[];
  readonly warnings: readonly string[];
  readonly form: TrendForm;
  readonly offset: 'common' | 'per-site';
  readonly quantity: MeasuredQuantity;
  readonly frequencyMhz: number;
  /** Fitted over terrain (and clutter classes); null = without. */
  readonly terrain: { readonly stepM: number; readonly clutter: boolean } | null;
  readonly zone: UtmZone;
  readonly built: Omit<BuiltSamples, 'samples'>;
  readonly crossValidation: {
    readonly blockM: number;
    readonly bufferM: number;
    readonly folds: number;
    readonly seeds: number;
  };
  readonly pattern: { readonly horizontalBeamwidthDeg: number; readonly verticalBeamwidthDeg: number };
}

/** Nearer than this the antenna pattern decides, not the distance, metres. */
const MIN_DISTANCE_M = 100;
const MAX_DISTANCE_M = 30_000;
/** RSRP this weak is what receivers report when they no longer measure, and -44 dBm the end of the scale (TS 36.133). */
const RSRP_FLOOR_DBM = -124;
const RSRP_CEILING_DBM = -44;
/** Squares within which samples of one sector share one weight, metres. */
const DECLUSTER_M = 100;
const PATTERN_LIMIT_DB = 30;
const MIN_HEIGHTS_FOR_SPM = 3;

/**
 * Fits a propagation model to measurements of sites with known position, and says how far to trust it.
 * @throws InputError listing what is wrong with the files
 */
export async function calibrate(
  request: CalibrateRequest,
  context: CalibrateContext = {},
): Promise<CalibrationResult> {
  const scenario = scenarioOf(request);
  const { sites, measurements, inputs, warnings } = await readFiles(request, scenario, context);
  context.onProgress?.({ stage: 'model', message: 'matching and averaging measurements' });
  const zone = utmZoneAt(sites.lon[0]!, sites.lat[0]!);
  const antenna =
    request.antenna === undefined ? null : await readAntenna(resolve(request.antenna), request.antenna);
  const pattern = {
    cuts: antenna?.antenna,
    horizontalBeamwidthDeg: scenario.radio.horizontalBeamwidthDeg,
    verticalBeamwidthDeg: scenario.radio.verticalBeamwidthDeg,
    maxAttenuationDb: PATTERN_LIMIT_DB,
    sideLobeDb: PATTERN_LIMIT_DB,
  };
  const frequencyMhz = commonFrequencyMhz(sites, request.frequencyMhz ?? scenario.radio.frequencyMhz);
  const isRsrp = measurements.quantity === 'rsrp' || measurements.quantity === 'ss-rsrp';
  const maxDistanceM = request.maxDistanceM ?? MAX_DISTANCE_M;
  const ground = await readCalibrationGround(
    request,
    { table: sites, file: request.sites },
    measurements,
    maxDistanceM,
  );
  const { samples, ...built } = buildSamples(measurements, sites, zone, {
    minDistanceM: request.minDistanceM ?? MIN_DISTANCE_M,
    maxDistanceM,
    terrain: ground?.layer ?? null,
    floorDbm: request.floorDbm ?? (isRsrp ? RSRP_FLOOR_DBM : null),
    ceilingDbm: isRsrp ? RSRP_CEILING_DBM : null,
    binM: request.binM ?? 0,
    userHeightM: scenario.radio.userHeightM,
    defaultHeightM: scenario.radio.heightM,
    defaultFrequencyMhz: frequencyMhz,
    referenceEirpDbm: referenceEirp(sites, scenario, measurements.quantity),
    pattern,
  });
  const form = formOf(
    request,
    samples.sectors.map(({ heightM }) => heightM),
  );
  const offset = offsetOf(request, measurements.quantity);
  const crossValidation = {
    ...DEFAULT_CROSS_VALIDATION,
    ...(request.blockM !== undefined && { blockM: request.blockM }),
    ...(request.bufferM !== undefined && { bufferM: request.bufferM }),
    ...(request.seeds !== undefined && { seeds: request.seeds }),
  };
  context.onProgress?.({ stage: 'model', message: `fitting and cross-validating ${samples.count} samples` });
  context.signal?.throwIfAborted();
  const calibrated = calibrateSamples(samples, {
    trend: { form, offset, frequencyMhz, declusterM: DECLUSTER_M },
    pattern,
    userHeightM: scenario.radio.userHeightM,
    crossValidation,
  });
  return {
    ...calibrated,
    inputs: [...inputs, ...(antenna === null ? [] : [antenna.summary]), ...(ground?.summaries ?? [])],
    warnings: [
      ...warnings,
      ...(ground?.warnings ?? []),
      ...calibrationWarnings(calibrated, built, sites, measurements.quantity),
    ],
    terrain: ground && { stepM: ground.layer.stepM, clutter: ground.layer.clutter !== null },
    form,
    offset,
    quantity: measurements.quantity,
    frequencyMhz,
    zone,
    built,
    crossValidation,
    pattern,
  };
}

/** A scenario that carries the request's radio facts, so that files are read by the same rules as for a plan. */
function scenarioOf(request: CalibrateRequest): Scenario {
  const radio = Object.fromEntries(
    Object.entries({
      technology: request.technology,
      frequencyMhz: request.frequencyMhz,
      bandwidthMhz: request.bandwidthMhz,
      userHeightM: request.userHeightM,
      horizontalBeamwidthDeg: request.horizontalBeamwidthDeg,
      verticalBeamwidthDeg: request.verticalBeamwidthDeg,
    }).filter(([, value]) => value !== undefined),
  );
  const zone = { timeZone: request.timeZone ?? 'UTC' };
  const value = { demand: { file: request.sites }, radio, ...zone };
  return parseScenario({ value, lineOf: () => null }, undefined, [], process.cwd());
}

async function readFiles(
  request: CalibrateRequest,
  scenario: Scenario,
  { onProgress }: CalibrateContext,
): Promise<{
  sites: SiteTable;
  measurements: MeasurementTable;
  inputs: InputFileSummary[];
  warnings: string[];
}> {
  const findings = new Findings(DEFAULT_MAX_ERRORS);
  const { sites, summary } = await readSites(resolve(request.sites), {
    file: request.sites,
    role: 'existing',
    findings,
    onProgress,
  });
  const { measurements, summaries } = await readMeasurements(
    request.measurements.map((path) => resolve(path)),
    { files: request.measurements, scenario, findings, onProgress },
  );
  findings.throwIfErrors();
  if (measurements.count === 0) {
    throw new InputError('hold no measurement that can be used.', {
      code: 'no-measurements',
      file: request.measurements.join(', '),
    });
  }
  const warnings = findings.all.map(({ file, message }) =>
    file === undefined ? message : `${file}: ${message}`,
  );
  return { sites, measurements, inputs: [summary, ...summaries], warnings };
}

/** The geometric middle of the sites' frequencies, or the fallback where none is given. */
function commonFrequencyMhz(sites: SiteTable, fallback: number): number {
  const known = sites.frequencyMhz.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return fallback;
  return Math.exp(known.reduce((sum, value) => sum + Math.log(value), 0) / known.length);
}

function referenceEirp(
  sites: SiteTable,
  { radio }: Scenario,
  quantity: MeasuredQuantity,
): (site: number) => number {
  return (site) => {
    const stated = sites.eirpDbm[site]!;
    const eirpDbm = Number.isNaN(stated) ? radio.eirpDbm : stated;
    // Reception level of the whole carrier: nothing to divide.
    if (quantity === 'rxlev') return eirpDbm;
    return referenceSignalEirpDbm({
      technology: radio.technology,
      bandwidthMhz: radio.bandwidthMhz,
      subcarrierKhz: radio.subcarrierKhz,
      frequencyMhz: radio.frequencyMhz,
      eirpDbm,
      ports: radio.ports,
      boostDb: radio.boostDb,
      ssbBeamDb: 0,
    });
  };
}

function formOf({ form, terrain }: CalibrateRequest, heightsM: readonly number[]): TrendForm {
  if (form === 'log-distance' && terrain !== undefined) {
    throw new InputError('--form log-distance does not look at terrain.', {
      code: 'form-without-terrain',
      hint: 'Leave out --terrain, or fit --form spm.',
    });
  }
  if (form !== undefined && form !== 'auto') return form;
  if (terrain !== undefined) return 'spm';
  return new Set(heightsM).size >= MIN_HEIGHTS_FOR_SPM ? 'spm' : 'log-distance';
}

function offsetOf(request: CalibrateRequest, quantity: MeasuredQuantity): 'common' | 'per-site' {
  if (request.offset !== undefined && request.offset !== 'auto') return request.offset;
  return quantity === 'relative' ? 'per-site' : 'common';
}

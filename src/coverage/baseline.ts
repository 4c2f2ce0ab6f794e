import { sharedFloat32, sharedUint32, sharedUint8 } from '../geo/shared-array.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand } from '../input/types.ts';
import { normalCdf } from '../radio/normal.ts';
import { effectiveSamples, zoneOf } from './effective-samples.ts';
import {
  binSamples,
  levelStatistics,
  publishBins,
  samplesOfBin,
  type SampleBins,
} from './measurement-bins.ts';
import {
  sampleViews,
  type BaselineRequest,
  type BaselineScenario,
  type Evidence,
  type View,
} from './sample-views.ts';
import {
  EVIDENCE_INTERPOLATED,
  EVIDENCE_MEASURED,
  EVIDENCE_PREDICTED,
  EVIDENCE_UNKNOWN,
  type Baseline,
  type MeasurementBins,
} from './types.ts';
import { sampleLossDb } from './user-loss.ts';

export interface BaselineResult {
  readonly baseline: Baseline;
  /** As published; null without measurements. */
  readonly bins: MeasurementBins | null;
}

/** Spread a phone's own error adds to what it reports, dB (design, section 5, rule 1). */
export const DEVICE_SD_DB = 3;
/** From this many effective samples on, their own share decides (design, section 5, rule 1). */
const EMPIRICAL_FROM = 60;

/** What one rule says of a place. */
interface Estimate {
  readonly evidence: number;
  /** Median at the user, dBm; NaN = nothing known or nothing heard. */
  readonly rsrpDbm: number;
  readonly probability: number;
  /** Indices of the samples behind a measured place. */
  readonly samples: readonly number[];
}

/** Who is served today, by the first of four rules that applies (design, section 5); the classes are kept apart. */
export function buildBaseline(request: BaselineRequest): BaselineResult {
  const { demand, measurements, scenario } = request;
  const zone = zoneOf(demand.lon, demand.lat);
  const samples = measurements === null ? null : effectiveSamples(measurements, zone);
  const lossDb = sampleLossDb(scenario);
  const userDbm = samples?.levelDbm.map((level) => level - lossDb) ?? new Float64Array(0);
  const evidence: Evidence = { request, zone, samples, userDbm };
  const views = sampleViews(evidence);
  const columns = demand.periods.map(() => emptyColumns(demand.count));
  const used = new Uint8Array(samples?.count ?? 0);
  const lent = new Uint8Array(samples?.count ?? 0);
  for (const view of views) {
    for (let i = 0; i < demand.count; i++) {
      const estimate = estimateAt(evidence, view, i);
      for (const period of view.periods) {
        writeEstimate(columns[period]!, i, estimate, scenario);
        for (const sample of estimate.samples) {
          used[sample] = 1;
          if (samples?.period[sample] !== period) lent[sample] = 1;
        }
      }
    }
  }
  const baseline: Baseline = {
    served: columns.map((column) => column.served),
    evidence: columns.map((column) => column.evidence),
    rsrpDbm: columns.map((column) => column.rsrpDbm),
    probability: columns.map((column) => column.probability),
    samples: columns.map((column) => column.samples),
    samplesUsed: countOnes(used),
    samplesFromAnotherPeriod: countOnes(lent),
    variogram: views.find((view) => view.variogram !== null)?.variogram ?? null,
  };
  return { baseline, bins: publishedBins(evidence) };
}

interface Columns {
  readonly served: Uint8Array;
  readonly evidence: Uint8Array;
  readonly rsrpDbm: Float32Array;
  readonly probability: Float32Array;
  readonly samples: Uint32Array;
}

function emptyColumns(count: number): Columns {
  return {
    served: sharedUint8(count),
    evidence: sharedUint8(count),
    rsrpDbm: sharedFloat32(count),
    probability: sharedFloat32(count),
    samples: sharedUint32(count),
  };
}

function countOnes(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

function estimateAt(evidence: Evidence, view: View, i: number): Estimate {
  return (
    measuredEstimate(evidence, view, i) ??
    predictedEstimate(evidence, view, i) ??
    interpolatedEstimate(evidence, view, i) ?? {
      evidence: EVIDENCE_UNKNOWN,
      rsrpDbm: NaN,
      probability: NaN,
      samples: [],
    }
  );
}

/** RSRP from which the users of a row are served, dBm. */
function thresholdOf({ thresholdDbm, scenario }: BaselineRequest, i: number): number {
  return thresholdDbm === undefined ? scenario.service.rsrpDbm : thresholdDbm[i]!;
}

/** Rule 1: enough effective samples in the bins that the demand cell touches. */
function measuredEstimate({ request, zone, userDbm }: Evidence, view: View, i: number): Estimate | null {
  const { demand, scenario } = request;
  const { minSamples, indoorSigmaDb } = scenario.service;
  const rsrpDbm = thresholdOf(request, i);
  if (view.bins.count === 0) return null;
  const samples = touchedBins(demand, i, zone, view.bins).flatMap((bin) => [...samplesOfBin(view.bins, bin)]);
  if (samples.length < minSamples) return null;
  const { mean, sd } = levelStatistics(userDbm, samples);
  if (samples.length >= EMPIRICAL_FROM) {
    const shares = samples.map((sample) => servedShare(userDbm[sample]! - rsrpDbm, indoorSigmaDb));
    const probability = shares.reduce((a, b) => a + b, 0) / shares.length;
    return { evidence: EVIDENCE_MEASURED, rsrpDbm: mean, probability, samples };
  }
  const spread = Math.hypot(sd, DEVICE_SD_DB, indoorSigmaDb);
  return {
    evidence: EVIDENCE_MEASURED,
    rsrpDbm: mean,
    probability: normalCdf((mean - rsrpDbm) / spread),
    samples,
  };
}

/** One sample's part of the empirical share: yes or no, or smeared by the indoor spread. */
function servedShare(aboveDb: number, indoorSigmaDb: number): number {
  if (indoorSigmaDb > 0) return normalCdf(aboveDb / indoorSigmaDb);
  return aboveDb >= 0 ? 1 : 0;
}

/** The bins with samples that the square of a demand point touches; the bin it lies in where it is a bare point. */
export function touchedBins(demand: Demand, i: number, zone: UtmZone, bins: SampleBins): number[] {
  const [east, north] = zone.toMetres(demand.lon[i]!, demand.lat[i]!);
  const half = demand.cellM[i]! / 2;
  const { binM } = bins;
  const first = { column: Math.floor((east - half) / binM), row: Math.floor((north - half) / binM) };
  const last = {
    column: Math.max(first.column, Math.ceil((east + half) / binM) - 1),
    row: Math.max(first.row, Math.ceil((north + half) / binM) - 1),
  };
  const touched: number[] = [];
  for (let column = first.column; column <= last.column; column++) {
    for (let row = first.row; row <= last.row; row++) {
      const bin = bins.find(column, row);
      if (bin !== undefined) touched.push(bin);
    }
  }
  return touched;
}

/**
 * Rule 2: the best server under the model plus the kriged residual of nearby measurements, with the kriging standard
 * deviation; without measurements nearby the model's own shadowing. Out of reach of every known site and far from
 * measurements there is no signal.
 */
function predictedEstimate({ request }: Evidence, view: View, i: number): Estimate | null {
  const { demand, network, servers, scenario } = request;
  if (network === null) return null;
  const server = servers === undefined ? network.predict(demand.lon[i]!, demand.lat[i]!) : servers.at(i);
  if (server === null) return { evidence: EVIDENCE_PREDICTED, rsrpDbm: NaN, probability: 0, samples: [] };
  const residual = view.kriging?.(demand.lon[i]!, demand.lat[i]!) ?? null;
  const { rsrpDbm: modelDbm, probability } = server;
  if (residual === null) return { evidence: EVIDENCE_PREDICTED, rsrpDbm: modelDbm, probability, samples: [] };
  const rsrpDbm = modelDbm + residual.mean;
  return {
    evidence: EVIDENCE_PREDICTED,
    rsrpDbm,
    probability: servedAt(rsrpDbm - server.thresholdDbm, residual.sd, scenario),
    samples: [],
  };
}

/** Rule 3: kriged levels where sites are unknown and measurements stand within `interpolateM`. */
function interpolatedEstimate({ request }: Evidence, view: View, i: number): Estimate | null {
  const { demand, scenario } = request;
  const level = view.kriging?.(demand.lon[i]!, demand.lat[i]!) ?? null;
  if (level === null) return null;
  const probability = servedAt(level.mean - thresholdOf(request, i), level.sd, scenario);
  return { evidence: EVIDENCE_INTERPOLATED, rsrpDbm: level.mean, probability, samples: [] };
}

/** P(RSRP >= threshold) for a normal spread around `aboveDb`; the indoor spread is added in quadrature. */
function servedAt(aboveDb: number, sdDb: number, { service }: BaselineScenario): number {
  const spread = Math.hypot(sdDb, service.indoorSigmaDb);
  if (spread === 0) return aboveDb >= 0 ? 1 : 0;
  return normalCdf(aboveDb / spread);
}

function writeEstimate(columns: Columns, i: number, estimate: Estimate, scenario: BaselineScenario): void {
  const { evidence, rsrpDbm, probability, samples } = estimate;
  const unknown = evidence === EVIDENCE_UNKNOWN;
  const served = unknown
    ? scenario.baseline.unmeasured === 'served'
    : probability >= scenario.service.locationProbability;
  columns.served[i] = served ? 1 : 0;
  columns.evidence[i] = evidence;
  columns.rsrpDbm[i] = rsrpDbm;
  columns.probability[i] = probability;
  columns.samples[i] = samples.length;
}

/** Bins of all periods together, as published; sums over demand cells are published too (their sample counts). */
function publishedBins({ request, samples, zone }: Evidence): MeasurementBins | null {
  if (samples === null) return null;
  const { demand, scenario } = request;
  const bins = binSamples(samples, scenario.service.binM);
  const groups: number[][] = [];
  for (let i = 0; i < demand.count && bins.count > 0; i++) {
    const touched = touchedBins(demand, i, zone, bins);
    if (touched.length > 1) groups.push(touched);
  }
  return publishBins(samples, bins, scenario.measurements?.privacyK ?? 1, groups);
}

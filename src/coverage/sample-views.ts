import type { UtmZone } from '../geo/utm.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, MeasurementTable } from '../input/types.ts';
import type { EffectiveSamples } from './effective-samples.ts';
import type { DemandServers } from './demand-servers.ts';
import type { ExistingNetwork } from './existing-network.ts';
import { createKriging, type Kriging } from './kriging.ts';
import { binSamples, levelStatistics, samplesOfBin, type SampleBins } from './measurement-bins.ts';
import { fitVariogram, type Variogram } from './variogram.ts';

export type BaselineScenario = Pick<Scenario, 'service' | 'measurements' | 'baseline'>;

export interface BaselineRequest {
  readonly demand: Demand;
  readonly measurements: MeasurementTable | null;
  /** Today's sites under the calibrated model; null = serving sites unknown. */
  readonly network: ExistingNetwork | null;
  /** What `network` gives every demand point, where it was worked out before. */
  readonly servers?: DemandServers | undefined;
  /** [demand] RSRP from which the users of a row are served, dBm; absent = `service.rsrpDbm`. */
  readonly thresholdDbm?: Float64Array | undefined;
  readonly scenario: BaselineScenario;
}

/** What every rule looks at. */
export interface Evidence {
  readonly request: BaselineRequest;
  readonly zone: UtmZone;
  readonly samples: EffectiveSamples | null;
  /** [samples] level at the user: less the losses there and `measurements.lossDb`, dBm. */
  readonly userDbm: Float64Array;
}

/** Samples that speak in some periods, alike in each of them. */
export interface View {
  readonly periods: readonly number[];
  readonly bins: SampleBins;
  readonly variogram: Variogram | null;
  /** Estimates levels at the user where sites are unknown, residuals against the prediction where they are known. */
  readonly kriging: Kriging | null;
}

/** `applyTo: all`: one view for every period; `own`: one per period, of its own samples. */
export function sampleViews(evidence: Evidence): View[] {
  const { request, samples } = evidence;
  const { demand, scenario } = request;
  const all = demand.periods.map((_, period) => period);
  if (samples === null || scenario.measurements?.applyTo !== 'own') {
    return [sampleView(evidence, all, () => true)];
  }
  return all.map((period) => sampleView(evidence, [period], (sample) => samples.period[sample] === period));
}

function sampleView(
  evidence: Evidence,
  periods: readonly number[],
  speaks: (sample: number) => boolean,
): View {
  const { samples, userDbm, request } = evidence;
  const { binM, interpolateM } = request.scenario.service;
  const nothing: EffectiveSamples = samples ?? emptySamples(evidence.zone);
  const bins = binSamples(nothing, binM, speaks);
  if (bins.count === 0 || interpolateM === 0) return { periods, bins, variogram: null, kriging: null };
  const lon: number[] = [];
  const lat: number[] = [];
  const value: number[] = [];
  for (let bin = 0; bin < bins.count; bin++) {
    const chosen = samplesOfBin(bins, bin);
    const at = { lon: meanOf(nothing.lon, chosen), lat: meanOf(nothing.lat, chosen) };
    const predicted = request.network?.predict(at.lon, at.lat) ?? null;
    // A bin out of reach of every known site says nothing of the model's residual.
    if (request.network !== null && predicted === null) continue;
    lon.push(at.lon);
    lat.push(at.lat);
    value.push(meanOf(userDbm, chosen) - (predicted?.rsrpDbm ?? 0));
  }
  if (value.length === 0) return { periods, bins, variogram: null, kriging: null };
  const points = { lon, lat, value };
  const variogram = fitVariogram(points);
  return {
    periods,
    bins,
    variogram,
    kriging: createKriging(points, variogram, { maxDistanceM: interpolateM }),
  };
}

function emptySamples(zone: UtmZone): EffectiveSamples {
  const none = new Float64Array(0);
  return {
    count: 0,
    lon: none,
    lat: none,
    eastM: none,
    northM: none,
    levelDbm: none,
    period: new Uint8Array(0),
    cell: new Int32Array(0),
    readings: new Uint32Array(0),
    zone,
  };
}

function meanOf(values: Float64Array, chosen: Uint32Array): number {
  return levelStatistics(values, chosen).mean;
}

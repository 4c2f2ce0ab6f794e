import { DEVICE_SD_DB, touchedBins } from '../coverage/baseline.ts';
import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import type { DemandServers } from '../coverage/demand-servers.ts';
import type { ExistingNetwork } from '../coverage/existing-network.ts';
import type { SampleBins } from '../coverage/measurement-bins.ts';
import { binSamples, levelStatistics, samplesOfBin } from '../coverage/measurement-bins.ts';
import { rowThresholds } from '../coverage/thresholds.ts';
import { EVIDENCE_MEASURED, type Baseline } from '../coverage/types.ts';
import { sampleLossDb } from '../coverage/user-loss.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { normalQuantile } from '../radio/normal.ts';
import { createRandom } from '../random.ts';
import { demandPlaces, type DemandPlaces } from './demand-places.ts';
import type { LevelBins, Places, Variogram } from './levels.ts';
import { createNormal } from './random-field.ts';
import type { Simulation } from './share-draws.ts';
import { simulateLevels } from './share-draws.ts';

/** Spread within a bin where too few samples tell: fast fading at walking and driving speed, dB. */
const DEFAULT_SPREAD_DB = 4;
const MIN_FREEDOM = 20;
/** Correlation distance of shadowing where no measurement tells: 3GPP TR 38.901, table 7.5-6, UMa NLOS 50 m, RMa 120 m. */
const DEFAULT_RANGE_M = 100;
const DEFAULT_SIGMA_DB = 8;

export interface LevelRequest {
  readonly demand: Demand;
  readonly samples: EffectiveSamples | null;
  readonly network: ExistingNetwork | null;
  /** What `network` gives every demand point; null without known sites. */
  readonly servers: DemandServers | null;
  readonly baseline: Baseline;
  readonly scenario: Pick<Scenario, 'service' | 'services' | 'measurements'>;
  readonly zone: UtmZone;
  /** Periods that share one set of samples; the first stands for them in `baseline`. */
  readonly period: number;
  readonly speaks: (sample: number) => boolean;
  readonly seed: number;
  readonly draws: number;
}

/** Simulated truths about every demand point: is it served, were it measured in full? */
export interface ServedDraws {
  readonly variogram: Variogram;
  readonly bins: number;
  /** Calls back per draw with 1 = served at every demand point (the array is reused). */
  forEachDraw(visit: (served: Uint8Array, draw: number) => void): void;
}

/**
 * What may be true of every demand point given the measurements and the model: served means that the local mean level,
 * with the usual spread of levels within a bin, reaches the threshold with the location probability. Measured points
 * vary by the error of their own mean (their spread is their own, with the device's as rule 1 of design section 5 has
 * it); the others with simulated fields that agree with the measured bins: levels without sites, residuals with them.
 * Services at one place see the same level, each against its own threshold. Null when neither sites nor enough bins are known.
 */
export function drawServed(request: LevelRequest): ServedDraws | null {
  const { demand, samples, network, servers, baseline, scenario, zone, period, seed, draws } = request;
  const { service } = scenario;
  const lossDb = sampleLossDb(scenario);
  const table = samples === null ? null : binSamples(samples, service.binM, request.speaks);
  const places = demandPlaces(demand);
  const trend = Float64Array.from(
    places.firstRow,
    (row) => servers?.at(row)?.rsrpDbm ?? (servers === null ? 0 : NaN),
  );
  const { bins, spreadDb } = levelBins(samples, table, network, lossDb);
  const sigmaDb = network?.sigmaDb ?? DEFAULT_SIGMA_DB;
  const fallback =
    network === null ? undefined : { rangeM: DEFAULT_RANGE_M, sillDb2: sigmaDb * sigmaDb, nuggetDb2: 0 };
  const simulation: Simulation | null = simulateLevels(metresOf(places, demand, zone), bins, {
    seed,
    draws,
    fallback,
  });
  if (simulation === null) return null;
  const margin = normalQuantile(service.locationProbability);
  // Where the uplink decides, its server asks for more than the service's RSRP.
  const thresholds = rowThresholds(scenario, demand);
  const required = thresholds.map(
    (own, row) =>
      (servers?.at(row)?.thresholdDbm ?? own) + margin * Math.hypot(spreadDb, service.indoorSigmaDb),
  );
  const ownMean = new Float64Array(places.count).fill(NaN);
  const ownError = new Float64Array(places.count);
  places.firstRow.forEach((first, place) => {
    if (baseline.evidence[period]![first] !== EVIDENCE_MEASURED || samples === null || table === null) return;
    const own = touchedBins(demand, first, zone, table).flatMap((bin) => [...samplesOfBin(table, bin)]);
    const { mean, sd } = levelStatistics(samples.levelDbm, own);
    ownMean[place] = mean - lossDb;
    ownError[place] = sd / Math.sqrt(own.length);
    const spread = Math.hypot(sd, DEVICE_SD_DB, service.indoorSigmaDb);
    for (let row = first; places.ofRow[row] === place; row++)
      required[row] = thresholds[row]! + margin * spread;
  });
  const forEachDraw = (visit: (served: Uint8Array, draw: number) => void): void => {
    const served = new Uint8Array(demand.count);
    simulation.forEachDraw((level, draw) => {
      const normal = createNormal(createRandom(seed, 0x1000_0000 + draw));
      for (let place = 0; place < places.count; place++) {
        const error = normal();
        const own = ownMean[place]!;
        const value = Number.isNaN(own) ? trend[place]! + level[place]! : own + ownError[place]! * error;
        const first = places.firstRow[place]!;
        for (let row = first; places.ofRow[row] === place; row++)
          served[row] = value >= required[row]! ? 1 : 0;
      }
      visit(served, draw);
    });
  };
  return { variogram: simulation.variogram, bins: bins.count, forEachDraw };
}

function metresOf({ count, firstRow }: DemandPlaces, { lon, lat }: Demand, zone: UtmZone): Places {
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  firstRow.forEach((row, place) => ([x[place], y[place]] = zone.toMetres(lon[row]!, lat[row]!)));
  return { count, x, y };
}

/** Bins as values about the trend, and the usual spread within a bin pooled over all bins. */
function levelBins(
  samples: EffectiveSamples | null,
  table: SampleBins | null,
  network: ExistingNetwork | null,
  lossDb: number,
): { bins: LevelBins; spreadDb: number } {
  const x: number[] = [];
  const y: number[] = [];
  const residual: number[] = [];
  const count: number[] = [];
  let squares = 0;
  let freedom = 0;
  for (let bin = 0; bin < (table?.count ?? 0); bin++) {
    const chosen = samplesOfBin(table!, bin);
    const { mean, sd } = levelStatistics(samples!.levelDbm, chosen);
    squares += (chosen.length - 1) * sd * sd;
    freedom += chosen.length - 1;
    const east = levelStatistics(samples!.eastM, chosen).mean;
    const north = levelStatistics(samples!.northM, chosen).mean;
    const [lon, lat] = samples!.zone.toDegrees(east, north);
    const predicted = network?.predict(lon, lat) ?? null;
    // A bin out of reach of every known site says nothing of the model's residual.
    if (network !== null && predicted === null) continue;
    x.push(east);
    y.push(north);
    residual.push(mean - lossDb - (predicted?.rsrpDbm ?? 0));
    count.push(chosen.length);
  }
  const spreadDb = freedom < MIN_FREEDOM ? DEFAULT_SPREAD_DB : Math.sqrt(squares / freedom);
  return {
    spreadDb,
    bins: {
      count: x.length,
      x: Float64Array.from(x),
      y: Float64Array.from(y),
      residualDb: Float64Array.from(residual),
      errorDb2: Float64Array.from(count, (n) => (spreadDb * spreadDb) / n),
    },
  };
}

import {
  predictRowsKernel,
  type PredictedRows,
  type PredictInputs,
  type RowRange,
} from '../coverage/predict-kernel.ts';
import type { LinkRule } from '../coverage/link-rule.ts';
import type { Executor } from '../executor.ts';
import { bearingDeg, distanceM } from '../geo/ellipsoid.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { sharedFloat64, sharedUint16, sharedUint8, toSharedFloat64 } from '../geo/shared-array.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';
import type { ProgressListener } from '../progress.ts';
import { noisePerResourceElementDbm } from '../radio/link-budget.ts';
import type { PlacesOf, RasterFrame } from './raster-grid.ts';

/** Rows a task works on: fixed by the data, never by the number of threads. */
const ROWS_PER_TASK = 16;
export interface PredictParts {
  readonly scenario: Scenario;
  readonly options: { readonly load: number; readonly noiseFigureDb: number };
  readonly frame: Pick<RasterFrame, 'columns' | 'cellM' | 'west' | 'north' | 'zone'>;
  readonly sites: SiteTable;
  readonly configurationOfSite: Uint16Array;
  readonly rules: readonly LinkRule[];
  readonly terrain: TerrainLayer | null;
}

/** Sites, rules and cells as the kernel takes them. */
export function predictInputs(parts: PredictParts): PredictInputs {
  const { scenario, options, frame, sites, configurationOfSite, rules, terrain } = parts;
  const { zone, cellM } = frame;
  const siteX = sharedFloat64(sites.count);
  const siteY = sharedFloat64(sites.count);
  const scale = sharedFloat64(sites.count);
  const gridNorthRad = sharedFloat64(sites.count);
  const ruleOfSite = sharedUint16(sites.count);
  const firstServer = sharedUint16(sites.count);
  const carriers = [...new Set(rules.map(({ link }) => link.frequencyMhz))];
  const carrierOfRule = sharedUint8(rules.length);
  carrierOfRule.set(rules.map(({ link }) => carriers.indexOf(link.frequencyMhz)));
  let server = 0;
  for (let s = 0; s < sites.count; s++) {
    const [lon, lat] = [sites.lon[s]!, sites.lat[s]!];
    const [x, y] = zone.toMetres(lon, lat);
    // A step of 100 m to grid north tells the plane's scale and how it is turned here.
    const [lonNorth, latNorth] = zone.toDegrees(x, y + 100);
    siteX[s] = x;
    siteY[s] = y;
    scale[s] = 100 / distanceM(lon, lat, lonNorth, latNorth);
    gridNorthRad[s] = (bearingDeg(lon, lat, lonNorth, latNorth) * Math.PI) / 180;
    ruleOfSite[s] = configurationOfSite[s]!;
    firstServer[s] = server;
    server += rules[configurationOfSite[s]!]!.sectors?.azimuthsDeg.length ?? 1;
  }
  return {
    columns: frame.columns,
    cellM,
    x0: frame.west + cellM / 2,
    y0: frame.north - cellM / 2,
    siteX,
    siteY,
    siteLon: toSharedFloat64(sites.lon),
    siteLat: toSharedFloat64(sites.lat),
    scale,
    gridNorthRad,
    ruleOfSite,
    firstServer,
    rules,
    carrierOfRule,
    carrierCount: carriers.length,
    thresholdDbm: scenario.service.rsrpDbm,
    noiseDbm: noisePerResourceElementDbm(scenario.radio.subcarrierKhz, options.noiseFigureDb),
    load: options.load,
    terrain,
  };
}

/** Runs all rows over the executor and puts them together in order. */
export async function predictRows(
  inputs: PredictInputs,
  { columns, rows }: Pick<RasterFrame, 'columns' | 'rows'>,
  run: {
    readonly executor: Executor;
    readonly placesOf: PlacesOf;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressListener | undefined;
  },
): Promise<PredictedRows> {
  const { executor, placesOf, signal, onProgress } = run;
  const tasks: RowRange[] = [];
  for (let fromRow = 0; fromRow < rows; fromRow += ROWS_PER_TASK) {
    const toRow = Math.min(rows, fromRow + ROWS_PER_TASK);
    tasks.push({ fromRow, toRow, ...placesOf(fromRow, toRow) });
  }
  const chunks = await executor.map(predictRowsKernel, inputs, tasks, {
    signal,
    onTaskDone: (done, total) => onProgress?.({ stage: 'predict', fraction: done / total }),
  });
  const ofRule = inputs.rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  const all: PredictedRows = {
    ofRule,
    rsrpDbm: new Float32Array(columns * rows),
    sinrDb: new Float32Array(columns * rows),
    probability: new Float32Array(columns * rows),
    server: new Uint16Array(columns * rows),
  };
  chunks.forEach((chunk, task) => {
    const at = task * ROWS_PER_TASK * columns;
    all.rsrpDbm.set(chunk.rsrpDbm, at);
    all.sinrDb.set(chunk.sinrDb, at);
    all.probability.set(chunk.probability, at);
    all.server.set(chunk.server, at);
    chunk.ofRule.forEach((counts, rule) => {
      const sums = ofRule[rule]!;
      sums.links += counts.links;
      sums.outsideDistance += counts.outsideDistance;
      sums.held += counts.held;
    });
  });
  return all;
}

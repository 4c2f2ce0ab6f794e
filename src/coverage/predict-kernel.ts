import type { Kernel } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { BoundModel, TerrainModel } from '../radio/model.ts';
import { normalCdf } from '../radio/normal.ts';
import { panelAttenuationDb } from '../radio/panel.ts';
import { createPathProfile, type PathProfile } from '../radio/profile.ts';
import { bindTerrainModel, looksAtTerrain } from '../radio/terrain-models.ts';
import type { RuleCounts } from './link-counts.ts';
import { bindRule, type LinkRule } from './link-rule.ts';
import { createLossTable, type LossTable } from './loss-table.ts';
import { terrainLossDb } from './terrain-links.ts';

/** No server reaches the cell. */
export const NO_SERVER = 65_535;

/** Sites and cells of one prediction. Plain data on shared arrays. */
export interface PredictInputs {
  readonly columns: number;
  readonly cellM: number;
  /** Centre of the north-western cell, metres of the plane. */
  readonly x0: number;
  readonly y0: number;
  /** [sites] position in the plane, metres. */
  readonly siteX: Float64Array;
  readonly siteY: Float64Array;
  readonly siteLon: Float64Array;
  readonly siteLat: Float64Array;
  /** [sites] plane metres per true metre, and the bearing of grid north, radians. */
  readonly scale: Float64Array;
  readonly gridNorthRad: Float64Array;
  /** [sites] index into `rules`; first server of the site (one per sector, one for omni). */
  readonly ruleOfSite: Uint16Array;
  readonly firstServer: Uint16Array;
  readonly rules: readonly LinkRule[];
  /** [rules] servers of one carrier disturb one another. */
  readonly carrierOfRule: Uint8Array;
  readonly carrierCount: number;
  /** RSRP at which a rule's `maxLossDb` is reached where the uplink is not the weaker, dBm. */
  readonly thresholdDbm: number;
  /** Noise in one resource element, dBm; share of resource elements other cells use, 0..1. */
  readonly noiseDbm: number;
  readonly load: number;
  readonly terrain: TerrainLayer | null;
}

/** Rows `fromRow` up to, not including, `toRow`. */
export interface RowRange {
  readonly fromRow: number;
  readonly toRow: number;
  /** [2 x cells] longitude and latitude of each cell's centre; null without terrain. */
  readonly degrees: Float64Array | null;
  /** [2 x cells] place of each centre in the plane; null where columns and rows of `cellM` say it. */
  readonly metres: Float64Array | null;
}

export interface PredictedRows {
  /** [cells] median RSRP of the best server, dBm; NaN where none is within reach. */
  readonly rsrpDbm: Float32Array;
  /** [cells] median SINR per resource element, dB. */
  readonly sinrDb: Float32Array;
  /** [cells] P(RSRP of the best server >= threshold). */
  readonly probability: Float32Array;
  /** [cells] server, NO_SERVER where none. */
  readonly server: Uint16Array;
  /** [rules] cells by the configuration that serves them best, and what holds of those links. */
  readonly ofRule: readonly RuleCounts[];
}

/** One rule made ready: either a table by distance, or a model that looks at terrain. */
interface BoundRule {
  readonly rule: LinkRule;
  readonly boresightsDeg: Float64Array;
  readonly spreadDb: number;
  /** The rule's `uplinkShortfallDb`. */
  readonly shortfallDb: number;
  readonly bound: BoundModel | null;
  readonly table: LossTable | null;
  readonly terrain: TerrainModel | null;
}

interface Workspace {
  readonly rules: readonly BoundRule[];
  readonly profile: PathProfile;
  readonly carrierMw: Float64Array;
}

const MAX_POINTS = 4096;
const DEGREES = 180 / Math.PI;
const LN10_OVER_10 = Math.LN10 / 10;
/** Signals this far below noise add nothing to interference, dB. */
const NEGLIGIBLE_DB = 40;

const workspaces = new WeakMap<PredictInputs, Workspace>();

function workspaceOf(inputs: PredictInputs): Workspace {
  let workspace = workspaces.get(inputs);
  if (workspace === undefined) {
    workspace = {
      rules: inputs.rules.map((rule) => bindForPrediction(rule, inputs.terrain)),
      profile: createPathProfile(MAX_POINTS),
      carrierMw: new Float64Array(inputs.carrierCount),
    };
    workspaces.set(inputs, workspace);
  }
  return workspace;
}

function bindForPrediction(rule: LinkRule, terrain: TerrainLayer | null): BoundRule {
  const boresightsDeg = Float64Array.from(rule.sectors?.azimuthsDeg ?? []);
  const shortfallDb = rule.uplinkShortfallDb ?? 0;
  if (terrain !== null && looksAtTerrain(rule.modelId, rule.link.spm)) {
    const model = bindTerrainModel(rule.modelId, rule.link);
    const spreadDb = Math.hypot(model.sigmaDb, rule.extraSigmaDb);
    return { rule, boresightsDeg, shortfallDb, spreadDb, bound: null, table: null, terrain: model };
  }
  const bound = bindRule(rule);
  const table = createLossTable(bound, rule.maxReachM);
  return { rule, boresightsDeg, shortfallDb, spreadDb: bound.sigmaDb, bound, table, terrain: null };
}

/** Best server, signal, SINR and probability for a range of rows. */
export const predictRowsKernel: Kernel<PredictInputs, RowRange, PredictedRows> = {
  name: 'coverage/predict-rows',
  run(inputs, range, context) {
    const { fromRow, toRow } = range;
    const workspace = workspaceOf(inputs);
    const cells = (toRow - fromRow) * inputs.columns;
    const rows: PredictedRows = {
      rsrpDbm: new Float32Array(cells).fill(NaN),
      sinrDb: new Float32Array(cells).fill(NaN),
      probability: new Float32Array(cells).fill(NaN),
      server: new Uint16Array(cells).fill(NO_SERVER),
      ofRule: inputs.rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 })),
    };
    for (let row = fromRow; row < toRow && !context.shouldStop(); row++) {
      predictRow(inputs, workspace, row, range, rows);
    }
    return rows;
  },
};

function predictRow(
  inputs: PredictInputs,
  workspace: Workspace,
  row: number,
  { fromRow, degrees, metres }: RowRange,
  out: PredictedRows,
): void {
  const { columns, cellM, x0, y0, siteX, siteY, scale, gridNorthRad, ruleOfSite, firstServer } = inputs;
  const { rules, profile, carrierMw } = workspace;
  const { carrierOfRule, thresholdDbm, noiseDbm, load, terrain } = inputs;
  const firstCell = (row - fromRow) * columns;
  const noiseMw = Math.exp(noiseDbm * LN10_OVER_10);
  const negligibleDbm = noiseDbm - NEGLIGIBLE_DB;
  for (let column = 0; column < columns; column++) {
    const cell = firstCell + column;
    const x = metres === null ? x0 + column * cellM : metres[2 * cell]!;
    const y = metres === null ? y0 - row * cellM : metres[2 * cell + 1]!;
    carrierMw.fill(0);
    let bestDbm = -Infinity;
    let bestServer = NO_SERVER;
    let bestRule = 0;
    let bestDistanceM = 0;
    let bestSpareDb = 0;
    let bestLossDb = 0;
    let bestHeld = false;
    for (let site = 0; site < siteX.length; site++) {
      const ruleIndex = ruleOfSite[site]!;
      const bound = rules[ruleIndex]!;
      const { rule, boresightsDeg, shortfallDb } = bound;
      const dx = (x - siteX[site]!) / scale[site]!;
      const dy = (y - siteY[site]!) / scale[site]!;
      const distanceM = Math.sqrt(dx * dx + dy * dy);
      if (distanceM > rule.maxReachM) continue;
      let lossDb: number;
      let held = false;
      let dropM = rule.link.txHeightM - rule.link.rxHeightM;
      if (bound.terrain === null) {
        lossDb = bound.table!.lossDb(distanceM);
      } else {
        lossDb = terrainLossDb(
          bound.terrain,
          profile,
          terrain!,
          inputs.siteLon[site]!,
          inputs.siteLat[site]!,
          degrees![2 * cell]!,
          degrees![2 * cell + 1]!,
        );
        if (Number.isNaN(lossDb)) continue;
        held = bound.terrain.heldAtFreeSpace();
        dropM += profile.groundM[0]! - profile.groundM[profile.count - 1]!;
      }
      const sectors = rule.sectors;
      const servers = sectors === null ? 1 : boresightsDeg.length;
      let azimuthDeg = 0;
      let zenithDeg = 0;
      if (sectors !== null) {
        azimuthDeg = (Math.atan2(dx, dy) + gridNorthRad[site]!) * DEGREES;
        zenithDeg = 90 + Math.atan2(dropM, distanceM) * DEGREES;
      }
      for (let s = 0; s < servers; s++) {
        let spareDb = rule.maxLossDb;
        if (sectors !== null) {
          const turn = azimuthDeg - boresightsDeg[s]!;
          const offDeg = turn - 360 * Math.round(turn / 360);
          spareDb -= panelAttenuationDb(sectors.pattern, offDeg, zenithDeg, sectors.electricalTiltDeg);
        }
        const rsrpDbm = thresholdDbm + shortfallDb + spareDb - lossDb;
        if (rsrpDbm > negligibleDbm)
          carrierMw[carrierOfRule[ruleIndex]!]! += Math.exp(rsrpDbm * LN10_OVER_10);
        if (rsrpDbm > bestDbm) {
          bestDbm = rsrpDbm;
          bestServer = firstServer[site]! + s;
          bestRule = ruleIndex;
          bestDistanceM = distanceM;
          bestSpareDb = spareDb;
          bestLossDb = lossDb;
          bestHeld = held;
        }
      }
    }
    if (bestServer === NO_SERVER) continue;
    const best = rules[bestRule]!;
    const servingMw = Math.exp(bestDbm * LN10_OVER_10);
    const othersMw = Math.max(0, carrierMw[carrierOfRule[bestRule]!]! - servingMw);
    const counts = out.ofRule[bestRule]!;
    const { minDistanceM, maxDistanceM } = best.terrain ?? best.bound!;
    counts.links++;
    if (bestDistanceM < minDistanceM || bestDistanceM > maxDistanceM) counts.outsideDistance++;
    if (best.bound === null ? bestHeld : best.bound.heldAtFreeSpace(bestDistanceM)) counts.held++;
    out.rsrpDbm[cell] = bestDbm;
    out.server[cell] = bestServer;
    out.sinrDb[cell] = bestDbm - Math.log(noiseMw + load * othersMw) / LN10_OVER_10;
    out.probability[cell] =
      best.bound === null
        ? normalCdf((bestSpareDb - bestLossDb) / best.spreadDb)
        : best.bound.probabilityWithin(bestSpareDb, bestDistanceM, best.rule.extraSigmaDb);
  }
}

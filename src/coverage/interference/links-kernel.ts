import type { Kernel } from '../../executor.ts';
import { chordOfDistanceM, distanceOfChordM, earthCentred, eastNorth } from '../../geo/ellipsoid.ts';
import { panelAttenuationDb } from '../../radio/panel.ts';
import type { BoundModel, TerrainModel } from '../../radio/model.ts';
import { normalQuantile } from '../../radio/normal.ts';
import { createPathProfile, type PathProfile } from '../../radio/profile.ts';
import { bindTerrainModel, looksAtTerrain } from '../../radio/terrain-models.ts';
import { bindRule, type LinkRule } from '../link-rule.ts';
import { createLossTable, tabulateLoss, type LossTable } from '../loss-table.ts';
import { terrainLossDb } from '../terrain-links.ts';
import type { Masts, RadioLinks } from './radio-links.ts';
import { strongest, type Strongest } from './strongest.ts';

export interface LinksInputs extends Masts {
  readonly placeLon: Float64Array;
  readonly placeLat: Float64Array;
  /** Links kept one by one at each place. */
  readonly mostLinks: number;
  /** Masts whose RSRP at boresight is below this are left out altogether, dBm. */
  readonly weakestDbm: number;
}

export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** Links of the places of a range; `linkStart` counts from 0. */
export type LinksChunk = RadioLinks;

interface BoundMasts {
  readonly xyz: Float64Array;
  readonly axes: readonly Float64Array[];
  readonly rules: readonly BoundRule[];
  readonly heap: Strongest;
  readonly link: Float64Array;
}

interface BoundRule {
  readonly rule: LinkRule;
  readonly limitChord: number;
  /** Median loss towards a place, dB; NaN where terrain has no height. Leaves the drop from mast to user. */
  readonly flat: { readonly bound: BoundModel; readonly median: LossTable; readonly cover: LossTable } | null;
  readonly overTerrain: {
    readonly model: TerrainModel;
    readonly profile: PathProfile;
    readonly marginDb: number;
  } | null;
}

const DEGREES = 180 / Math.PI;
const LN10_OVER_10 = Math.LN10 / 10;
const MAX_POINTS = 4096;
/** Covered or not is asked of the model itself this near to the edge, dB: ten times the table's error. */
const EDGE_DB = 0.02;
/** Bisections of 1 dB: 0.0002 dB. */
const COVER_STEPS = 12;
/** A place at the very edge is put this far on its side of it, dB: angles are kept as 32-bit numbers. */
const ON_EDGE_DB = 1e-3;
/** Values of one link in the scratch row of a mast. */
const WIDTH = 4;

const bound = new WeakMap<LinksInputs, BoundMasts>();

function boundMasts(inputs: LinksInputs): BoundMasts {
  let masts = bound.get(inputs);
  if (masts === undefined) {
    masts = {
      xyz: earthCentred(inputs.lon, inputs.lat),
      axes: Array.from(inputs.lon, (lon, mast) => eastNorth(lon, inputs.lat[mast]!)),
      rules: inputs.rules.map((rule) => bindForLinks(rule, inputs)),
      heap: strongest(inputs.mostLinks),
      link: new Float64Array(WIDTH * inputs.count),
    };
    bound.set(inputs, masts);
  }
  return masts;
}

function bindForLinks(rule: LinkRule, { terrain }: LinksInputs): BoundRule {
  const limitChord = chordOfDistanceM(rule.maxReachM);
  if (terrain !== null && looksAtTerrain(rule.modelId, rule.link.spm)) {
    const model = bindTerrainModel(rule.modelId, rule.link);
    const spreadDb = Math.hypot(model.sigmaDb, rule.extraSigmaDb);
    const marginDb = normalQuantile(rule.locationProbability) * spreadDb;
    const overTerrain = { model, profile: createPathProfile(MAX_POINTS), marginDb };
    return { rule, limitChord, flat: null, overTerrain };
  }
  const model = bindRule(rule);
  const median = createLossTable(model, rule.maxReachM);
  const cover = tabulateCover(rule, model);
  return { rule, limitChord, flat: { bound: model, median, cover }, overTerrain: null };
}

/** Table of the loss that is not exceeded with the location probability. */
function tabulateCover(rule: LinkRule, model: BoundModel): LossTable {
  const { locationProbability, extraSigmaDb, maxReachM } = rule;
  let marginDb = 0;
  return tabulateLoss((distanceM) => {
    const medianDb = model.medianLossDb(distanceM);
    const within = (margin: number): boolean =>
      model.probabilityWithin(medianDb + margin, distanceM, extraSigmaDb) >= locationProbability;
    // The margin moves little from one knot to the next.
    let high = marginDb;
    while (!within(high)) high++;
    let low = high - 1;
    while (within(low)) low--;
    high = Math.min(high, low + 1);
    for (let step = 0; step < COVER_STEPS; step++) {
      const middle = (low + high) / 2;
      if (within(middle)) high = middle;
      else low = middle;
    }
    marginDb = high;
    return medianDb + high;
  }, maxReachM);
}

/** The strongest masts of every place in a range, and the sum of the others. */
export const radioLinksKernel: Kernel<LinksInputs, PlaceRange, LinksChunk> = {
  name: 'coverage/radio-links',
  run(inputs, { from, to }, context) {
    const masts = boundMasts(inputs);
    const rows = new ChunkRows(to - from, inputs);
    for (let place = from; place < to; place++) {
      // Stopped: the places left hear nothing, and whoever stopped it drops the result.
      if (context.shouldStop()) rows.endPlace(place - from);
      else linksOfPlace(inputs, masts, place, place - from, rows);
    }
    return rows.done();
  },
};

function linksOfPlace(
  inputs: LinksInputs,
  masts: BoundMasts,
  place: number,
  row: number,
  rows: ChunkRows,
): void {
  const { xyz, rules, heap, link } = masts;
  const { ruleOfMast, peakDbm, carrierOfRule, weakestDbm, carrierCount } = inputs;
  const lon = inputs.placeLon[place]!;
  const lat = inputs.placeLat[place]!;
  const origin = earthCentred([lon], [lat]);
  heap.clear();
  for (let mast = 0; mast < inputs.count; mast++) {
    const ruleIndex = ruleOfMast[mast]!;
    const own = rules[ruleIndex]!;
    const dx = origin[0]! - xyz[3 * mast]!;
    const dy = origin[1]! - xyz[3 * mast + 1]!;
    const dz = origin[2]! - xyz[3 * mast + 2]!;
    const chord = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (chord > own.limitChord) continue;
    const distanceM = distanceOfChordM(chord);
    let dropM = own.rule.link.txHeightM - own.rule.link.rxHeightM;
    let lossDb: number;
    if (own.flat !== null) {
      lossDb = own.flat.median.lossDb(distanceM);
    } else {
      const { model, profile } = own.overTerrain!;
      lossDb = terrainLossDb(model, profile, inputs.terrain!, inputs.lon[mast]!, inputs.lat[mast]!, lon, lat);
      dropM += profile.groundM[0]! - profile.groundM[profile.count - 1]!;
    }
    const levelDbm = peakDbm[ruleIndex]! - lossDb;
    if (!(levelDbm >= weakestDbm)) continue;
    const at = WIDTH * mast;
    link[at] = lossDb;
    link[at + 2] = dropM;
    link[at + 3] = distanceM;
    const out = heap.offer(mast, levelDbm);
    if (out >= 0) {
      const rule = ruleOfMast[out]!;
      const outRule = rules[rule]!.rule;
      if (outRule.sectors !== null) pointAt(masts, origin, out);
      rows.rest[row * carrierCount + carrierOfRule[rule]!]! += sumOfSectorsMw(
        outRule,
        peakDbm[rule]!,
        link,
        WIDTH * out,
      );
    }
  }
  for (const mast of heap.sorted()) {
    pointAt(masts, origin, mast);
    const at = WIDTH * mast;
    rows.push(mast, link, at, coverLossOf(rules[ruleOfMast[mast]!]!, link, at));
  }
  rows.endPlace(row);
}

/** Puts the direction from a mast to the place into its scratch row, where the drop stood: only kept masts need it. */
function pointAt({ xyz, axes, link }: BoundMasts, origin: Float64Array, mast: number): void {
  const at = WIDTH * mast;
  const dx = origin[0]! - xyz[3 * mast]!;
  const dy = origin[1]! - xyz[3 * mast + 1]!;
  const dz = origin[2]! - xyz[3 * mast + 2]!;
  const [ex, ey, , nx, ny, nz] = axes[mast]!;
  link[at + 1] = Math.atan2(ex! * dx + ey! * dy, nx! * dx + ny! * dy + nz! * dz) * DEGREES;
  link[at + 2] = 90 + Math.atan2(link[at + 2]!, link[at + 3]!) * DEGREES;
}

/** From the table; near the edge of the cover as built the model itself says on which side the place lies. */
function coverLossOf({ rule, flat, overTerrain }: BoundRule, link: Float64Array, at: number): number {
  if (flat === null) return link[at]! + overTerrain!.marginDb;
  const distanceM = link[at + 3]!;
  const tableDb = flat.cover.lossDb(distanceM);
  let attenuationDb = rule.sectors === null ? 0 : Infinity;
  for (let sector = 0; sector < (rule.sectors?.azimuthsDeg.length ?? 0); sector++) {
    attenuationDb = Math.min(attenuationDb, sectorAttenuationDb(rule, sector, link[at + 1]!, link[at + 2]!));
  }
  const allowedDb = rule.maxLossDb - attenuationDb;
  if (Math.abs(allowedDb - tableDb) >= EDGE_DB) return tableDb;
  const covers =
    flat.bound.probabilityWithin(allowedDb, distanceM, rule.extraSigmaDb) >= rule.locationProbability;
  return covers ? Math.min(tableDb, allowedDb - ON_EDGE_DB) : Math.max(tableDb, allowedDb + ON_EDGE_DB);
}

function sectorAttenuationDb(rule: LinkRule, sector: number, azimuthDeg: number, zenithDeg: number): number {
  const { azimuthsDeg, pattern, electricalTiltDeg } = rule.sectors!;
  const turn = azimuthDeg - azimuthsDeg[sector]!;
  return panelAttenuationDb(pattern, turn - 360 * Math.round(turn / 360), zenithDeg, electricalTiltDeg);
}

function sumOfSectorsMw(rule: LinkRule, peakDbm: number, link: Float64Array, at: number): number {
  const levelDbm = peakDbm - link[at]!;
  if (rule.sectors === null) return Math.exp(levelDbm * LN10_OVER_10);
  let sum = 0;
  for (let sector = 0; sector < rule.sectors.azimuthsDeg.length; sector++) {
    const offDb = sectorAttenuationDb(rule, sector, link[at + 1]!, link[at + 2]!);
    sum += Math.exp((levelDbm - offDb) * LN10_OVER_10);
  }
  return sum;
}

/** Grows as links come; `done` cuts it to size. */
class ChunkRows {
  readonly rest: Float64Array;
  readonly #start: Uint32Array;
  readonly #mast: Uint32Array;
  readonly #cover: Float64Array;
  readonly #values: readonly Float32Array[];
  #used = 0;

  constructor(places: number, { mostLinks, carrierCount }: LinksInputs) {
    const most = places * mostLinks;
    this.rest = new Float64Array(places * carrierCount);
    this.#start = new Uint32Array(places + 1);
    this.#mast = new Uint32Array(most);
    this.#cover = new Float64Array(most);
    this.#values = [0, 1, 2, 3].map(() => new Float32Array(most));
  }

  push(mast: number, link: Float64Array, at: number, coverLossDb: number): void {
    this.#mast[this.#used] = mast;
    this.#cover[this.#used] = coverLossDb;
    for (let k = 0; k < 4; k++) this.#values[k]![this.#used] = link[at + k]!;
    this.#used++;
  }

  endPlace(row: number): void {
    this.#start[row + 1] = this.#used;
  }

  done(): LinksChunk {
    const used = this.#used;
    const [lossDb, azimuthDeg, zenithDeg, distanceM] = this.#values.map((values) => values.slice(0, used));
    return {
      placeCount: this.#start.length - 1,
      linkStart: this.#start,
      mast: this.#mast.slice(0, used),
      coverLossDb: this.#cover.slice(0, used),
      lossDb: lossDb!,
      azimuthDeg: azimuthDeg!,
      zenithDeg: zenithDeg!,
      distanceM: distanceM!,
      restMw: this.rest,
    };
  }
}

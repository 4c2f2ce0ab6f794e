import { freeSpaceLossAtOneMetreDb } from './free-space.ts';
import type { BoundModel, LinkParameters } from './model.ts';
import { normalCdf } from './normal.ts';
import type { ValidRange } from './validity.ts';
import { validityWarnings } from './validity.ts';

/** Shadowing standard deviation where a model states none, dB (design, section 5 rule 2). */
export const DEFAULT_SIGMA_DB = 8;

/** Less than this below free space is rounding (38.901 takes c as 3.0e8 m/s: 0.006 dB), not a formula out of place. */
const HELD_FROM_DB = 0.01;

/** Below this probability of one state the other one stands alone. */
const NEGLIGIBLE = 1e-12;

interface Common {
  readonly name: string;
  readonly link: LinkParameters;
  readonly ranges: readonly ValidRange[];
}

/** A model of one state: median by distance, one sigma (which may itself change with distance). */
export interface SingleStateModel extends Common {
  /** Raw median loss at a ground distance, dB. */
  readonly lossDb: (distanceM: number) => number;
  readonly sigmaDb: number;
  readonly sigmaAtDb?: (distanceM: number) => number;
}

/** A model of two states, line of sight or not, each with its own median and sigma. */
export interface MixtureModel extends Common {
  readonly losLossDb: (distanceM: number) => number;
  readonly nlosLossDb: (distanceM: number) => number;
  readonly losProbability: (distanceM: number) => number;
  readonly losSigmaDb: (distanceM: number) => number;
  readonly nlosSigmaDb: number;
}

/** Free space over the slant distance of this link, as a function of the ground distance. */
function freeSpaceFloor(link: LinkParameters): (distanceM: number) => number {
  const atOneMetreDb = freeSpaceLossAtOneMetreDb(link.frequencyMhz);
  const rise2 = (link.txHeightM - link.rxHeightM) ** 2;
  return (distanceM) => atOneMetreDb + 10 * Math.log10(Math.max(1, distanceM * distanceM + rise2));
}

/** True where a raw loss lies so far below free space that free space stands in for it. */
export function isHeld(rawLossDb: number, freeSpaceDb: number): boolean {
  return rawLossDb < freeSpaceDb - HELD_FROM_DB;
}

function stated(common: Common): Pick<BoundModel, 'name' | 'warnings' | 'minDistanceM' | 'maxDistanceM'> {
  const { frequencyMhz, txHeightM, rxHeightM } = common.link;
  const distance = common.ranges.find((range) => range.parameter === 'distanceM');
  return {
    name: common.name,
    warnings: validityWarnings(common.name, common.ranges, { frequencyMhz, txHeightM, rxHeightM }),
    minDistanceM: distance?.min ?? 0,
    maxDistanceM: distance?.max ?? Infinity,
  };
}

/** P(loss <= maxLossDb) for a normal spread; a spread of 0 is a step. */
function withinNormal(marginDb: number, sigmaDb: number, extraSigmaDb: number): number {
  const spread = extraSigmaDb === 0 ? sigmaDb : Math.sqrt(sigmaDb * sigmaDb + extraSigmaDb * extraSigmaDb);
  if (spread === 0) return marginDb >= 0 ? 1 : 0;
  return normalCdf(marginDb / spread);
}

/** Holds a one-state model at free space and gives it its shadowing. */
export function bindSingleState(model: SingleStateModel): BoundModel {
  const { link, lossDb } = model;
  const floorDb = freeSpaceFloor(link);
  const fixedSigmaDb = link.sigmaDb;
  const ownSigmaDb = model.sigmaAtDb;
  const sigmaDb = fixedSigmaDb ?? model.sigmaDb;
  const medianLossDb = (distanceM: number): number => Math.max(floorDb(distanceM), lossDb(distanceM));
  const sigmaAt = fixedSigmaDb === null && ownSigmaDb !== undefined ? ownSigmaDb : (): number => sigmaDb;
  return {
    ...stated(model),
    sigmaDb,
    medianLossDb,
    heldAtFreeSpace: (distanceM) => isHeld(lossDb(distanceM), floorDb(distanceM)),
    probabilityWithin: (maxLossDb, distanceM, extraSigmaDb) =>
      withinNormal(maxLossDb - medianLossDb(distanceM), sigmaAt(distanceM), extraSigmaDb),
  };
}

/** Mixes both states by their probability: P = pLOS P_LOS + (1 - pLOS) P_NLOS (design, section 5 rule 2). */
export function bindMixture(model: MixtureModel): BoundModel {
  const { link, losProbability } = model;
  const floorDb = freeSpaceFloor(link);
  const losDb = (distanceM: number): number => Math.max(floorDb(distanceM), model.losLossDb(distanceM));
  const nlosDb = (distanceM: number): number => Math.max(floorDb(distanceM), model.nlosLossDb(distanceM));
  const fixedSigmaDb = link.sigmaDb;
  const losSigma = fixedSigmaDb === null ? model.losSigmaDb : (): number => fixedSigmaDb;
  const nlosSigmaDb = fixedSigmaDb ?? model.nlosSigmaDb;
  const probabilityWithin = (maxLossDb: number, distanceM: number, extraSigmaDb: number): number => {
    const pLos = losProbability(distanceM);
    const inNlos =
      pLos > 1 - NEGLIGIBLE ? 0 : withinNormal(maxLossDb - nlosDb(distanceM), nlosSigmaDb, extraSigmaDb);
    const inLos =
      pLos < NEGLIGIBLE ? 0 : withinNormal(maxLossDb - losDb(distanceM), losSigma(distanceM), extraSigmaDb);
    return pLos * inLos + (1 - pLos) * inNlos;
  };
  return {
    ...stated(model),
    sigmaDb: nlosSigmaDb,
    probabilityWithin,
    medianLossDb: (distanceM) =>
      mixtureMedianDb(
        losProbability(distanceM),
        losDb(distanceM),
        losSigma(distanceM),
        nlosDb(distanceM),
        nlosSigmaDb,
      ),
    heldAtFreeSpace: (distanceM) =>
      isHeld(model.nlosLossDb(distanceM), floorDb(distanceM)) ||
      isHeld(model.losLossDb(distanceM), floorDb(distanceM)),
  };
}

/**
 * Median of a mixture of two normal distributions, dB: it lies between both medians; 40 bisections settle it to
 * better than 1e-10 dB for any gap below 100 dB.
 */
export function mixtureMedianDb(
  firstShare: number,
  firstMedianDb: number,
  firstSigmaDb: number,
  secondMedianDb: number,
  secondSigmaDb: number,
): number {
  if (firstShare > 1 - NEGLIGIBLE) return firstMedianDb;
  if (firstShare < NEGLIGIBLE) return secondMedianDb;
  let low = Math.min(firstMedianDb, secondMedianDb);
  let high = Math.max(firstMedianDb, secondMedianDb);
  for (let step = 0; step < 40 && high - low > 1e-10; step++) {
    const middle = (low + high) / 2;
    const share =
      firstShare * withinNormal(middle - firstMedianDb, firstSigmaDb, 0) +
      (1 - firstShare) * withinNormal(middle - secondMedianDb, secondSigmaDb, 0);
    if (share < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

import { resourceBlocks, type RadioTechnology } from './resource-grid.ts';

/**
 * Throughput of a link by its SINR: Shannon's bound, made smaller by a factor and cut off at both ends.
 * 3GPP TR 36.942, Annex A.1: Thr = 0 below SNIR_MIN, alpha x S(SNIR) with S = log2(1 + SNIR) between, Thr_MAX above.
 */
export interface TruncatedShannon {
  /** Implementation losses alpha. */
  readonly alpha: number;
  /** Least SINR at which anything is received (SNIR_MIN), dB. */
  readonly leastSinrDb: number;
  /** Most a link carries (Thr_MAX), bit/s/Hz. */
  readonly mostBpsPerHz: number;
}

/**
 * The downlink of 3GPP TR 36.942, Annex A.2, Table A.1: alpha 0.6, -10 dB (QPSK, code rate 1/8), 4.4 bit/s/Hz (64QAM, code rate
 * 4/5) with one transmit and two receive antennas. Layers beyond the first are the caller's.
 */
export const TR36942_DOWNLINK: TruncatedShannon = { alpha: 0.6, leastSinrDb: -10, mostBpsPerHz: 4.4 };

/** Spectral efficiency at a SINR, bit/s/Hz. */
export function spectralEfficiency(sinrDb: number, curve: TruncatedShannon = TR36942_DOWNLINK): number {
  if (!(sinrDb >= curve.leastSinrDb)) return 0;
  return Math.min(curve.mostBpsPerHz, curve.alpha * Math.log2(1 + 10 ** (sinrDb / 10)));
}

/** SINR from which the curve gives its most, dB. */
export function saturationSinrDb(curve: TruncatedShannon = TR36942_DOWNLINK): number {
  return 10 * Math.log10(2 ** (curve.mostBpsPerHz / curve.alpha) - 1);
}

/** What turns spectral efficiency into Mbit/s. */
export interface CellCarrier {
  readonly technology: RadioTechnology;
  readonly bandwidthMhz: number;
  readonly subcarrierKhz: number;
  readonly frequencyMhz: number;
  /** Spatial layers, each as good as the first: an assumption that flatters more than 2. */
  readonly layers: number;
  /** Share of resource elements not used for data (control, reference signals), 0..1. */
  readonly overhead: number;
}

/** Bandwidth that carries resource blocks: the channel without its guard bands, MHz. */
export function occupiedMhz({
  technology,
  bandwidthMhz,
  subcarrierKhz,
  frequencyMhz,
}: Omit<CellCarrier, 'layers' | 'overhead'>): number {
  const blocks = resourceBlocks(technology, bandwidthMhz, subcarrierKhz, frequencyMhz);
  return (blocks * 12 * subcarrierKhz) / 1000;
}

/** Rate of a cell that gives all its resources to one user at this SINR, Mbit/s. */
export function cellRateMbps(
  carrier: CellCarrier,
  sinrDb: number,
  curve: TruncatedShannon = TR36942_DOWNLINK,
): number {
  const usable = occupiedMhz(carrier) * carrier.layers * (1 - carrier.overhead);
  return usable * spectralEfficiency(sinrDb, curve);
}

/**
 * Capacity of a cell whose users stand at these SINRs, Mbit/s: the traffic mix it serves when all resources are used. Each user's traffic
 * takes resources in inverse proportion to its efficiency, so the mean is harmonic, weighted by traffic. Traffic at a
 * SINR that carries nothing is left out; 0 when nothing is left.
 *
 * @param trafficMbps weight of each user: its traffic, in any one unit
 */
export function cellCapacityMbps(
  carrier: CellCarrier,
  sinrDb: ArrayLike<number>,
  trafficMbps: ArrayLike<number>,
  curve: TruncatedShannon = TR36942_DOWNLINK,
): number {
  let traffic = 0;
  let resourceTime = 0;
  for (let i = 0; i < sinrDb.length; i++) {
    const rate = cellRateMbps(carrier, sinrDb[i]!, curve);
    if (rate === 0) continue;
    traffic += trafficMbps[i]!;
    resourceTime += trafficMbps[i]! / rate;
  }
  return resourceTime === 0 ? 0 : traffic / resourceTime;
}

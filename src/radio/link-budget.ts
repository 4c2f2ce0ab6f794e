import { resourceBlocks } from './resource-grid.ts';
import type { RadioTechnology } from './resource-grid.ts';

/** Subcarriers per resource block (3GPP TS 36.211 and 38.211). */
const SUBCARRIERS = 12;

/** Thermal noise density k T at 290 K, dBm/Hz: 10 lg(1.380649e-23 x 290 x 1000). */
export const THERMAL_NOISE_DBM_HZ = 10 * Math.log10(1.380649e-23 * 290 * 1000);

const milliwatt = (dbm: number): number => 10 ** (dbm / 10);
const decibel = (ratio: number): number => 10 * Math.log10(ratio);

/** A downlink carrier. */
export interface Carrier {
  readonly technology: RadioTechnology;
  readonly bandwidthMhz: number;
  readonly subcarrierKhz: number;
  readonly frequencyMhz: number;
  /** Total carrier EIRP at boresight over all ports, dBm. */
  readonly eirpDbm: number;
  readonly ports: number;
  /** Reference-signal (LTE) or SSS (NR) power boost, dB. */
  readonly boostDb: number;
  /** NR: gain of the SSB beam less the gain the EIRP was stated with, dB; 0 for LTE. */
  readonly ssbBeamDb: number;
}

/** Losses between antenna and receiver beside the path loss, dB; positive weakens. */
export interface ReceiverLosses {
  readonly bodyDb: number;
  readonly vehicleDb: number;
  readonly buildingDb: number;
  /** Receive antenna gain, dBi. */
  readonly gainDbi: number;
}

export const NO_LOSSES: ReceiverLosses = { bodyDb: 0, vehicleDb: 0, buildingDb: 0, gainDbi: 0 };

/**
 * NR: what the SSB beam gives beside the stated gain, dB: `ssbGainDbi - gainDbi` where both are known, else 0 (the EIRP is
 * then taken to be that of the SSB).
 */
export function ssbBeamDb(ssbGainDbi: number | undefined, gainDbi: number | undefined): number {
  return ssbGainDbi === undefined || gainDbi === undefined ? 0 : ssbGainDbi - gainDbi;
}

/**
 * Energy per resource element, dBm: carrier power spread over all subcarriers, plus the boost.
 *
 * @param carrierDbm power of the carrier on one port, dBm
 */
export function energyPerResourceElementDbm(carrierDbm: number, blocks: number, boostDb = 0): number {
  return carrierDbm - decibel(SUBCARRIERS * blocks) + boostDb;
}

/**
 * EIRP of one reference-signal resource element at boresight, dBm. RSRP = this - losses (design, section 3):
 * eirpDbm - 10 lg(ports) - 10 lg(12 N_RB) + boost. Definitions: 3GPP TS 36.214 section 5.1.1, TS 38.215 section 5.1.1.
 *
 * @throws RangeError for a bandwidth and subcarrier spacing that do not exist together
 */
export function referenceSignalEirpDbm(carrier: Carrier): number {
  const blocks = resourceBlocks(
    carrier.technology,
    carrier.bandwidthMhz,
    carrier.subcarrierKhz,
    carrier.frequencyMhz,
  );
  const perPortDbm = carrier.eirpDbm - decibel(carrier.ports);
  return energyPerResourceElementDbm(perPortDbm, blocks, carrier.boostDb) + carrier.ssbBeamDb;
}

/** Received reference-signal power, dBm. `pathLossDb` includes what the antenna pattern takes off boresight. */
export function rsrpDbm(carrier: Carrier, pathLossDb: number, losses: ReceiverLosses = NO_LOSSES): number {
  return referenceSignalEirpDbm(carrier) - pathLossDb - receiverLossDb(losses);
}

/** Sum of the losses at the receiver less its gain, dB. */
export function receiverLossDb(losses: ReceiverLosses): number {
  return losses.bodyDb + losses.vehicleDb + losses.buildingDb - losses.gainDbi;
}

/** Largest path loss (antenna pattern included) at which the RSRP reaches the threshold, dB; no shadowing margin. */
export function maxPathLossDb(
  carrier: Carrier,
  thresholdDbm: number,
  losses: ReceiverLosses = NO_LOSSES,
): number {
  return referenceSignalEirpDbm(carrier) - thresholdDbm - receiverLossDb(losses);
}

/** Thermal noise in one resource element plus the noise figure, dBm; 290 K. */
export function noisePerResourceElementDbm(subcarrierKhz: number, noiseFigureDb: number): number {
  return THERMAL_NOISE_DBM_HZ + decibel(subcarrierKhz * 1000) + noiseFigureDb;
}

/**
 * SINR per resource element, dB: RSRP / (N + sum of load x RSRP of the others).
 *
 * @param interferersDbm RSRP of every other cell on the carrier, dBm
 * @param loads share of resource elements each of them uses, 0..1; one value stands for all
 */
export function sinrDb(
  servingDbm: number,
  interferersDbm: ArrayLike<number>,
  loads: ArrayLike<number> | number,
  noiseDbm: number,
): number {
  let disturbance = milliwatt(noiseDbm);
  for (let i = 0; i < interferersDbm.length; i++) {
    const load = typeof loads === 'number' ? loads : loads[i]!;
    disturbance += load * milliwatt(interferersDbm[i]!);
  }
  return servingDbm - decibel(disturbance);
}

/**
 * RSRQ = N_RB x RSRP / RSSI, dB (3GPP TS 36.214 section 5.1.3, TS 38.215 section 5.1.3). RSSI holds, per block, the
 * always-on reference elements of every cell, the loaded share of the rest, and noise in all 12.
 *
 * @param cellsDbm RSRP of all cells heard, the serving one included, dBm
 * @param loads share of data resource elements each uses, 0..1; one value stands for all
 * @param referenceElements always-on elements per block in the measured symbols: 2 per port for LTE (at most 4), 12 for NR SSB
 */
export function rsrqDb(
  servingDbm: number,
  cellsDbm: ArrayLike<number>,
  loads: ArrayLike<number> | number,
  noiseDbm: number,
  referenceElements: number,
): number {
  let perBlock = SUBCARRIERS * milliwatt(noiseDbm);
  for (let i = 0; i < cellsDbm.length; i++) {
    const load = typeof loads === 'number' ? loads : loads[i]!;
    const elements = referenceElements + load * (SUBCARRIERS - referenceElements);
    perBlock += elements * milliwatt(cellsDbm[i]!);
  }
  return servingDbm - decibel(perBlock);
}

/** An uplink: what the handset sends and what the base station needs. */
export interface UplinkBudget {
  /** Handset power, dBm; power class 3 is 23 (3GPP TS 36.101 section 6.2.2, TS 38.101-1 section 6.2.1). */
  readonly userPowerDbm: number;
  readonly userGainDbi: number;
  /** Base-station antenna gain less feeder loss, dB. */
  readonly baseGainDbi: number;
  readonly baseNoiseFigureDb: number;
  /** Resource blocks granted at the edge. */
  readonly blocks: number;
  readonly subcarrierKhz: number;
  /** SINR the edge service needs, dB. */
  readonly requiredSinrDb: number;
  /** Rise over thermal noise from other cells, dB. */
  readonly interferenceMarginDb: number;
  readonly bodyDb: number;
  readonly vehicleDb: number;
  readonly buildingDb: number;
}

/** Largest uplink path loss (antenna pattern included), dB; no shadowing margin. */
export function maxUplinkPathLossDb(uplink: UplinkBudget): number {
  const noiseDbm =
    noisePerResourceElementDbm(uplink.subcarrierKhz, uplink.baseNoiseFigureDb) +
    decibel(SUBCARRIERS * uplink.blocks);
  const sensitivityDbm = noiseDbm + uplink.requiredSinrDb + uplink.interferenceMarginDb;
  const sentDbm = uplink.userPowerDbm + uplink.userGainDbi;
  const losses = uplink.bodyDb + uplink.vehicleDb + uplink.buildingDb;
  return sentDbm + uplink.baseGainDbi - losses - sensitivityDbm;
}

/** The direction that gives out first decides: the smaller path loss and its name. */
export function limitingPathLoss(
  downlinkDb: number,
  uplinkDb: number,
): { readonly maxPathLossDb: number; readonly limitedBy: 'downlink' | 'uplink' } {
  return uplinkDb < downlinkDb
    ? { maxPathLossDb: uplinkDb, limitedBy: 'uplink' }
    : { maxPathLossDb: downlinkDb, limitedBy: 'downlink' };
}

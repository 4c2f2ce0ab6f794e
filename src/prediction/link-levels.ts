import {
  maxUplinkPathLossDb,
  noisePerResourceElementDbm,
  rsrqDb,
  sinrDb,
  type Carrier,
} from '../radio/link-budget.ts';

/** What quality and uplink of a link depend on beside its loss; the defaults are those of scenarios. */
export interface LevelSettings {
  /** Of the user's device, dB. */
  readonly noiseFigureDb: number;
  /** Share of resource elements every cell uses for data, 0..1. */
  readonly load: number;
  /** RSRP of all other cells on the carrier together, dBm; null = none is heard. */
  readonly interferenceDbm: number | null;
  /** Handset power and antenna, base antenna gain less feeder, its noise figure. */
  readonly handsetPowerDbm: number;
  readonly baseGainDbi: number;
  readonly baseNoiseFigureDb: number;
  /** Resource blocks granted, SINR they need, rise over noise from other cells. */
  readonly uplinkBlocks: number;
  readonly uplinkSinrDb: number;
  readonly uplinkInterferenceDb: number;
}

export const DEFAULT_LEVELS: LevelSettings = {
  noiseFigureDb: 7,
  load: 0.5,
  interferenceDbm: null,
  handsetPowerDbm: 23,
  baseGainDbi: 15,
  baseNoiseFigureDb: 3,
  uplinkBlocks: 5,
  uplinkSinrDb: -4,
  uplinkInterferenceDb: 2,
};

/** Quality at the user, and the way back. */
export interface LinkLevels {
  /** Thermal noise and noise figure in one resource element, dBm. */
  readonly noiseDbm: number;
  /** Per resource element, over noise and the load of the other cells, dB. */
  readonly sinrDb: number;
  readonly rsrqDb: number;
  /** SINR at the base station over noise and its rise, and what that leaves above the need, dB. */
  readonly uplinkSinrDb: number;
  readonly uplinkMarginDb: number;
}

/** LTE measures in symbols with the reference elements of at most two ports (3GPP TS 36.211, 6.10.1); NR in its SSB. */
function referenceElements({ technology, ports }: Carrier): number {
  return technology === 'nr' ? 12 : Math.min(4, 2 * ports);
}

/**
 * Levels that follow from RSRP and total loss. The way back suffers the same loss (reciprocity); its base antenna is the
 * sector's, whose pattern is part of the loss.
 */
export function linkLevels(
  carrier: Carrier,
  rsrpDbm: number,
  totalLossDb: number,
  settings: LevelSettings,
): LinkLevels {
  const noiseDbm = noisePerResourceElementDbm(carrier.subcarrierKhz, settings.noiseFigureDb);
  const others = settings.interferenceDbm === null ? [] : [settings.interferenceDbm];
  const uplinkMarginDb =
    maxUplinkPathLossDb({
      userPowerDbm: settings.handsetPowerDbm,
      userGainDbi: 0,
      baseGainDbi: settings.baseGainDbi,
      baseNoiseFigureDb: settings.baseNoiseFigureDb,
      blocks: settings.uplinkBlocks,
      subcarrierKhz: carrier.subcarrierKhz,
      requiredSinrDb: settings.uplinkSinrDb,
      interferenceMarginDb: settings.uplinkInterferenceDb,
      bodyDb: 0,
      vehicleDb: 0,
      buildingDb: 0,
    }) - totalLossDb;
  return {
    noiseDbm,
    sinrDb: sinrDb(rsrpDbm, others, settings.load, noiseDbm),
    rsrqDb: rsrqDb(rsrpDbm, [rsrpDbm, ...others], settings.load, noiseDbm, referenceElements(carrier)),
    uplinkSinrDb: settings.uplinkSinrDb + uplinkMarginDb,
    uplinkMarginDb,
  };
}

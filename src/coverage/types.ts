/** Where the knowledge about a demand point comes from; values of `Baseline.evidence`. Design section 5. */
export const EVIDENCE_MEASURED = 0;
export const EVIDENCE_PREDICTED = 1;
export const EVIDENCE_INTERPOLATED = 2;
export const EVIDENCE_UNKNOWN = 3;
export const EVIDENCE_NAMES = ['measured', 'predicted', 'interpolated', 'unknown'] as const;

/** Today's network at every demand point, the four evidence classes kept apart. */
export interface Baseline {
  /** Per period [demandCount] 1 where today's network serves. */
  readonly served: readonly Uint8Array[];
  /** Per period [demandCount] one of EVIDENCE_*. */
  readonly evidence: readonly Uint8Array[];
  /** Per period [demandCount] estimated median RSRP, dBm, at the user; NaN where unknown. */
  readonly rsrpDbm: readonly Float32Array[];
  /** Per period [demandCount] P(RSRP >= threshold); NaN where unknown. */
  readonly probability: readonly Float32Array[];
  /** Per period [demandCount] effective samples behind a measured point, else 0. */
  readonly samples: readonly Uint32Array[];
  /** Effective samples used, and how many were lent from another period. */
  readonly samplesUsed: number;
  readonly samplesFromAnotherPeriod: number;
  /** Variogram used for interpolation; null when nothing was interpolated. */
  readonly variogram: {
    readonly rangeM: number;
    readonly sillDb2: number;
    readonly nuggetDb2: number;
  } | null;
}

/** Measurements as published: bins of `service.binM`, never raw samples; bins under the privacy threshold withheld. */
export interface MeasurementBins {
  readonly count: number;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly binM: number;
  /** Effective samples (alike in place, cell and pass count once). */
  readonly samples: Uint32Array;
  readonly meanDbm: Float32Array;
  readonly sdDb: Float32Array;
  /** Bins with fewer samples than the privacy threshold (plus complementary ones): counted, not listed. */
  readonly withheld: number;
}

/** Largest path losses of both directions, antenna pattern included, before the shadowing margin; dB. */
export interface LinkBudget {
  readonly downlinkMaxLossDb: number;
  /** Null where the scenario gives no uplink. */
  readonly uplinkMaxLossDb: number | null;
  /** The direction that gives out first; null without an uplink. */
  readonly weaker: 'downlink' | 'uplink' | null;
  /** True: the weaker direction decided who is served; false: the downlink alone did. */
  readonly uplinkDecides: boolean;
  /** Kept for shadowing at the location probability: quantile times the spread of model and user. */
  readonly shadowMarginDb: number;
}

/** One way a candidate may be built; candidates that share it share its reach. */
export interface Configuration {
  readonly id: string;
  /** As the scenario's configurations name it; null without them. */
  readonly name: string | null;
  readonly technology: string;
  readonly frequencyMhz: number;
  readonly bandwidthMhz: number;
  readonly subcarrierKhz: number;
  readonly eirpDbm: number;
  readonly heightM: number;
  /** Empty = omni. */
  readonly azimuthsDeg: readonly number[];
  /** Electrical downtilt, and how far the panels lean forward. */
  readonly tiltDeg: number;
  readonly mechanicalTiltDeg: number;
  /** Largest distance at which a user is served at boresight, metres. */
  readonly reachM: number;
  /** The same by service, where there are several; `reachM` is that of `service.rsrpDbm`. */
  readonly serviceReachM?: Readonly<Record<string, number>> | undefined;
  readonly linkBudget: LinkBudget;
}

import type { TerrainLayer } from '../../geo/geo-grid.ts';
import type { LinkRule } from '../link-rule.ts';

/** Masts on air: one per site, with as many cells as the site has sectors. Plain data on shared arrays. */
export interface Masts {
  readonly count: number;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** [masts] index into `rules`. */
  readonly ruleOfMast: Uint16Array;
  readonly rules: readonly LinkRule[];
  /** [rules] RSRP at no loss, boresight, after the losses at the receiver, dBm. */
  readonly peakDbm: Float64Array;
  /** [rules] cells of one carrier disturb one another. */
  readonly carrierOfRule: Uint8Array;
  readonly carrierCount: number;
  readonly terrain: TerrainLayer | null;
}

/**
 * What each place hears: its strongest masts one by one, the others as one sum per carrier. Losses are without the
 * antenna pattern, so that azimuth, tilt and power may change afterwards.
 */
export interface RadioLinks {
  readonly placeCount: number;
  /** [places + 1] links of a place, masts ascending. */
  readonly linkStart: Uint32Array;
  readonly mast: Uint32Array;
  /** [links] median loss, dB. */
  readonly lossDb: Float32Array;
  /** [links] loss that is not exceeded with the service's location probability, dB. */
  readonly coverLossDb: Float64Array;
  /** [links] direction from the mast, degrees from north and from straight up. */
  readonly azimuthDeg: Float32Array;
  readonly zenithDeg: Float32Array;
  readonly distanceM: Float32Array;
  /** [places x carriers] power of the masts left out at full load, mW. */
  readonly restMw: Float64Array;
}

import type { SpmParameters } from './spm.ts';

import type { PathProfile } from './profile.ts';

/** A parameter outside a model's published range: counted and reported, never silent. */
export interface ValidityWarning {
  readonly model: string;
  /** `frequencyMhz`, `txHeightM`, `rxHeightM` or `distanceM`. */
  readonly parameter: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

export type Environment = 'large-city' | 'medium-city' | 'suburban' | 'open';

/** What stays fixed for one transmitter configuration; only the distance varies in the hot loop. */
export interface LinkParameters {
  readonly frequencyMhz: number;
  /** Antenna heights above ground, metres. */
  readonly txHeightM: number;
  readonly rxHeightM: number;
  readonly environment: Environment;
  /** Overrides the model's own shadowing standard deviation, dB; null = the model's own (8 dB where it has none). */
  readonly sigmaDb: number | null;
  /** Path loss exponent of `log-distance`; absent = 3.5. */
  readonly exponent?: number | undefined;
  /** Added to the loss of `log-distance`, dB: what a calibration found; free space stays the least. Absent = 0. */
  readonly offsetDb?: number | undefined;
  /** Parameters of `spm`; absent = Hata's slopes. */
  readonly spm?: SpmParameters | undefined;
}

/** A model bound to one configuration: numbers in, numbers out, no allocation per call. */
export interface BoundModel {
  readonly name: string;
  /** Standard deviation the model is quoted with, dB (NLOS for LOS/NLOS mixtures). */
  readonly sigmaDb: number;
  /** Frequency and heights outside the published range. */
  readonly warnings: readonly ValidityWarning[];
  /** Distances the source speaks of, metres; links outside are counted by the caller. */
  readonly minDistanceM: number;
  readonly maxDistanceM: number;
  /** Median basic transmission loss, dB, never below free space. For LOS/NLOS mixtures the median of the mixture. */
  medianLossDb(distanceM: number): number;
  /** True where the raw formula falls below free space and free space stands in: counted by coverage runs. */
  heldAtFreeSpace(distanceM: number): boolean;
  /**
   * P(loss <= maxLossDb) at this ground distance under log-normal shadowing; LOS/NLOS models mix both states, each
   * with its own sigma. `extraSigmaDb` (indoor spread) is added in quadrature.
   */
  probabilityWithin(maxLossDb: number, distanceM: number, extraSigmaDb: number): number;
}

/**
 * A model bound to one configuration that looks at the terrain between both ends. Its shadowing is one normal
 * distribution: P(loss <= x) = Phi((x - median) / sigmaDb). No allocation per call.
 */
export interface TerrainModel {
  readonly name: string;
  readonly sigmaDb: number;
  /** Frequency and heights outside the published range. */
  readonly warnings: readonly ValidityWarning[];
  readonly minDistanceM: number;
  readonly maxDistanceM: number;
  /** The loss holds that of the user's clutter class (`profile.rxClass`) already. */
  readonly ownsClutterLoss: boolean;
  /**
   * Median basic transmission loss, dB, never below free space.
   *
   * @param profile heights without gaps, transmitter first, equal steps
   * @param latitudeDeg latitude of the path's middle
   */
  medianLossDb(profile: PathProfile, latitudeDeg: number): number;
  /** The same without the hold at free space: what the document gives. */
  rawLossDb(profile: PathProfile, latitudeDeg: number): number;
  /** Was the last `medianLossDb` held at free space? */
  heldAtFreeSpace(): boolean;
}

export interface PropagationModel {
  /** As scenarios name it. */
  readonly id: string;
  bind(link: LinkParameters): BoundModel;
}

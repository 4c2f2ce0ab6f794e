/**
 * Why an area may be weak: only what the data can show. `no-site-near`, `overshoot` and `terrain` need sites;
 * `overshoot` and `pilot-pollution` need measurements that name their cell; `terrain` needs heights of the ground;
 * `capacity` needs traffic and sites that state what they can carry; `indoor` needs an indoor loss; `unproven` is no fault of the
 * network: the level expected is enough, but too little is measured to say so with the probability asked for. `unknown` is
 * stated with what would tell.
 */
export type CauseCode =
  | 'no-site-near'
  | 'terrain'
  | 'capacity'
  | 'overshoot'
  | 'pilot-pollution'
  | 'indoor'
  | 'unproven'
  | 'unknown';

/** What an assessment lacks to tell more causes. */
export type MissingInput = 'sites' | 'cells' | 'terrain' | 'capacities';

export interface Cause {
  readonly code: CauseCode;
  /** The figure behind it: metres, cells within 6 dB, dB, load or measured users in percent; null for unknown. */
  readonly figure: number | null;
  /** For `capacity`: the site that is full. */
  readonly site?: string;
  /** For `unknown`: inputs that would tell more. */
  readonly missing?: readonly MissingInput[];
}

export type Severity = 'weak' | 'hole';

/** Unserved users of one service with evidence that stand together, in one period. */
export interface WeakArea {
  /** `W1`, most users first. */
  readonly id: string;
  readonly period: number;
  /** Whose users; null = the scenario has one service. */
  readonly service: string | null;
  /** RSRP from which they would be served, dBm. */
  readonly thresholdDbm: number;
  /** Hole: for most of its users even the median level is under the threshold. */
  readonly severity: Severity;
  readonly usersMilli: number;
  /** Indices of its demand rows. */
  readonly cells: readonly number[];
  /** Squares of the UTM zone's grid of side `sideM`. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly sideM: number;
  /** NaN = out of reach of every known site. Not for publication where `levelWithheld`. */
  readonly medianDbm: number;
  /** Measured, but at no place by as many samples as `measurements.privacyK` asks for. */
  readonly levelWithheld: boolean;
  readonly measuredUsersMilli: number;
  readonly region: string | null;
  readonly causes: readonly Cause[];
  readonly reports: number;
}

/** Where the next drive test would tell most. */
export interface MeasureArea {
  /** `M1`, best first. */
  readonly id: string;
  readonly column: number;
  readonly row: number;
  readonly sideM: number;
  /** Users whose service is not measured, in the period looked at. */
  readonly usersMilli: number;
  readonly unknownUsersMilli: number;
  /** Part of the variance of the served users that goes, after the areas before it. */
  readonly reduction: number;
  readonly cells: readonly number[];
}

/** A weak area before its causes and reports are known. */
export type FoundArea = Omit<WeakArea, 'causes' | 'reports'>;

/** The median level as published; null where there is none or it is withheld. */
export function publishedMedianDbm({ medianDbm, levelWithheld }: WeakArea): number | null {
  return levelWithheld || Number.isNaN(medianDbm) ? null : medianDbm;
}

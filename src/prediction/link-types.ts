import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { AntennaCuts } from '../radio/antenna-file.ts';
import type { Carrier } from '../radio/link-budget.ts';
import type { Environment } from '../radio/model.ts';
import type { ModelId } from '../radio/model-ids.ts';
import type { LevelSettings, LinkLevels } from './link-levels.ts';

/** One end of a link. */
export interface LinkEnd {
  readonly lon: number;
  readonly lat: number;
  /** Antenna height above ground, m. */
  readonly heightM: number;
}

/** One link as asked for. */
export interface LinkRequest {
  readonly id: string;
  readonly tx: LinkEnd;
  readonly rx: LinkEnd;
  readonly model: ModelId;
  readonly carrier: Carrier;
  /** Null = omni. */
  readonly azimuthDeg: number | null;
  readonly tiltDeg: number;
}

/** What all links of a run share. */
export interface LinkSettings {
  readonly terrain: TerrainLayer | null;
  readonly environment: Environment;
  /** Beamwidths of the sector pattern (3GPP TR 38.901, table 7.3-1), degrees. */
  readonly horizontalBeamwidthDeg: number;
  readonly verticalBeamwidthDeg: number;
  /** Cuts of an antenna file, which stand in for both; null = none. */
  readonly antenna: AntennaCuts | null;
  readonly mechanicalTiltDeg: number;
  /** Loss into the building, dB. */
  readonly indoorLossDb: number;
  readonly polarisation: 'horizontal' | 'vertical';
  /** Shares of time and locations the loss is not exceeded, %; for P.1812 and ITM. */
  readonly timePercent: number;
  readonly locationPercent: number;
  /** Quality and uplink; absent = the defaults of scenarios. */
  readonly levels?: LevelSettings | undefined;
}

/** One term of the sum, in the order it is added; positive weakens. */
export interface LinkTerm {
  readonly name: string;
  readonly db: number;
}

/** How clear the path is of the first Fresnel zone. */
export interface FresnelClearance {
  /** Least clearance over the path in units of the zone's radius: 0.6 and more counts as clear. */
  readonly ratio: number;
  /** Where, km from the transmitter; clearance of the ray over the surface there and the zone's radius, m. */
  readonly atKm: number;
  readonly clearanceM: number;
  readonly radiusM: number;
}

export interface LinkResult {
  readonly id: string;
  readonly model: ModelId;
  readonly distanceKm: number;
  readonly bearingDeg: number;
  readonly frequencyMhz: number;
  /** Ground under both antennas, m above sea level. */
  readonly txGroundM: number;
  readonly rxGroundM: number;
  /** How the model put its loss together; the last is the basic transmission loss. */
  readonly modelTerms: readonly LinkTerm[];
  /** Basic transmission loss and everything added to it. */
  readonly pathLossDb: number;
  readonly terms: readonly LinkTerm[];
  readonly totalLossDb: number;
  readonly rsrpDbm: number;
  readonly levels: LinkLevels;
  readonly fresnel: FresnelClearance;
  readonly profile: {
    readonly distanceKm: readonly number[];
    readonly groundM: readonly number[];
    readonly surfaceM: readonly number[];
  };
  readonly warnings: readonly string[];
}

const DEGREES = 180 / Math.PI;

/** Shape of a sector antenna's pattern: 3GPP TR 38.901, Table 7.3-1, with its numbers left open. */
export interface ElementPattern {
  /** Half-power beamwidths, degrees; 65 and 65 in the table, 65 and about 7-10 for a macro panel. */
  readonly horizontalBeamwidthDeg: number;
  readonly verticalBeamwidthDeg: number;
  /** Largest attenuation A_max in both cuts together, dB; 30 in the table. */
  readonly maxAttenuationDb: number;
  /** Side-lobe limit SLA_V of the vertical cut, dB; 30 in the table. */
  readonly sideLobeDb: number;
}

export const TR38901_ELEMENT: ElementPattern = {
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 65,
  maxAttenuationDb: 30,
  sideLobeDb: 30,
};

/** Gain of one element, dBi: Table 7.3-1. */
export const TR38901_ELEMENT_GAIN_DBI = 8;

/**
 * Attenuation against boresight, dB >= 0: min(A_V + A_H, A_max). 3GPP TR 38.901, Table 7.3-1.
 *
 * @param azimuthDeg off boresight, -180..180
 * @param zenithDeg 0 = straight up, 90 = horizon, 180 = straight down
 * @param electricalTiltDeg moves the vertical cut down by this angle: zenith' = zenith - tilt
 */
export function elementAttenuationDb(
  pattern: ElementPattern,
  azimuthDeg: number,
  zenithDeg: number,
  electricalTiltDeg = 0,
): number {
  const vertical = (zenithDeg - electricalTiltDeg - 90) / pattern.verticalBeamwidthDeg;
  const horizontal = azimuthDeg / pattern.horizontalBeamwidthDeg;
  const verticalDb = Math.min(12 * vertical * vertical, pattern.sideLobeDb);
  const horizontalDb = Math.min(12 * horizontal * horizontal, pattern.maxAttenuationDb);
  return Math.min(verticalDb + horizontalDb, pattern.maxAttenuationDb);
}

/** Any pattern: attenuation against its peak by the direction in the antenna's own frame, dB >= 0, no allocation. */
export type PatternAttenuation = (azimuthDeg: number, zenithDeg: number) => number;

/** One antenna as mounted. */
export interface Mounting {
  /** Boresight, degrees clockwise from north. */
  readonly azimuthDeg: number;
  /** The whole panel leans forward by this angle, degrees. */
  readonly mechanicalTiltDeg: number;
}

/** An antenna at work: numbers in, numbers out, no allocation per call. */
export interface SectorAntenna {
  /**
   * Attenuation against the pattern's peak towards a point, dB >= 0.
   *
   * @param eastM,northM horizontal offset from the antenna, metres
   * @param dropM how far the point lies below the antenna, metres
   */
  attenuationDb(eastM: number, northM: number, dropM: number): number;
}

/** The open-shape pattern of a scenario, with electrical tilt. */
export function elementPattern(pattern: ElementPattern, electricalTiltDeg = 0): PatternAttenuation {
  return (azimuthDeg, zenithDeg) => elementAttenuationDb(pattern, azimuthDeg, zenithDeg, electricalTiltDeg);
}

/** Straight down at the antenna's foot counts as boresight azimuth. */
export function mountAntenna(pattern: PatternAttenuation, mounting: Mounting): SectorAntenna {
  const boresight = mounting.azimuthDeg / DEGREES;
  if (mounting.mechanicalTiltDeg === 0) {
    return {
      attenuationDb: (eastM, northM, dropM) => {
        const azimuth = wrapDegrees((Math.atan2(eastM, northM) - boresight) * DEGREES);
        const ground = Math.sqrt(eastM * eastM + northM * northM);
        return pattern(azimuth, 90 + Math.atan2(dropM, ground) * DEGREES);
      },
    };
  }
  return mountTilted(pattern, boresight, mounting.mechanicalTiltDeg / DEGREES);
}

/**
 * Mechanical tilt turns the panel about its horizontal axis: 3GPP TR 38.901, section 7.1.3, equations (7.1-7) and (7.1-8)
 * with downtilt angle beta, in Cartesian form.
 */
function mountTilted(pattern: PatternAttenuation, boresight: number, tilt: number): SectorAntenna {
  const sinB = Math.sin(boresight);
  const cosB = Math.cos(boresight);
  const sinT = Math.sin(tilt);
  const cosT = Math.cos(tilt);
  return {
    attenuationDb: (eastM, northM, dropM) => {
      const ahead = eastM * sinB + northM * cosB;
      const right = eastM * cosB - northM * sinB;
      const x = ahead * cosT + dropM * sinT;
      const up = ahead * sinT - dropM * cosT;
      const azimuth = Math.atan2(right, x) * DEGREES;
      const zenith = 90 - Math.atan2(up, Math.sqrt(x * x + right * right)) * DEGREES;
      return pattern(azimuth, zenith);
    },
  };
}

/** The 38.901-shaped sector of a scenario in one step. */
export function sectorAntenna(
  pattern: ElementPattern,
  mounting: Mounting,
  electricalTiltDeg = 0,
): SectorAntenna {
  return mountAntenna(elementPattern(pattern, electricalTiltDeg), mounting);
}

/** An angle in degrees brought to [-180, 180). */
export function wrapDegrees(angleDeg: number): number {
  return angleDeg - 360 * Math.floor((angleDeg + 180) / 360);
}

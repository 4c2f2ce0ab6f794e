import { elementAttenuationDb, type ElementPattern } from './antenna.ts';
import { cutsAttenuationDb, type AntennaCuts } from './antenna-file.ts';

/** A sector's antenna as mounted: plain data, so that every thread can use it. */
export interface Panel extends ElementPattern {
  /** Measured cuts of an antenna file, which stand in for the formula; null or absent = the formula. */
  readonly cuts?: AntennaCuts | null | undefined;
  /** The whole panel leans forward by this angle, degrees. */
  readonly mechanicalTiltDeg?: number | undefined;
}

const DEGREES = 180 / Math.PI;

/** True where the formula alone holds: symmetric about boresight, horizontal and vertical parts that add. */
export function isPlain({ cuts, mechanicalTiltDeg = 0 }: Panel): boolean {
  return (cuts === null || cuts === undefined) && mechanicalTiltDeg === 0;
}

/**
 * Attenuation against the pattern's peak, dB >= 0, no allocation. Mechanical tilt turns the direction into the panel's
 * own frame (3GPP TR 38.901, section 7.1.3, in Cartesian form); electrical tilt then moves the vertical cut.
 *
 * @param azimuthDeg off boresight, -180..180
 * @param zenithDeg 0 = straight up, 90 = horizon, 180 = straight down
 * @param electricalTiltDeg for cuts of a file: beyond the tilt they already contain
 */
export function panelAttenuationDb(
  panel: Panel,
  azimuthDeg: number,
  zenithDeg: number,
  electricalTiltDeg: number,
): number {
  const { cuts, mechanicalTiltDeg = 0 } = panel;
  let azimuth = azimuthDeg;
  let zenith = zenithDeg;
  if (mechanicalTiltDeg !== 0) {
    const tilt = mechanicalTiltDeg / DEGREES;
    const level = Math.sin(zenithDeg / DEGREES);
    const ahead = level * Math.cos(azimuthDeg / DEGREES);
    const right = level * Math.sin(azimuthDeg / DEGREES);
    const up = Math.cos(zenithDeg / DEGREES);
    const x = ahead * Math.cos(tilt) - up * Math.sin(tilt);
    const z = ahead * Math.sin(tilt) + up * Math.cos(tilt);
    azimuth = Math.atan2(right, x) * DEGREES;
    zenith = 90 - Math.atan2(z, Math.sqrt(x * x + right * right)) * DEGREES;
  }
  return cuts === null || cuts === undefined
    ? elementAttenuationDb(panel, azimuth, zenith, electricalTiltDeg)
    : cutsAttenuationDb(cuts, azimuth, zenith - electricalTiltDeg);
}

/** No direction is attenuated by more, dB. */
export function worstAttenuationDb({ cuts, maxAttenuationDb }: Panel): number {
  if (cuts === null || cuts === undefined) return maxAttenuationDb;
  return largest(cuts.horizontalDb) + largest(cuts.verticalDb);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

import { elementAttenuationDb, type ElementPattern } from './antenna.ts';

/** Elements one above the other, fed in phase steps that lower the beam: 3GPP TR 38.901, section 7.3, one column. */
export interface ColumnArray {
  readonly element: ElementPattern;
  readonly elements: number;
  /** Distance between neighbours, wavelengths. */
  readonly spacing: number;
}

const RADIANS = Math.PI / 180;

/**
 * Attenuation of a column against its peak, dB >= 0: the element's own (never tilted) plus what its array factor lacks.
 * Weights w_m = exp(-j 2 pi (m - 1) d cos(tilt zenith)) / sqrt(M): TR 36.873, section 5.1, and the calibration of
 * TR 38.901, Table 7.8-1. The array factor is |sin(M x) / (M sin x)| with x = pi d (cos zenith - cos tilt zenith).
 *
 * @param tiltDeg below the horizon; the tables state the zenith angle, 90 + tilt
 * @param floorDb a null is never deeper than this
 */
export function columnAttenuationDb(
  column: ColumnArray,
  azimuthDeg: number,
  zenithDeg: number,
  tiltDeg: number,
  floorDb = 60,
): number {
  const { element, elements, spacing } = column;
  const x = Math.PI * spacing * (Math.cos(zenithDeg * RADIANS) - Math.cos((90 + tiltDeg) * RADIANS));
  const below = Math.sin(x);
  // At x = k pi every element adds up: the peak and, for wide spacing, its grating lobes.
  const factor = Math.abs(below) < 1e-12 ? 1 : Math.sin(elements * x) / (elements * below);
  const arrayDb = Math.min(floorDb, -20 * Math.log10(Math.max(Math.abs(factor), 1e-30)));
  return elementAttenuationDb(element, azimuthDeg, zenithDeg) + arrayDb;
}

/** Speed of light in vacuum, m/s (exact, SI). */
export const SPEED_OF_LIGHT_M_S = 299_792_458;

/**
 * Free-space basic transmission loss between isotropic antennas, dB: 20 lg(4 pi d / lambda).
 * ITU-R P.525-4, equation (3) in its wavelength form, so no rounded 32.4 dB constant. Any frequency; far field only.
 *
 * @param distanceM distance between the antennas (slant), metres
 * @param frequencyMhz frequency, MHz
 */
export function freeSpaceLossDb(distanceM: number, frequencyMhz: number): number {
  return 20 * Math.log10(distanceM) + freeSpaceLossAtOneMetreDb(frequencyMhz);
}

/** Free-space loss at 1 m, dB: the constant part of P.525 for one frequency. */
export function freeSpaceLossAtOneMetreDb(frequencyMhz: number): number {
  return 20 * Math.log10((4 * Math.PI * frequencyMhz * 1e6) / SPEED_OF_LIGHT_M_S);
}

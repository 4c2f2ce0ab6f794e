/** Return codes, warning bits and enumerations of NTIA's ITM; the numbers are NTIA's, so that results compare. */

export const ITM_SUCCESS = 0;
export const ITM_SUCCESS_WITH_WARNINGS = 1;

/** Input or intermediate value outside what the model can compute: no loss is given. */
export const ITM_ERROR = {
  txHeight: 1000,
  rxHeight: 1001,
  climate: 1002,
  time: 1003,
  location: 1004,
  situation: 1005,
  confidence: 1006,
  reliability: 1007,
  refractivity: 1008,
  frequency: 1009,
  polarisation: 1010,
  permittivity: 1011,
  conductivity: 1012,
  groundImpedance: 1013,
  variabilityMode: 1014,
  effectiveEarth: 1016,
  pathDistance: 1017,
  terrainIrregularity: 1018,
  txSiting: 1019,
  rxSiting: 1020,
  surfaceRefractivityLow: 1021,
  surfaceRefractivityHigh: 1022,
} as const;

/** Bits of the warning mask: a loss is given, care is advised. */
export const ITM_WARNING = {
  txHeight: 0x0001,
  rxHeight: 0x0002,
  frequency: 0x0004,
  pathLong: 0x0008,
  pathVeryLong: 0x0010,
  pathShortForHeights: 0x0020,
  pathShort: 0x0040,
  txHorizonAngle: 0x0080,
  rxHorizonAngle: 0x0100,
  txHorizonNear: 0x0200,
  rxHorizonNear: 0x0400,
  txHorizonFar: 0x0800,
  rxHorizonFar: 0x1000,
  extremeVariability: 0x2000,
  surfaceRefractivity: 0x4000,
} as const;

const WARNING_TEXT: readonly (readonly [number, string])[] = [
  [ITM_WARNING.txHeight, 'transmitter height is outside 1..1000 m'],
  [ITM_WARNING.rxHeight, 'receiver height is outside 1..1000 m'],
  [ITM_WARNING.frequency, 'frequency is outside 40..10000 MHz'],
  [ITM_WARNING.pathLong, 'path is longer than 1000 km'],
  [ITM_WARNING.pathVeryLong, 'path is longer than 2000 km'],
  [ITM_WARNING.pathShortForHeights, 'path is short for the difference in effective heights'],
  [ITM_WARNING.pathShort, 'path is shorter than 1 km'],
  [ITM_WARNING.txHorizonAngle, 'horizon seen from the transmitter is steeper than 0.2 rad'],
  [ITM_WARNING.rxHorizonAngle, 'horizon seen from the receiver is steeper than 0.2 rad'],
  [ITM_WARNING.txHorizonNear, "transmitter's horizon is nearer than a tenth of the smooth-Earth one"],
  [ITM_WARNING.rxHorizonNear, "receiver's horizon is nearer than a tenth of the smooth-Earth one"],
  [ITM_WARNING.txHorizonFar, "transmitter's horizon is further than three times the smooth-Earth one"],
  [ITM_WARNING.rxHorizonFar, "receiver's horizon is further than three times the smooth-Earth one"],
  [ITM_WARNING.extremeVariability, 'a percentage lies far in the tail of its distribution'],
  [ITM_WARNING.surfaceRefractivity, 'surface refractivity is below 250 N-units'],
];

/** One phrase per bit set, in the order of the bits. */
export function describeItmWarnings(mask: number): string[] {
  return WARNING_TEXT.filter(([bit]) => (mask & bit) !== 0).map(([, text]) => text);
}

/** One phrase for an error code. */
export function describeItmError(code: number): string {
  const name = Object.entries(ITM_ERROR).find(([, value]) => value === code)?.[0];
  return name === undefined ? `return code ${code}` : `${name} is out of range (return code ${code})`;
}

/** How the loss came about. */
export const ITM_LINE_OF_SIGHT = 1;
export const ITM_DIFFRACTION = 2;
export const ITM_TROPOSCATTER = 3;
export const ITM_MODE_NAMES = ['none', 'line of sight', 'diffraction', 'troposcatter'] as const;

/** Care taken over a terminal's site (area mode). */
export const SITING_RANDOM = 0;
export const SITING_CAREFUL = 1;
export const SITING_VERY_CAREFUL = 2;

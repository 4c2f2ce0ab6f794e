/** The largest of 1, 2 and 5 times a power of ten that is no more than the limit: for scale bars, metres. */
export function roundLengthM(limitM: number): number {
  const power = 10 ** Math.floor(Math.log10(limitM));
  return power * (limitM >= 5 * power ? 5 : limitM >= 2 * power ? 2 : 1);
}

export function lengthText(lengthM: number): string {
  return lengthM >= 1000 ? `${lengthM / 1000} km` : `${lengthM} m`;
}

import type { Environment } from './model.ts';
import type { ValidRange } from './validity.ts';

export const ERICSSON_9999_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 150, max: 1900 },
  { parameter: 'txHeightM', min: 20, max: 200 },
  { parameter: 'rxHeightM', min: 1, max: 5 },
  { parameter: 'distanceM', min: 200, max: 100_000 },
];

export type EricssonArea = 'urban' | 'suburban' | 'rural';

const A0_DB = { urban: 36.2, suburban: 43.2, rural: 45.95 } as const;
const A1_DB = { urban: 30.2, suburban: 68.93, rural: 100.6 } as const;

/**
 * Ericsson 9999 median path loss, dB (raw formula). For comparison only: the published coefficients outside urban give
 * 69 and 101 dB per decade. a0 + a1 lg d - 12 lg hb + 0.1 lg hb lg d - 3.2 lg²(11.75 hm) + 44.49 lg f - 4.78 lg² f, d in
 * km, as in J. Milanovic et al., "Comparison of propagation models accuracy for WiMAX on 3.5 GHz", ICECS 2007; the
 * sign of the lg hb term varies in print, the negative one is used (loss falls with height).
 */
export function ericsson9999LossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  area: EricssonArea,
): number {
  const lgD = Math.log10(distanceM / 1000);
  const lgBase = Math.log10(txHeightM);
  const lgF = Math.log10(frequencyMhz);
  return (
    A0_DB[area] +
    A1_DB[area] * lgD -
    12 * lgBase +
    0.1 * lgBase * lgD -
    3.2 * Math.log10(11.75 * rxHeightM) ** 2 +
    44.49 * lgF -
    4.78 * lgF ** 2
  );
}

/** The area nearest to a scenario's environment. */
export function ericssonAreaOf(environment: Environment): EricssonArea {
  if (environment === 'suburban') return 'suburban';
  return environment === 'open' ? 'rural' : 'urban';
}

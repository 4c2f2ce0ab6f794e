import { InputError } from '../../errors.ts';

/** Representative heights by class code, and losses at the receiver; ready for lookups. */
export interface ClutterTable {
  /** [code] m. */
  readonly heightOfClass: Float64Array;
  /** [code] dB. */
  readonly lossOfClass: Float64Array;
}

const HIGHEST_CODE = 65_535;

/**
 * ESA WorldCover classes with the representative heights of P.1812-8, table 2: water and open 0 m, built-up taken as
 * suburban 10 m, trees 15 m.
 */
export const WORLDCOVER: Readonly<Record<string, { readonly heightM: number }>> = {
  '10': { heightM: 15 },
  '20': { heightM: 2 },
  '30': { heightM: 0 },
  '40': { heightM: 0 },
  '50': { heightM: 10 },
  '60': { heightM: 0 },
  '70': { heightM: 0 },
  '80': { heightM: 0 },
  '90': { heightM: 0 },
  '95': { heightM: 10 },
  '100': { heightM: 0 },
};

/**
 * Builds the lookup from a scenario's table.
 *
 * @param table class code -> height and loss; codes are whole numbers 0..65535
 * @throws InputError for a code that is none
 */
export function clutterTable(
  table: Readonly<Record<string, { readonly heightM: number; readonly lossDb?: number | undefined }>>,
  file: string,
): ClutterTable {
  const codes = Object.keys(table).map(Number);
  const wrong = Object.keys(table).find((_, i) => {
    const code = codes[i]!;
    return !Number.isInteger(code) || code < 0 || code > HIGHEST_CODE;
  });
  if (wrong !== undefined) {
    throw new InputError(`clutter class "${wrong}" is no class code.`, {
      code: 'clutter-class',
      file,
      hint: 'Codes are the whole numbers the raster holds, for example 50.',
    });
  }
  const length = Math.max(-1, ...codes) + 1;
  const heightOfClass = new Float64Array(length);
  const lossOfClass = new Float64Array(length);
  for (const [code, { heightM, lossDb }] of Object.entries(table)) {
    heightOfClass[Number(code)] = heightM;
    lossOfClass[Number(code)] = lossDb ?? 0;
  }
  return { heightOfClass, lossOfClass };
}

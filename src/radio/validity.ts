import type { ValidityWarning } from './model.ts';

/** One published bound of a model; `parameter` is the name of the argument, its unit included. */
export interface ValidRange {
  readonly parameter: string;
  readonly min: number;
  readonly max: number;
}

/** Warnings for the values outside the model's published ranges; a parameter without a value is not checked. */
export function validityWarnings(
  model: string,
  ranges: readonly ValidRange[],
  values: Readonly<Record<string, number | undefined>>,
): ValidityWarning[] {
  const warnings: ValidityWarning[] = [];
  for (const { parameter, min, max } of ranges) {
    const value = values[parameter];
    if (value === undefined || (value >= min && value <= max)) continue;
    warnings.push({ model, parameter, value, min, max });
  }
  return warnings;
}

/** One sentence for people: `hata: frequencyMhz 2600 is outside 150..1500.` */
export function formatValidityWarning(warning: ValidityWarning): string {
  const { model, parameter, value, min, max } = warning;
  return `${model}: ${parameter} ${value} is outside ${min}..${max}.`;
}

import type { Finding, FindingDetails } from '../errors.ts';
import { InputError } from '../errors.ts';

export const DEFAULT_MAX_ERRORS = 20;

/** Gathers what is wrong with the inputs; once `maxErrors` errors are known it stops the reading. */
export class Findings {
  readonly maxErrors: number;
  readonly #all: Finding[] = [];
  #errors = 0;

  constructor(maxErrors = DEFAULT_MAX_ERRORS) {
    this.maxErrors = Math.max(1, maxErrors);
  }

  /** Everything met so far, errors and warnings in the order they were met. */
  get all(): readonly Finding[] {
    return this.#all;
  }

  get errorCount(): number {
    return this.#errors;
  }

  /** @throws InputError with all findings once there are `maxErrors` errors. */
  error(message: string, details: FindingDetails): void {
    this.#all.push({ ...details, severity: 'error', message });
    this.#errors++;
    if (this.#errors >= this.maxErrors) this.throwIfErrors();
  }

  warn(message: string, details: FindingDetails): void {
    this.#all.push({ ...details, severity: 'warning', message });
  }

  /** Takes over the findings of an error that ended the reading of one file. */
  absorb(error: InputError): void {
    for (const finding of error.findings) {
      if (this.#all.includes(finding)) continue;
      this.#all.push(finding);
      if (finding.severity === 'error') this.#errors++;
    }
  }

  /** @throws InputError listing every error, when there is one. */
  throwIfErrors(): void {
    if (this.#errors > 0) throw InputError.of(this.#all.filter(({ severity }) => severity === 'error'));
  }
}

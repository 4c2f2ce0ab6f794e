/** Where a problem was found and how to mend it; every field is for a user's eyes. */
export interface FindingDetails {
  /** Short machine-readable reason, for example `lon-out-of-range`. */
  readonly code: string;
  /** File name as the user gave it. */
  readonly file?: string | undefined;
  /** 0-based feature index (GeoJSON) or 1-based line (text formats), already worded: `feature 12`, `line 4`. */
  readonly feature?: string | undefined;
  readonly hint?: string | undefined;
}

/** One thing wrong with an input file. */
export interface Finding extends FindingDetails {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** One sentence: `sites.geojson, feature 12 (id "K-07"): heightM must be greater than 0, got -3.` */
export function formatFinding(finding: Finding): string {
  const where = [finding.file, finding.feature].filter((part) => part !== undefined).join(', ');
  const hint = finding.hint === undefined ? '' : ` ${finding.hint}`;
  return `${where === '' ? '' : `${where}: `}${finding.message}${hint}`;
}

/** Bad usage or bad input: exit code 2, no stack trace. Carries every finding collected before stopping. */
export class InputError extends Error {
  readonly code: string;
  readonly file: string | undefined;
  readonly feature: string | undefined;
  readonly hint: string | undefined;
  readonly findings: readonly Finding[];

  constructor(message: string, details: FindingDetails, findings?: readonly Finding[]) {
    const own: Finding = { ...details, severity: 'error', message };
    const all = findings ?? [own];
    super(all.map(formatFinding).join('\n'));
    this.name = 'InputError';
    this.code = details.code;
    this.file = details.file;
    this.feature = details.feature;
    this.hint = details.hint;
    this.findings = all;
  }

  /** One error that lists several findings, in the order they were met. */
  static of(findings: readonly Finding[]): InputError {
    const first = findings[0];
    if (first === undefined) throw new RangeError('InputError.of needs at least one finding');
    return new InputError(first.message, first, findings);
  }
}

/** The environment failed (disk, memory estimate, lock, queue): exit code 4. */
export class EnvironmentError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(message: string, details: { code: string; hint?: string | undefined; cause?: unknown }) {
    super(details.hint === undefined ? message : `${message} ${details.hint}`, { cause: details.cause });
    this.name = 'EnvironmentError';
    this.code = details.code;
    this.hint = details.hint;
  }
}

/** The user ended the run while there was nothing to write yet: exit code 130 (Ctrl-C) or 143 (SIGTERM). */
export class InterruptedError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Nothing was written.');
    this.name = 'InterruptedError';
    this.exitCode = exitCode;
  }
}

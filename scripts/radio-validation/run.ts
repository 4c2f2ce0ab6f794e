import type { Comparison, FileCheck, ReferenceFolder, Row } from './check.ts';
import { parseTable } from './check.ts';

/** What came of one file. */
export interface FileResult {
  readonly file: string;
  readonly rows: number;
  readonly within: number;
  /** The comparison with the largest error relative to its tolerance; null when nothing could be compared. */
  readonly worst: (Comparison & { readonly row: number }) | null;
  /** Rows outside tolerance or unreadable, worded. */
  readonly failures: readonly string[];
}

/** Checks one file; null when the folder lacks it. */
export function checkFile(check: FileCheck, folder: ReferenceFolder): FileResult | null {
  const text = folder.text(check.file);
  if (text === null) return null;
  const rows = check.readRows === undefined ? parseTable(text) : check.readRows(text);
  const missing = missingColumns(check, rows);
  if (rows.length === 0 || missing.length > 0) {
    const reason = rows.length === 0 ? 'has no rows' : `lacks the columns ${missing.join(', ')}`;
    return { file: check.file, rows: rows.length, within: 0, worst: null, failures: [reason] };
  }
  return compareRows(check, rows, folder);
}

function missingColumns(check: FileCheck, rows: readonly Row[]): string[] {
  const first = rows[0];
  if (first === undefined || check.readRows !== undefined) return [];
  return check.columns.filter((column) => !(column in first));
}

function compareRows(check: FileCheck, rows: readonly Row[], folder: ReferenceFolder): FileResult {
  const failures: string[] = [];
  let within = 0;
  let worst: (Comparison & { row: number }) | null = null;
  rows.forEach((row, index) => {
    const failed: string[] = [];
    try {
      for (const comparison of check.check(row, folder, index)) {
        if (!isWithin(comparison)) failed.push(describe(comparison));
        if (worst === null || relativeError(comparison) > relativeError(worst)) {
          worst = { ...comparison, row: index + 1 };
        }
      }
    } catch (error) {
      failed.push(error instanceof Error ? error.message : String(error));
    }
    if (failed.length === 0) within++;
    else failures.push(`row ${index + 1}: ${failed.join('; ')}`);
  });
  return { file: check.file, rows: rows.length, within, worst, failures };
}

/** A rounding allowance of 1e-9 keeps `0.01 exactly` inside a tolerance of 0.01. */
function isWithin({ expected, got, tolerance }: Comparison): boolean {
  return Math.abs(got - expected) <= tolerance + 1e-9;
}

function relativeError({ expected, got, tolerance }: Comparison): number {
  const error = Math.abs(got - expected);
  if (Number.isNaN(error)) return Infinity;
  return tolerance === 0 ? (error === 0 ? 0 : Infinity) : error / tolerance;
}

function describe({ what, expected, got, tolerance }: Comparison): string {
  return `${what} ${got} instead of ${expected} (tolerance ${tolerance})`;
}

/**
 * `npm run validate:radio -- <folder>`: runs every reference CSV of a folder through mastplan's radio functions and prints
 * per file the rows, the rows within tolerance and the worst error. Exit 1 when any row is outside, 2 on bad usage.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILE_CHECKS } from './radio-validation/registry.ts';
import type { FileResult } from './radio-validation/run.ts';
import { checkFile } from './radio-validation/run.ts';

const SHOWN_FAILURES = 5;

const [given, ...extra] = process.argv.slice(2);
if (extra.length > 0 || given === '--help') {
  console.error('Usage: npm run validate:radio -- [folder]   (default: test/fixtures/radio)');
  process.exit(2);
}
const folder = given ?? fileURLToPath(new URL('../test/fixtures/radio', import.meta.url));
if (!existsSync(folder)) {
  console.error(`${folder}: no such folder. Give one that holds the reference CSV files.`);
  process.exit(2);
}

const reader = {
  text: (name: string): string | null => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : null;
  },
};

const results: FileResult[] = [];
for (const check of FILE_CHECKS) {
  const result = checkFile(check, reader);
  if (result === null) continue;
  results.push(result);
  printResult(result);
}

const checked = new Set(results.map((result) => result.file));
const companions = csvFiles(folder).filter((name) => !checked.has(name));
if (companions.length > 0)
  console.log(`Not a table of cases (read where a case names them): ${companions.join(', ')}`);

const rows = results.reduce((sum, result) => sum + result.rows, 0);
const within = results.reduce((sum, result) => sum + result.within, 0);
console.log(`${within} of ${rows} rows within tolerance in ${results.length} files.`);
if (results.length === 0) console.error(`${folder}: none of the known reference files is here.`);
process.exit(results.length > 0 && within === rows && results.every((r) => r.failures.length === 0) ? 0 : 1);

function printResult(result: FileResult): void {
  const name = result.file.padEnd(46);
  const count = `${result.within}/${result.rows}`.padStart(9);
  console.log(`${name} ${count} within  ${worstText(result)}`);
  for (const failure of result.failures.slice(0, SHOWN_FAILURES)) console.log(`    ${failure}`);
  const hidden = result.failures.length - SHOWN_FAILURES;
  if (hidden > 0) console.log(`    and ${hidden} more`);
}

function worstText({ worst }: FileResult): string {
  if (worst === null) return 'nothing compared';
  const error = Math.abs(worst.got - worst.expected);
  return `worst error ${error.toExponential(1)} (${worst.what}, row ${worst.row}; tolerance ${worst.tolerance})`;
}

function csvFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.csv'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

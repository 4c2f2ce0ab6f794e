// Runs the whole suite and closes with the runner's own count: `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-test-'));
const reportFile = join(folder, 'report.json');
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const run = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);

let report;
try {
  report = JSON.parse(readFileSync(reportFile, 'utf8'));
} catch {
  console.error('the test runner wrote no report');
  process.exit(run.status || 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const suites = new Set();
for (const file of report.testResults) {
  for (const test of file.assertionResults) {
    const leftOut = test.ancestorTitles.find((title) => title.includes('[left out: '));
    if (leftOut !== undefined) suites.add(leftOut);
  }
}
for (const suite of suites) console.log(`skipped: ${suite}`);
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
process.exit(run.status ?? 1);

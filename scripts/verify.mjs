// npm run verify -- <run dir> [--instance FILE]
// Recounts a plan from the files it wrote, sharing no code with the planner. Exit 0: everything agrees; 1: it does not.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { checkRun } from './verify/checks.mjs';
import { readRun } from './verify/read-run.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { instance: { type: 'string' } },
});
if (positionals.length === 0) {
  process.stderr.write('usage: npm run verify -- <run dir> ... [--instance FILE]\n');
  process.exit(2);
}

function readInstance(path) {
  const bytes = readFileSync(path);
  const instance = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  if (instance.format !== undefined && instance.format !== 'mastplan-instance')
    throw new Error(`${path}: not a mastplan-instance`);
  return instance;
}

/** Control characters of names never reach the terminal. */
function printable(text) {
  // eslint-disable-next-line no-control-regex -- exactly what must not pass
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}

const MAX_SHOWN = 5;
let failed = 0;
for (const dir of positionals) {
  const run = readRun(dir);
  const rows = checkRun(run, values.instance === undefined ? null : readInstance(values.instance));
  const lines = rows.flatMap(({ name, detail, failures }) => {
    const verdict = failures.length === 0 ? 'ok    ' : 'FAILED';
    const shown = failures.slice(0, MAX_SHOWN).map((failure) => `         ${failure}`);
    const more = failures.length > MAX_SHOWN ? [`         … and ${failures.length - MAX_SHOWN} more`] : [];
    return [`  ${verdict} ${name.padEnd(50)} ${detail}`, ...shown, ...more];
  });
  const wrong = rows.filter((row) => row.failures.length > 0).length;
  failed += wrong;
  const verdict = wrong === 0 ? 'agrees to the last user' : `${wrong} of ${rows.length} checks FAILED`;
  process.stdout.write(`${printable(`${dir}: ${verdict}`)}\n${lines.map(printable).join('\n')}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;

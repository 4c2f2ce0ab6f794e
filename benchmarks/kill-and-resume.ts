// How often does `plan --resume` after kill -9 end with the bytes of an uninterrupted run? Kills a run at random
// moments, resumes each, compares every file (run.json apart). Build first; then
//   npx tsx benchmarks/kill-and-resume.ts [scenario] [kills] [further options of plan ...]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/random.ts';

const program = fileURLToPath(new URL('../bin/mastplan.js', import.meta.url));
const [scenario = 'data/ottawa/scenario.yaml', kills = '20', ...more] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'mastplan-kills-'));

interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly said: string;
  readonly seconds: number;
}

function run(out: string, args: readonly string[], killAfterS: number | null): Promise<Ended> {
  const command = [program, 'plan', scenario, '--out', join(work, out), '--no-progress', ...more, ...args];
  const startMs = performance.now();
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const timer = killAfterS === null ? undefined : setTimeout(() => child.kill('SIGKILL'), 1000 * killAfterS);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said: said.trim(), seconds: (performance.now() - startMs) / 1000 });
    }),
  );
}

/** One hash over the names and bytes of all files but run.json. */
function hashOf(out: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(join(work, out)).sort()) {
    if (name !== 'run.json') hash.update(name).update(readFileSync(join(work, out, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

try {
  const whole = await run('whole', [], null);
  const expected = hashOf('whole');
  console.log(`uninterrupted: exit ${whole.code}, ${whole.seconds.toFixed(1)} s, ${expected}`);
  const random = createRandom(1, 0);
  let equal = 0;
  let killedCount = 0;
  // A run that ended before its moment came says nothing; how long runs take now sets the next moments.
  let lastS = whole.seconds;
  for (let attempt = 1; killedCount < Number(kills) && attempt <= 3 * Number(kills); attempt++) {
    const out = `attempt-${attempt}`;
    const afterS = random.next() * lastS;
    const killed = await run(out, [], afterS);
    if (killed.code !== null) lastS = killed.seconds;
    else {
      killedCount++;
      const resumed = await run(out, ['--resume'], null);
      const same = resumed.code === whole.code && hashOf(out) === expected;
      if (same) equal++;
      const end = same ? 'same bytes' : 'DIFFERENT';
      console.log(
        `${killedCount}: killed after ${afterS.toFixed(1)} s; ${resumed.said || 'nothing said'}; ${resumed.seconds.toFixed(1)} s: ${end}`,
      );
    }
    rmSync(join(work, out), { recursive: true, force: true });
  }
  console.log(`${equal} of ${killedCount} killed runs end with the bytes of the uninterrupted run`);
  process.exitCode = equal === Number(kills) ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

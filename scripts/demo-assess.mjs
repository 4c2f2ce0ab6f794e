// npm run demo:assess: Ottawa quarter by quarter, each against the one before, then all of them in one page.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const quarters = ['2020-Q3', '2020-Q4', '2021-Q1', '2021-Q2', '2021-Q3'];
const EXPECTED = new Set([0, 3]);

function mastplan(args) {
  console.log(`\n$ mastplan ${args.join(' ')}`);
  const run = spawnSync(process.execPath, ['bin/mastplan.js', ...args], { cwd: root, stdio: 'inherit' });
  if (!EXPECTED.has(run.status)) process.exit(run.status ?? 1);
}

quarters.forEach((quarter, k) => {
  const previous = k === 0 ? [] : ['--previous', `out/assess/${quarters[k - 1]}`];
  mastplan([
    'assess',
    'data/ottawa/assess.yaml',
    '--quarter',
    quarter,
    ...previous,
    // The plan for the weak areas, once: the other quarters list what their causes ask for.
    ...(k === 0 ? ['--plan'] : []),
    '--out',
    `out/assess/${quarter}`,
    '--no-progress',
  ]);
});
mastplan(['history', ...quarters.map((quarter) => `out/assess/${quarter}`), '--out', 'out/assess/history']);

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

// The built package as another program imports it: P.525-4 gives 92.45 dB for 1 km at 1 GHz (equation 4).
it('offers the formulas as mastplan/radio', () => {
  const program = `
    import { freeSpaceLossDb, buildingEntryLossDb, p1546LossDb, overRooftopLossDb } from 'mastplan/radio';
    console.log(JSON.stringify([freeSpaceLossDb(1000, 1000), typeof buildingEntryLossDb, typeof p1546LossDb, typeof overRooftopLossDb]));
  `;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  });
  const [lossDb, ...kinds] = JSON.parse(text) as [number, ...string[]];
  expect(lossDb).toBeCloseTo(92.45, 2);
  expect(kinds).toEqual(['function', 'function', 'function']);
});

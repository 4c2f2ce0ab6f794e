// A plan that would not fit is refused with its estimate before anything is allocated or written.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInstance, readPairsOrPoints } from '../../src/input/instance/read-instance.ts';
import { pairsOf, demandOf } from '../../src/coverage/span-coverage.ts';
import { pointNeed, type PointSize } from '../../src/input/instance/point-size.ts';
import { solveNeed, solverNeed, spansNeed } from '../../src/memory/estimates.ts';
import { MemoryAccount } from '../../src/memory/memory-account.ts';
import { runMain } from '../support/run-main.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
/**
 * `mastplan solve FILE --share 0.95 --of reachable --time-limit 45` under GNU time (its peak of resident memory), Node 20.20, Linux,
 * 2026-12-01; planar B, D and F of ../shared and towns of discs that merge to all, most and few of their pairs.
 */
const MEASURED = [
  ['planar B', 1, { demand: 100_000, spans: 79_048, pairs: 1_531_493, merged: 117_809, peakMb: 163 }],
  ['planar D', 1, { demand: 200_000, spans: 153_845, pairs: 2_182_393, merged: 857_171, peakMb: 288 }],
  ['planar D', 2, { demand: 200_000, spans: 153_845, pairs: 2_182_393, merged: 857_171, peakMb: 403 }],
  ['planar F', 1, { demand: 200_000, spans: 1_054_204, pairs: 28_233_250, merged: 17_735_269, peakMb: 324 }],
  ['planar F', 2, { demand: 200_000, spans: 1_054_204, pairs: 28_233_250, merged: 17_735_269, peakMb: 389 }],
  ['20,000 sites', 1, { demand: 20_000, spans: 544_230, pairs: 7_600_078, merged: 7_584_547, peakMb: 231 }],
  ['4,000 sites', 1, { demand: 100_000, spans: 629_706, pairs: 11_582_289, merged: 10_059_068, peakMb: 330 }],
  ['10,000 sites', 1, { demand: 400_000, spans: 668_036, pairs: 11_154_987, merged: 6_485_391, peakMb: 377 }],
  ['400 sites', 1, { demand: 200_000, spans: 426_713, pairs: 8_553_255, merged: 1_392_673, peakMb: 177 }],
] as const;

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-memory-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Cells of users 10 m apart and a line of candidates that all reach all of them. */
function denseTown(users: number, sites: number): string[] {
  const side = Math.ceil(Math.sqrt(users));
  const cells = Array.from(
    { length: users },
    (_, i) => `${25 + (i % side) * 1e-4},${60 + Math.floor(i / side) * 1e-4},1`,
  );
  const places = Array.from({ length: sites }, (_, i) => `${25.007 + i * 1e-6},60.007`);
  writeFileSync(join(work, 'users.csv'), `lon,lat,users\n${cells.join('\n')}\n`);
  writeFileSync(join(work, 'sites.csv'), `lon,lat\n${places.join('\n')}\n`);
  return [
    'plan',
    '--demand',
    join(work, 'users.csv'),
    '--candidates',
    join(work, 'sites.csv'),
    '--eirp',
    '75',
  ];
}

describe('a plan', () => {
  it('within a budget whose pairs would not fit is refused with their number: exit 4, nothing written', async () => {
    const out = join(work, 'pairs');
    const args = [
      ...denseTown(20_000, 1500),
      '--height',
      '60',
      '--model',
      'hata',
      '--threads',
      '1',
      '--no-progress',
    ];
    const run = await runMain([...args, '--budget-sites', '2', '--memory', '512M', '--out', out]);
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toBe('');
    // 20,000 x 1,500 = 30 million pairs of 12 bytes are 343 MB; all of them stand within reach.
    expect(run.stderr).toMatch(
      /^Not enough memory: about \d{3} MB would be needed \(coverage: 30,000,000 pairs of site and cell: 343 MB\), 512 MB /,
    );
    expect(run.stderr).toMatch(
      /may be used \(--memory 512M\)\. Use larger cells of users .* --memory\. Without a budget it would be planned in tiles\.\n$/,
    );
    expect(existsSync(out)).toBe(false);
    const off = await runMain([...args, '--tiles', 'off', '--memory', '512M', '--out', out]);
    expect(off.exitCode).toBe(4);
    expect(off.stderr).toMatch(/With --tiles auto it would be planned in tiles\.\n$/);
    // For targets they are kept as runs of neighbours: one site reaches everybody.
    const tiled = await runMain([
      ...args,
      '--memory',
      '512M',
      '--formats',
      'geojson',
      '--json',
      '--out',
      out,
    ]);
    expect({ exitCode: tiled.exitCode, stderr: tiled.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { counts, sites } = JSON.parse(tiled.stdout) as { counts: object; sites: unknown[] };
    expect(counts).toMatchObject({ coveredPairs: 30_000_000 });
    expect(sites).toHaveLength(1);
  });

  it('that fits says nothing of memory', async () => {
    const run = await runMain([
      'plan',
      tiny,
      '--threads',
      '1',
      '--memory',
      '512M',
      '--formats',
      'geojson',
      '--quiet',
      '--out',
      join(work, 'fits'),
    ]);
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('with a size that is none is told so: exit 2', async () => {
    const run = await runMain(['plan', tiny, '--memory', 'lots', '--out', join(work, 'none')]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('must be a size such as 4G or 800M');
    expect(existsSync(join(work, 'none'))).toBe(false);
  });
});

describe('the other commands that read a scenario', () => {
  const refused = async (args: readonly string[], out: string): Promise<string> => {
    const run = await runMain([...args, '--threads', '1', '--no-progress', '--out', join(work, out)]);
    expect(run.exitCode).toBe(4);
    expect(run.stdout).toBe('');
    expect(existsSync(join(work, out))).toBe(false);
    return run.stderr;
  };

  it('predict: rasters, before they are allocated', async () => {
    const said = await refused(
      ['predict', tiny, '--on-air', 'candidates', '--resolution', '0.5', '--memory', '512M'],
      'rasters',
    );
    expect(said).toMatch(
      /^Not enough memory: about [\d.]+ GB would be needed \(rasters: [\d,]+ cells of 0\.5 m: [\d.]+ GB\), 512 MB may be used/,
    );
    expect(said).toContain('Give a larger --resolution or a smaller --bbox');
  });

  it('tune: the signals of all masts at all places', async () => {
    denseTown(5_000, 64);
    const files = ['--demand', join(work, 'users.csv'), '--existing', join(work, 'sites.csv')];
    const said = await refused(['tune', ...files, '--look', '--memory', '300M'], 'signals');
    // 5,000 places x 64 masts, 64 bytes and 25 for each of their cells (one): 27 MB beside the program's 288.
    expect(said).toMatch(
      /^Not enough memory: about 315 MB would be needed \(signals: up to 320,000 of masts at places: 27 MB\), 300 MB/,
    );
    expect(said).toContain('Use larger cells of users (demand.cellM)');
  });

  it('assess: cells of users, while they are read', async () => {
    denseTown(70_000, 1);
    const scenario = join(work, 'assess.yaml');
    writeFileSync(scenario, 'demand: { file: users.csv }\nexisting: { file: sites.csv }\n');
    const said = await refused(['assess', scenario, '--memory', '300M'], 'assessment');
    expect(said).toMatch(
      /^Not enough memory: about \d+ MB would be needed \(users: [\d,]+ cells: \d+ MB\), 300 MB/,
    );
  });

  it('plan: the solver in all its threads', async () => {
    const said = await refused(['plan', tiny, '--memory', '300M'], 'solver');
    expect(said).toMatch(
      /^Not enough memory: about 32\d MB would be needed \(the solver: [\d,]+ pairs, threads: 1: 40 MB\)/,
    );
    expect(said).toContain('Use fewer threads (--threads), or grant more with --memory.');
  });
});

describe('an instance', () => {
  it('is refused when its pairs are counted, before they are stored', async () => {
    const file = join(work, 'points.txt');
    // Discs of a third of the square about places of their own: they tell nearly all points apart.
    const customers = Array.from({ length: 4000 }, (_, i) => `C ${i} ${i % 60} ${Math.floor(i / 60)} 1`);
    const facilities = Array.from(
      { length: 500 },
      (_, i) => `F ${i} ${(i * 7.3) % 60} ${(i * 3.1) % 60} 1 20.5`,
    );
    writeFileSync(file, `500 4000\n${[...facilities, ...customers].join('\n')}\n`);
    const memory = new MemoryAccount({ bytes: 4e6, heapBytes: 1e9, source: 'a test' });
    await expect(
      readInstance(file, { format: 'planar', share: { numerator: 1, denominator: 2 }, memory }),
    ).rejects.toThrow(
      /^Not enough memory: about \d+ MB would be needed \(coverage: [\d,]+ pairs of site and demand: \d+ MB\), 4 MB may be used/,
    );
  });

  it('of positions is taken where what merging leaves of its pairs fits', async () => {
    const file = join(work, 'merging.txt');
    const customers = Array.from({ length: 4000 }, (_, i) => `C ${i} 1 ${i % 60} ${Math.floor(i / 60)}`);
    const facilities = Array.from({ length: 500 }, (_, i) => `F ${i} 1 ${i % 60} 30 1000`);
    writeFileSync(file, `500 4000\n${[...facilities, ...customers].join('\n')}\n`);
    // All sites cover all: 2,000,000 pairs of 12 bytes are 24 MB, merged they are one class and 500 pairs.
    const memory = new MemoryAccount({ bytes: 20e6, heapBytes: 1e9, source: 'a test' });
    const share = { numerator: 1, denominator: 2 };
    const { coverage } = await readInstance(file, { format: 'planar', share, memory });
    expect(pairsOf(coverage)).toBe(2_000_000);
    // Also where the rest would fit without the solver, and not beside it.
    const small = new MemoryAccount({ bytes: 30e6, heapBytes: 1e9, source: 'a test' });
    const beside = () => ({ arrays: 20e6, heap: 0 });
    await readInstance(file, { format: 'planar', share, memory: small, beside });
    expect(small.fits('the solver', beside())).toBe(true);
    // Mastplan's own format lists them, and reading ends at the first piece of the file that holds too many.
    const listed = join(work, 'listed.json');
    const covers = `[${Array.from({ length: 4000 }, (_, i) => i).join()}]`;
    const sites = Array.from({ length: 500 }, (_, i) => `{"id":"${i}","cost":1,"covers":${covers}}`);
    writeFileSync(listed, `{"sites":[${sites.join()}],"demand":{"all":[${Array(4000).fill(1).join()}]}}`);
    await expect(readInstance(listed, { share, memory })).rejects.toThrow(
      /pairs of site and demand: [12]\d MB/,
    );
  });
});

describe('the estimate of positions in the plane', () => {
  const size = (pairs: number, merged: number): PointSize => ({
    demand: 1000,
    spans: 5000,
    pairs,
    mergedPairs: () => merged,
  });

  it('merges nothing where all pairs would fit', () => {
    let asked = false;
    const unasked = { ...size(1e6, 0), mergedPairs: () => ((asked = true), 0) };
    expect(pointNeed(unasked, () => true)).toEqual(spansNeed(1000, 5000, 1e6));
    expect(asked).toBe(false);
    expect(pointNeed(size(1e6, 2e5), () => false)).toEqual(spansNeed(1000, 5000, 2e5));
  });

  it('counts what merging leaves as the solver does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 1 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 })), { minLength: 1 }),
        async (points, discs) => {
          const file = join(work, 'property.txt');
          const lines = [
            ...discs.map(([x, radius], i) => `F ${i} ${x} ${9 - x} 1 ${radius}`),
            ...points.map(([x, y], i) => `C ${i} ${x} ${y} 1`),
          ];
          writeFileSync(file, `${discs.length} ${points.length}\n${lines.join('\n')}\n`);
          let told: PointSize | null = null;
          const read = await readPairsOrPoints(
            file,
            { format: 'planar', share: { numerator: 1, denominator: 2 } },
            (own) => {
              told = own;
              return false;
            },
          );
          const { siteCount, demandCount } = read.problem.coverage;
          const coverers = Array.from({ length: demandCount }, () => [] as number[]);
          for (let site = 0; site < siteCount; site++)
            for (const demand of demandOf(read.problem.coverage, site)) coverers[demand]!.push(site);
          const classes = new Set(coverers.map((sites) => sites.join()));
          const pairs = [...classes].reduce((sum, key) => sum + (key === '' ? 0 : key.split(',').length), 0);
          expect(told!.mergedPairs()).toBe(pairs);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(MEASURED)(
    'is above the peak of %s with %i thread(s), and not far above',
    (_name, threads, facts) => {
      const { demand, spans, pairs, merged, peakMb } = facts;
      const parts = [solveNeed(threads), spansNeed(demand, spans, merged), solverNeed(pairs, threads)];
      const estimateMb = parts.reduce((sum, { arrays, heap }) => sum + arrays + heap, 0) / 2 ** 20;
      expect(estimateMb).toBeGreaterThan(peakMb);
      // What is solved at once never has HiGHS at the size that is allowed for.
      expect(estimateMb).toBeLessThan(2.1 * peakMb);
    },
  );
});

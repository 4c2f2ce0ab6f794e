import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cordeauInstance } from '../support/cordeau-generator.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-solve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bundled = fileURLToPath(new URL('../../data/instances/', import.meta.url));
const instanceH1 = join(bundled, 'H1-unit-1500m.json.gz');

/** 40 facilities, 400 customers, costs 10..100; small enough to be proved in moments. */
const points = join(folder, 'points.txt');
const pointsText = cordeauInstance({
  facilities: 40,
  customers: 400,
  leastCost: 10,
  largestCost: 100,
  seed: 7,
});
writeFileSync(points, pointsText);
const solvePoints = ['solve', points, '--radius', '6', '--threads', '1', '--no-progress'];

interface Answer {
  readonly status: string;
  readonly feasible: boolean;
  readonly cost: number;
  readonly lowerBound: number | null;
  readonly gap: number;
  readonly sites: readonly string[];
  readonly shares: readonly { readonly served: number; readonly needed: number; readonly users: number }[];
  readonly covered?: number;
  readonly upperBound?: number;
  readonly edges: number;
  readonly stoppedBy: string;
}

function answerOf({ stdout }: CliResult): Answer {
  return JSON.parse(stdout) as Answer;
}

/** Cost and users served of a plan, straight from the text of a points file. */
function recount(text: string, radius: number, sites: readonly string[]): { cost: number; served: number } {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const chosen = rows.filter(([kind, id]) => kind === 'F' && sites.includes(id!));
  const served = rows.filter(
    ([kind, , x, y]) =>
      kind === 'C' &&
      chosen.some(
        ([, , fx, fy]) => (Number(x) - Number(fx)) ** 2 + (Number(y) - Number(fy)) ** 2 <= radius ** 2,
      ),
  );
  return {
    cost: chosen.reduce((sum, row) => sum + Number(row[4]), 0),
    served: served.reduce((sum, row) => sum + Number(row[4]), 0),
  };
}

const without = (answer: Answer): object => ({ ...answer, seconds: null });

describe('mastplan solve', () => {
  it('explains every site once: what it alone serves, or why it is not there', async () => {
    const file = join(folder, 'why.json');
    const result = await runCli([...solvePoints, '--share', '0.95', '--json', '--explain', file]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const { cost, sites } = answerOf(result);
    const why = JSON.parse(readFileSync(file, 'utf8')) as {
      chosen: { id: string; servedAlone: { all: number }; costWithout: number | null }[];
      notChosen: { id: string; why: string; dominatedBy?: string; planCostAtLeast?: number }[];
    };
    expect([...why.chosen, ...why.notChosen].map(({ id }) => id)).toHaveLength(40);
    expect(new Set([...why.chosen, ...why.notChosen].map(({ id }) => id)).size).toBe(40);
    expect(why.chosen.map(({ id }) => id)).toEqual(sites);
    const { served } = recount(pointsText, 6, sites);
    for (const { id, servedAlone, costWithout } of why.chosen) {
      const left = recount(
        pointsText,
        6,
        sites.filter((other) => other !== id),
      );
      expect(servedAlone.all).toBe(served - left.served);
      if (costWithout !== null) expect(costWithout).toBeGreaterThanOrEqual(cost);
    }
    for (const { why: kind, dominatedBy, planCostAtLeast } of why.notChosen) {
      expect(dominatedBy !== undefined).toBe(kind === 'dominated');
      expect(planCostAtLeast !== undefined).toBe(kind === 'reduced-cost');
    }
  });

  it('answers in JSON what a recount from the file confirms', async () => {
    const result = await runCli([...solvePoints, '--share', '0.95', '--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const answer = answerOf(result);
    expect(answer.status).toBe('optimal');
    expect(answer.lowerBound).toBe(answer.cost);
    const { cost, served } = recount(pointsText, 6, answer.sites);
    expect(answer.cost).toBe(cost);
    expect(answer.shares).toMatchObject([{ served }]);
    expect(served).toBeGreaterThanOrEqual(answer.shares[0]!.needed);
    expect(answer.shares[0]!.needed).toBe(Math.ceil((95 * answer.shares[0]!.users) / 100));
  });

  it('says the same to people, and only that on stdout', async () => {
    const result = await runCli([...solvePoints, '--share', '0.95']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/^points\.txt: 40 sites, 400 demand points, /);
    expect(result.stdout).toMatch(/optimal: cost \d+ \(\d+ sites\); no plan costs less\./);
    const quiet = await runCli([...solvePoints, '--share', '0.95', '--quiet']);
    expect(quiet).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('gives the same bytes for 1, 2 and 4 threads', async () => {
    const args = [
      'solve',
      points,
      '--radius',
      '5',
      '--share',
      '0.9',
      '--json',
      '--no-progress',
      '--effort',
      'quick',
    ];
    const answers = [];
    for (const threads of ['1', '2', '4'])
      answers.push(without(answerOf(await runCli([...args, '--threads', threads]))));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('exits 3 with the plan of least shortfall and its proof where a target cannot be met', async () => {
    const instance = join(folder, 'impossible.json');
    writeFileSync(
      instance,
      JSON.stringify({
        sites: [
          { id: 'a', cost: 1, covers: [0] },
          { id: 'b', cost: 1, covers: [1] },
        ],
        demand: { day: [5, 3, 2] },
        targets: [{ period: 'day', share: 0.9 }],
      }),
    );
    const result = await runCli(['solve', instance, '--threads', '1', '--json', '--no-progress']);
    expect(result.exitCode).toBe(3);
    const answer = answerOf(result);
    expect(answer).toMatchObject({ status: 'infeasible', feasible: false, sites: ['a', 'b'], cost: 2 });
    // 9 of 10 users are asked for; a and b reach 8, and 2 stand where no site reaches.
    expect(answer.shares).toMatchObject([{ needed: 9, served: 8, met: false, unreachable: 2 }]);
  });

  it.each([
    ['a missing file', ['nowhere.txt'], 'nowhere.txt: no such file.'],
    ['no goal', [points, '--radius', '6'], 'nothing about what to reach'],
    ['no radius', [points, '--share', '0.9'], 'Give it with --radius'],
    [
      'a share in percent',
      [points, '--share', '95'],
      '--share must be a share above 0 and at most 1, got "95"',
    ],
    ['a radius in words', [points, '--radius', 'far'], '--radius must be a number above 0, got "far"'],
    [
      'a share and a budget',
      [points, '--radius', '6', '--share', '0.9', '--budget-sites', '3'],
      'cannot both',
    ],
    [
      'a curve and a share',
      [points, '--radius', '6', '--share', '0.9', '--curve', '0.5,0.6'],
      '--curve names its own',
    ],
    [
      '--change-cost alone',
      [points, '--radius', '6', '--share', '0.9', '--change-cost', '3'],
      'needs --start',
    ],
    [
      'tiles in words',
      [points, '--radius', '6', '--share', '0.9', '--tiles', 'many'],
      '--tiles must be auto, off or a whole number from 1 to 100000, got "many"',
    ],
    ['an unknown format', [points, '--format', 'xls'], 'Allowed choices are scp'],
    ['an unknown option', [points, '--fast'], "unknown option '--fast'"],
    ['a trace that is none', [points, '--replay', points], 'this is not JSON'],
  ])('exits 2 with one sentence for %s', async (_, args, says) => {
    const result = await runCli(['solve', ...args]);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('takes a budget of sites, with a proven upper bound', async () => {
    const args = [...solvePoints, '--json'];
    const answer = answerOf(await runCli([...args, '--budget-sites', '3']));
    expect(answer.sites.length).toBeLessThanOrEqual(3);
    expect(answer.covered).toBe(recount(pointsText, 6, answer.sites).served);
    expect(answer.upperBound).toBeGreaterThanOrEqual(answer.covered!);
    const more = answerOf(await runCli([...args, '--budget-sites', '4']));
    expect(more.upperBound).toBeGreaterThanOrEqual(answer.covered!);
  });

  it('writes the instance and the MPS model it solved, for the owner only', async () => {
    const instance = join(folder, 'written.json');
    const mps = join(folder, 'written.mps');
    const first = await runCli([
      ...solvePoints,
      '--share',
      '0.9',
      '--json',
      '--write-instance',
      instance,
      '--write-mps',
      mps,
    ]);
    const again = await runCli(['solve', instance, '--threads', '1', '--json', '--no-progress']);
    expect(answerOf(again)).toMatchObject({ cost: answerOf(first).cost, edges: answerOf(first).edges });
    expect(readFileSync(mps, 'utf8')).toMatch(/^\* mastplan covering model[^]*ENDATA\n$/);
    expect(statSync(instance).mode & 0o777).toBe(0o600);
    expect(statSync(mps).mode & 0o777).toBe(0o600);
  });

  it('draws a cost-coverage curve that never falls', async () => {
    const result = await runCli([...solvePoints, '--curve', '0.9,0.5,0.7', '--json']);
    expect(result.exitCode).toBe(0);
    const { curve } = JSON.parse(result.stdout) as {
      curve: { share: number; cost: number; lowerBound: number }[];
    };
    expect(curve.map(({ share }) => share)).toEqual([0.5, 0.7, 0.9]);
    for (const point of curve) expect(point.lowerBound).toBeLessThanOrEqual(point.cost);
    expect(curve[0]!.lowerBound).toBeLessThanOrEqual(curve[1]!.cost);
    expect(curve[1]!.lowerBound).toBeLessThanOrEqual(curve[2]!.cost);
  });

  it('keeps the sites of an earlier plan unless giving them up saves more than --change-cost', async () => {
    const earlier = join(folder, 'earlier.json');
    const smaller = await runCli([...solvePoints, '--share', '0.6', '--json']);
    writeFileSync(earlier, smaller.stdout);
    const args = [...solvePoints, '--share', '0.95', '--json', '--start', earlier];
    const free = JSON.parse((await runCli(args)).stdout) as Answer & { changes: { givenUp: string[] } };
    const dear = JSON.parse((await runCli([...args, '--change-cost', '1000'])).stdout) as typeof free;
    expect(dear.changes.givenUp).toEqual([]);
    expect(dear.sites).toEqual(expect.arrayContaining([...answerOf(smaller).sites]));
    expect(dear.cost).toBeGreaterThanOrEqual(free.cost);
    const some = JSON.parse((await runCli([...args, '--change-cost', '15'])).stdout) as Answer & {
      changes: { givenUp: string[]; costWithChanges: number; lowerBound: number };
    };
    expect(some.changes.costWithChanges).toBeCloseTo(some.cost + 15 * some.changes.givenUp.length, 9);
    expect(some.changes.lowerBound).toBeLessThanOrEqual(some.changes.costWithChanges);
    expect(some.changes.costWithChanges).toBeLessThanOrEqual(dear.cost);
  });

  it('repeats a run in tiles that the clock has cut, from its trace', async () => {
    const trace = join(folder, 'trace.json');
    const args = ['solve', instanceH1, '--threads', '2', '--json', '--no-progress'];
    const cut = await runCli([...args, '--tiles', '3', '--time-limit', '3', '--trace', trace]);
    expect(cut.exitCode).toBe(0);
    expect(JSON.parse(readFileSync(trace, 'utf8'))).toMatchObject({
      format: 'mastplan-trace',
      stoppedBy: 'time',
      seed: 1,
      tiles: 3,
    });
    const repeated = await runCli([...args, '--replay', trace]);
    expect(answerOf(repeated).sites).toEqual(answerOf(cut).sites);
    expect(answerOf(repeated).lowerBound).toBe(answerOf(cut).lowerBound);
  });

  it('prints the best plan so far and exits 130 on Ctrl-C', async () => {
    let sent = false;
    const result = await runCli(
      ['solve', instanceH1, '--threads', '2', '--effort', 'thorough', '--json'],
      (stderr, kill) => {
        if (sent || !stderr.includes('cost ')) return;
        sent = true;
        kill('SIGINT');
      },
    );
    expect(result.exitCode).toBe(130);
    const answer = answerOf(result);
    expect(answer).toMatchObject({ status: 'interrupted', feasible: true, stoppedBy: 'interrupt' });
    expect(answer.shares.every(({ served, needed }) => served >= needed)).toBe(true);
  });

  it('shows an example in its help', async () => {
    const result = await runCli(['solve', '--help']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('mastplan solve data/instances/A-uniform-100x10k.txt.gz --share 0.95');
  });
});

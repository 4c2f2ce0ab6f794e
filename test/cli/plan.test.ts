import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliResult } from '../support/run-cli.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tiny = join(root, 'test/fixtures/tiny');
const TINY = join(tiny, 'scenario.yaml');

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-plan-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const plan = (out: string, ...args: string[]): Promise<CliResult> =>
  runCli(['plan', ...args, '--out', join(work, out), '--no-progress']);

/** Every file of a run but run.json, the one that may differ. */
function contents(out: string): Record<string, string> {
  const files = readdirSync(join(work, out)).filter((name) => name !== 'run.json');
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(work, out, name), 'utf8')]));
}

interface Report {
  status: string;
  inputs: unknown;
  phases: {
    sites: string[];
    cost: number;
    lowerBound: number;
    targets: { met: boolean; users: number; usersServed: number; required: number }[];
  }[];
}

function reportOf(out: string): Report {
  return JSON.parse(readFileSync(join(work, out, 'report.json'), 'utf8')) as Report;
}

function verify(out: string, ...more: string[]): string {
  return execFileSync(process.execPath, [join(root, 'scripts/verify.mjs'), join(work, out), ...more], {
    encoding: 'utf8',
  });
}

describe('mastplan plan', () => {
  it('meets every target of the town, proves it, and the verifier agrees to the last user', async () => {
    const run = await plan('town', TINY);
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    const report = reportOf('town');
    // 3 sites: no 2 of the 25 candidates reach 80 % in both periods (proved by the bound; `optimal` is recounted).
    expect(report.status).toBe('optimal');
    expect(report.phases.at(-1)).toMatchObject({ cost: 3, lowerBound: 3 });
    expect(report.phases.flatMap((phase) => phase.targets).every((target) => target.met)).toBe(true);
    expect(verify('town')).toContain('agrees to the last user');
    expect(run.stdout).toContain('3 new sites');
    expect(existsSync(join(work, 'town', '.mastplan'))).toBe(false);
  });

  it('writes the same bytes with 1, 2 and 4 threads, run.json apart', async () => {
    for (const threads of ['1', '2', '4']) {
      const run = await plan(`threads-${threads}`, TINY, '--threads', threads, '--quiet');
      expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    }
    expect(contents('threads-2')).toEqual(contents('threads-1'));
    expect(contents('threads-4')).toEqual(contents('threads-1'));
  });

  it('plans the same from scenario.resolved.yaml, where every default is spelled out', async () => {
    const again = await plan('resolved', join(work, 'town', 'scenario.resolved.yaml'), '--allow-outside');
    expect(again.exitCode).toBe(0);
    expect(reportOf('resolved').phases).toEqual(reportOf('town').phases);
  });

  it('does not care about the order of features: sites, cost, bound and shares stay', async () => {
    const shuffled = mkdtempSync(join(work, 'shuffled-'));
    for (const name of readdirSync(tiny)) {
      const text = readFileSync(join(tiny, name), 'utf8');
      const isLayer = name.endsWith('.geojson');
      const collection = isLayer ? (JSON.parse(text) as { features: unknown[] }) : null;
      collection?.features.reverse();
      writeFileSync(join(shuffled, name), collection === null ? text : JSON.stringify(collection));
    }
    const run = await plan('reversed', join(shuffled, 'scenario.yaml'));
    expect(run.exitCode).toBe(0);
    expect(reportOf('reversed').phases).toEqual(reportOf('town').phases);
  });

  it('works from flags alone, and gives the report as JSON on stdout', async () => {
    const flags = ['--demand', join(tiny, 'users.geojson'), '--users', 'day=users_day,night=users_night'];
    const run = await plan('flags', ...flags, '--share', '0.9', '--effort', 'quick', '--json');
    expect(run.exitCode).toBe(0);
    expect((JSON.parse(run.stdout) as Report).phases).toEqual(reportOf('flags').phases);
    expect(verify('flags')).toContain('agrees to the last user');
  });

  it('keeps to a budget and bounds what any plan could reach with it', async () => {
    const run = await plan('budget', TINY, '--budget-sites', '2', '--json');
    expect(run.exitCode).toBe(0);
    expect(verify('budget')).toContain('agrees to the last user');
  });

  it('says which target cannot be met, where its users are, and writes the plan of least shortfall', async () => {
    const run = await plan('impossible', TINY, '--rsrp', '-70', '--share', '0.99');
    expect(run.exitCode).toBe(3);
    const report = reportOf('impossible');
    expect(report.status).toBe('infeasible');
    const missed = report.phases.at(-1)!.targets.filter((target) => !target.met);
    expect(missed.length).toBeGreaterThan(0);
    expect(run.stdout).toMatch(/missed by [\d ,]+/);
    const gaps = JSON.parse(readFileSync(join(work, 'impossible', 'gaps.geojson'), 'utf8')) as {
      features: unknown[];
    };
    expect(gaps.features.length).toBeGreaterThan(0);
    expect(verify('impossible')).toContain('agrees to the last user');
  });

  it('writes the instance it solved: solving that file alone gives the same cost and bound', async () => {
    const instance = join(work, 'town.json');
    expect((await plan('instance', TINY, '--write-instance', instance)).exitCode).toBe(0);
    const solved = await runCli(['solve', instance, '--json', '--no-progress', '--effort', 'quick']);
    expect(JSON.parse(solved.stdout)).toMatchObject({ status: 'optimal', cost: 3, lowerBound: 3 });
  });

  it('refuses a folder that holds files of others, and leaves them alone', async () => {
    const foreign = mkdtempSync(join(work, 'foreign-'));
    writeFileSync(join(foreign, 'notes.txt'), 'mine');
    const run = await runCli(['plan', TINY, '--out', foreign, '--no-progress']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('notes.txt');
    expect(readdirSync(foreign)).toEqual(['notes.txt']);
  });

  it('writes the best plan so far when interrupted, and says so', async () => {
    let sent = false;
    const scenario = join(root, 'data/helsinki/scenario.yaml');
    const out = join(work, 'interrupted');
    const run = await runCli(['plan', scenario, '--out', out, '--effort', 'thorough'], (said, kill) => {
      if (sent || !/^solve {2,}.*cost/m.test(said)) return;
      sent = true;
      kill('SIGINT');
    });
    expect(run.exitCode).toBe(130);
    expect(reportOf('interrupted').status).toBe('interrupted');
    expect(readFileSync(join(out, 'summary.md'), 'utf8')).toMatch(/interrupted/i);
    expect(verify('interrupted')).toContain('agrees to the last user');
  }, 180_000);

  it('starts from an earlier run and says what became of its sites; repeats a run by its report', async () => {
    await plan('before', TINY, '--seed', '5');
    const after = await plan('after', TINY, '--start', join(work, 'before'), '--change-cost', '2');
    expect(after.exitCode).toBe(0);
    expect(after.stdout).toContain('3 sites of the earlier plan kept, 0 given up');
    const { changes, inputs } = JSON.parse(readFileSync(join(work, 'after', 'report.json'), 'utf8')) as {
      changes: { kept: string[]; givenUp: string[]; costWithChanges: number };
      inputs: { role: string }[];
    };
    const earlier = reportOf('before').phases.at(-1)!.sites;
    expect(changes).toMatchObject({ kept: expect.arrayContaining(earlier) as string[], givenUp: [] });
    expect(changes.costWithChanges).toBe(reportOf('after').phases.at(-1)!.cost);
    expect(inputs.map(({ role }) => role)).toContain('start');
    verify('after');
    await plan('again', TINY, '--replay', join(work, 'before'));
    expect(reportOf('again')).toEqual(reportOf('before'));
  });
});

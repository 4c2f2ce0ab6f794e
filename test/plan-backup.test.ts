import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../src/assess.ts';
import { compareRuns } from '../src/compare.ts';
import { readScenario, type LoadedScenario } from '../src/input/read-scenario.ts';
import { plan } from '../src/plan.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { answerText } from '../src/report/instance-answer.ts';
import { readRun } from '../src/report/read-run.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { explanationHolds } from '../src/solve/explain.ts';

const TINY = fileURLToPath(new URL('./fixtures/tiny/scenario.yaml', import.meta.url));
const VERIFY = fileURLToPath(new URL('../scripts/verify.mjs', import.meta.url));

let dir = '';
let result: PlanResult;
beforeAll(async () => {
  dir = join(mkdtempSync(join(tmpdir(), 'mastplan-backup-')), 'run');
  result = await plan(await tinyWithBackup());
  await writePlan(result, dir);
});
afterAll(() => {
  rmSync(join(dir, '..'), { recursive: true, force: true });
});

/** 80 % of all users are to be served, 50 % covered twice, 60 % in the centre three times. */
async function tinyWithBackup(): Promise<LoadedScenario> {
  const loaded = await readScenario(TINY);
  const list = [
    { name: 'twice', targets: [{ share: 0.8 }, { share: 0.5, backup: 2 }] },
    { name: 'centre', targets: [{ share: 0.6, regions: ['Centre'], backup: 3 }] },
  ];
  const phases = { ...loaded.scenario.phases!, list };
  const solver = { ...loaded.scenario.solver, effort: 'quick' as const };
  return { ...loaded, scenario: { ...loaded.scenario, phases, solver } };
}

/** Users of a period whom at least `times` sites cover, today's network being one: from the coverage alone. */
function coveredTimes(period: number, times: number, inRegion: string | null): number {
  const { problem, solution, demand, regionOfDemand, regionNames } = result;
  const counts = Array.from(problem.servedToday[period]!);
  const { siteStart, demandOfSite } = problem.coverage;
  for (const site of solution.sites) {
    for (let k = siteStart[site]!; k < siteStart[site + 1]!; k++) counts[demandOfSite[k]!]!++;
  }
  return demand.usersMilli[period]!.reduce((sum, users, i) => {
    const isIn = inRegion === null || regionNames[regionOfDemand[i]!] === inRegion;
    return isIn && counts[i]! >= times ? sum + users : sum;
  }, 0);
}

function verify(): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [VERIFY, dir], { encoding: 'utf8' });
}

describe('a plan with backup', () => {
  it('reports users by how many sites cover them, and the verifier agrees', () => {
    const report = reportSchema.parse(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')));
    expect(report.feasible).toBe(true);
    const rows = report.phases.at(-1)!.targets.filter(({ backup }) => backup !== undefined);
    expect(rows.map(({ region, backup }) => [region, backup])).toEqual([
      [null, 2],
      [null, 2],
      ['Centre', 3],
      ['Centre', 3],
    ]);
    for (const { region, period, backup, usersServed, usersServedToday, met } of rows) {
      const at = result.demand.periods.indexOf(period);
      expect(Math.round(1000 * usersServed)).toBe(coveredTimes(at, backup!, region));
      expect(usersServedToday).toBe(0);
      expect(met).toBe(true);
    }
    expect(readFileSync(join(dir, 'summary.md'), 'utf8')).toContain('50 % by 2 sites');
    const { stdout, status } = verify();
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
  });

  it('assigns nobody and explains nothing: there is no room to share, and repairs look at one site', () => {
    expect(result.solution.phases.every(({ assignment }) => assignment === undefined)).toBe(true);
    expect(result.explanation).toBeNull();
  });

  it('is not explained by solve either: proven optimal, it was said to cost less without one of its sites', () => {
    expect(explanationHolds(result.problem, result.solution)).toBe(false);
  });

  it('says in the answer of solve by how many sites users are covered', () => {
    const { problem, solution } = result;
    const text = answerText('town', {
      problem,
      pairs: 0,
      solution,
      seconds: 0,
      traceSeconds: [],
      changes: null,
    });
    expect(text).toMatch(/day: [\d.]+ % served/);
    expect(text).toMatch(/day: [\d.]+ % covered by 2 sites/);
    expect(text).toMatch(/day, Centre: [\d.]+ % covered by 3 sites/);
  });

  it('is caught by the verifier when a target claims more', () => {
    const file = join(dir, 'report.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"backup": 3', '"backup": 2'));
    const { stdout, status } = verify();
    writeFileSync(file, text);
    expect(status).toBe(1);
    expect(stdout).toContain('Centre');
  });

  it('is compared target by target, backup apart from service', async () => {
    const run = await readRun(dir);
    const { targets } = compareRuns([run, run], { movedWithinM: 100 });
    const everyone = targets.filter(({ region, period }) => region === null && period === 'day');
    expect(everyone.map(({ backup }) => backup)).toEqual([undefined, 2]);
  });

  it('cannot be assessed from measurements, and says so', async () => {
    await expect(assess(await tinyWithBackup())).rejects.toThrow('how many sites cover a user');
  });
});

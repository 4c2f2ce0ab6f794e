import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario, readScenario, type LoadedScenario } from '../src/input/read-scenario.ts';
import { plan } from '../src/plan.ts';
import { countPlan } from '../src/report/plan-facts.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { summaryText } from '../src/report/summary-text.ts';
import { writePlan } from '../src/report/write-plan.ts';

const VERIFY = fileURLToPath(new URL('../scripts/verify.mjs', import.meta.url));
const TINY = fileURLToPath(new URL('./fixtures/tiny/scenario.yaml', import.meta.url));

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-sinr-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** The tiny town with sectors, one phase of these targets and interference as given. */
async function tiny(
  targets: object[],
  interference: object | undefined,
  more: object = {},
): Promise<LoadedScenario> {
  const loaded = await readScenario(TINY);
  const { phases, radio, ...rest } = loaded.scenario;
  const value = {
    ...rest,
    radio: { ...radio, azimuths: [0, 120, 240] },
    ...(phases !== null && { phases: [{ name: 'all', targets }] }),
    ...(interference && { interference }),
    ...more,
  };
  const scenario = parseScenario({ value, lineOf: () => null }, 'scenario.yaml', [], loaded.baseDir);
  return { ...loaded, scenario };
}

describe('a plan and SINR', () => {
  it('says nothing of SINR unless asked', async () => {
    expect((await plan(await tiny([{ share: 0.9 }], undefined))).interference).toBeNull();
  });

  it('states shares by region and period when asked', async () => {
    const result = await plan(await tiny([{ share: 0.9 }], {}));
    const { asBuilt, tuned, targets } = result.interference!;
    expect([tuned, targets]).toEqual([null, []]);
    for (const { sinrMilli, signalMilli, usersMilli } of asBuilt.scopes) {
      expect(sinrMilli).toBeLessThanOrEqual(signalMilli);
      expect(signalMilli).toBeLessThanOrEqual(usersMilli);
    }
    // Signal is counted from links here and from the matrix in the plan: to the last user the same.
    const facts = countPlan(result);
    const all = asBuilt.scopes.filter(({ region }) => region === null);
    expect(all.map(({ signalMilli }) => signalMilli)).toEqual(
      facts.periods.map(({ servedMilli }) => servedMilli),
    );
  });

  it('tunes cells where a target on SINR is missed, and names what is missing then', async () => {
    const wanted = [{ share: 0.9 }, { share: 0.9, by: 'sinr' }];
    const result = await plan(await tiny(wanted, { sinrDb: 12, load: 1 }));
    const { asBuilt, tuned, targets } = result.interference!;
    const served = (facts: typeof asBuilt): number =>
      facts.scopes.reduce((sum, { sinrMilli }) => sum + sinrMilli, 0);
    expect(targets.length).toBe(result.demand.periods.length);
    expect(targets.some(({ beforeMilli, needMilli }) => beforeMilli < needMilli)).toBe(true);
    expect(served(tuned!)).toBeGreaterThan(served(asBuilt));
    await writePlan(result, join(work, 'out'));
    const report = reportSchema.parse(JSON.parse(readFileSync(join(work, 'out', 'report.json'), 'utf8')));
    expect(report.interference!.tuned!.cells.length).toBeGreaterThan(0);
    const missed = report.interference!.targets.filter(({ metAfter }) => !metAfter);
    expect(result.warnings.filter((text) => text.includes('by SINR'))).toHaveLength(missed.length);
    const text = summaryText(result, countPlan(result), { dir: null, files: [], color: false });
    expect(text.includes('missed by')).toBe(missed.length > 0);
    expect(text).toContain('by SINR of at least 12 dB');
  });

  it('adds sites where tuning is not enough, as many as are allowed, and names what is missing', async () => {
    const wanted = [{ share: 0.75 }, { share: 0.75, by: 'sinr' }];
    const traffic = { mbpsPerUser: 0.02 };
    const repaired = await plan(await tiny(wanted, { sinrDb: 3 }, { traffic }));
    const { added, removed } = repaired.interference!.repair!;
    expect(added.length).toBeGreaterThan(0);
    expect(repaired.interference!.targets.every(({ afterMilli, needMilli }) => afterMilli >= needMilli)).toBe(
      true,
    );
    const dir = join(work, 'repaired');
    await writePlan(repaired, dir);
    expect(spawnSync(process.execPath, [VERIFY, dir], { encoding: 'utf8' }).stdout).toContain(
      'agrees to the last user',
    );
    // By signal alone the added sites are given up again; the repair brings them back, and they count as kept.
    const start = { run: join(dir, 'report.json'), changeCost: 0 };
    const { changes, solution } = await plan(await tiny(wanted, { sinrDb: 3 }, { traffic, start }));
    const earlier = repaired.solution.sites;
    const sorted = (sites: readonly number[]): number[] => sites.toSorted((a, b) => a - b);
    expect(sorted(changes!.kept)).toEqual(sorted(earlier.filter((site) => solution.sites.includes(site))));
    expect(sorted([...changes!.kept, ...changes!.givenUp])).toEqual(sorted(earlier));
    expect(changes!.costWithChanges).toBe(solution.cost);
    // What was proved of the plan by signal stays; the sites added cost what they cost.
    const off = await plan(await tiny(wanted, { sinrDb: 3, repair: { sites: 0 } }, { traffic }));
    expect(off.interference!.repair).toBeNull();
    expect(off.warnings.some((text) => text.includes('by SINR is missed'))).toBe(true);
    expect(repaired.solution.lowerBound).toBe(off.solution.lowerBound);
    expect(repaired.solution.sites.length).toBe(off.solution.sites.length + added.length - removed.length);
    const one = await plan(await tiny(wanted, { sinrDb: 3, repair: { sites: 1 } }, { traffic }));
    expect(one.interference!.repair?.added.length ?? 0).toBeLessThanOrEqual(1);
  });
});

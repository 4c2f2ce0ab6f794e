import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../src/executor.ts';
import { readInstance } from '../src/input/instance/read-instance.ts';
import { plan } from '../src/plan.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { instanceJson } from '../src/report/instance-writer.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { solveProblem } from '../src/solve-instance.ts';
import { tinyWith, verify } from './support/tiny.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-services-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** Voice is asked of weaker signal than video, and makes less traffic. */
const TWO = {
  services: [
    { name: 'voice', share: { day: 0.3, night: 0.35 }, mbpsPerUser: 0.024, activity: 0.4, rsrpDbm: -115 },
    { name: 'video', share: { day: 0.7, night: 0.65 }, mbpsPerUser: 2, activity: { day: 0.1, night: 0.02 } },
  ],
  capacity: { mbps: 70 },
  phases: [
    { name: 'town', targets: [{ share: 0.8 }, { share: 0.95, service: 'voice' }] },
    { name: 'centre', targets: [{ share: 0.9, regions: ['Centre'], service: 'each' }] },
  ],
};

function reportOf(dir: string) {
  return reportSchema.parse(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')));
}

describe('a plan for two services', () => {
  let dir = '';
  let result: PlanResult;
  beforeAll(async () => {
    dir = join(work, 'two');
    result = await plan(await tinyWith(TWO));
    await writePlan(result, dir);
  });

  it('holds targets on the users of one service alone', () => {
    const report = reportOf(dir);
    expect(report.feasible).toBe(true);
    const rows = report.phases
      .at(-1)!
      .targets.map(({ region, service, period }) => [region, service, period]);
    expect(rows).toEqual([
      [null, undefined, 'day'],
      [null, undefined, 'night'],
      [null, 'voice', 'day'],
      [null, 'voice', 'night'],
      ['Centre', 'voice', 'day'],
      ['Centre', 'voice', 'night'],
      ['Centre', 'video', 'day'],
      ['Centre', 'video', 'night'],
    ]);
    const { usersMilli, services } = result.demand;
    const voice = result.problem.phases[0]!.targets.find((target) => target.service === 'voice')!;
    expect([...voice.members!].every((row) => services!.ofRow[row] === 0)).toBe(true);
    const users = usersMilli[0]!.reduce((sum, own, row) => sum + (services!.ofRow[row] === 0 ? own : 0), 0);
    expect(voice.totalUsers).toBe(users);
  });

  it('tells users and traffic by service, and writes which row wants what', () => {
    const report = reportOf(dir);
    const [voice, video] = report.services!;
    expect([voice!.rsrpDbm, video!.rsrpDbm]).toEqual([-115, -105]);
    const day = report.capacity!.periods.find(({ period }) => period === 'day')!;
    for (const key of ['offeredMbps', 'carriedMbps'] as const) {
      const sum = [voice!, video!].reduce((all, { periods }) => all + periods[0]!.traffic![key], 0);
      expect(sum).toBeCloseTo(day[key], 5);
    }
    // 40 % of voice users active at 24 kbit/s.
    expect(voice!.periods[0]!.traffic!.offeredMbps).toBeCloseTo(voice!.periods[0]!.users * 0.024 * 0.4, 5);
    expect(readFileSync(join(dir, 'demand.geojson'), 'utf8')).toContain('"service":"voice"');
    expect(readFileSync(join(dir, 'summary.md'), 'utf8')).toContain('## Services');
    expect(readFileSync(join(dir, 'summary.md'), 'utf8')).toContain('Centre, video');
  });

  it('agrees with the verifier, which finds what was changed', () => {
    const { stdout, status } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
    const tampered = (name: string, file: string, change: (text: string) => string): string => {
      const copy = join(work, name);
      cpSync(dir, copy, { recursive: true });
      writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
      const checked = verify(copy);
      expect(checked.status).toBe(1);
      return checked.stdout;
    };
    const inReport = (name: string, change: (report: ReturnType<typeof reportOf>) => void): string =>
      tampered(name, 'report.json', (text) => {
        const report = reportSchema.parse(JSON.parse(text));
        change(report);
        return JSON.stringify(report);
      });
    expect(inReport('users', ({ services }) => (services![0]!.periods[0]!.usersServed -= 0.001))).toMatch(
      /voice, day: usersServed/,
    );
    expect(
      inReport('traffic', ({ services }) => (services![1]!.periods[0]!.traffic!.carriedMbps += 1)),
    ).toMatch(/video, day: carriedMbps/);
    expect(inReport('threshold', ({ services }) => (services![1]!.rsrpDbm = -120))).toMatch(
      /thresholds differ/,
    );
    expect(
      inReport('share', (report) => {
        const services = report.scenario['services'] as { share: object }[];
        services[0]!.share = { day: 0.2, night: 0.35 };
        services[1]!.share = { day: 0.8, night: 0.65 };
      }),
    ).toMatch(/its share gives/);
    expect(
      inReport('rate', (report) => {
        (report.scenario['services'] as { mbpsPerUser: number }[])[0]!.mbpsPerUser = 0.048;
      }),
    ).toMatch(/bit\/s a user/);
    expect(
      tampered('reach', 'sites.geojson', (text) =>
        text.replace(/"service_reach_m":\{"voice":[\d.]+/, '"service_reach_m":{"voice":900'),
      ),
    ).toMatch(/farther than a laxer service|reach 900 m/);
    expect(
      tampered('moved', 'demand.geojson', (text) => text.replace('"service":"voice"', '"service":"video"')),
    ).toMatch(/no service of the scenario|there twice/);
  });

  it('is the plan of the instance it writes', async () => {
    const file = join(work, 'instance.json');
    writeFileSync(file, [...instanceJson(result.problem)].join(''));
    const problem = await readInstance(file);
    expect(problem.phases.flatMap(({ targets }) => targets.map(({ service }) => service ?? null))).toEqual(
      result.problem.phases.flatMap(({ targets }) => targets.map(({ service }) => service ?? null)),
    );
    const { solution } = await solveProblem(problem, {
      seed: result.scenario.solver.seed,
      effort: result.scenario.solver.effort,
      timeLimitS: null,
      gapGoal: 0,
      executor: inProcessExecutor,
      nowS: () => 0,
    });
    expect(solution.sites.map((site) => problem.siteIds[site])).toEqual(
      result.solution.sites.map((site) => result.candidates.ids[site]),
    );
    expect([solution.cost, solution.lowerBound]).toEqual([result.solution.cost, result.solution.lowerBound]);
  });
});

describe('two services that ask for the same', () => {
  const outcome = ({ solution }: PlanResult) => ({
    sites: solution.sites.length,
    cost: solution.cost,
    lowerBound: solution.lowerBound,
    phases: solution.phases.map(({ cost, lowerBound, targets }) => ({
      cost,
      lowerBound,
      served: targets.map(({ servedUsers, totalUsers }) => [servedUsers, totalUsers]),
    })),
  });

  it('are planned for as one, whatever part of the users wants which', async () => {
    const one = outcome(await plan(await tinyWith({})));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1000 }), async (thousandths) => {
        const services = [
          { name: 'a', share: thousandths / 1000 },
          { name: 'b', share: (1000 - thousandths) / 1000 },
        ];
        expect(outcome(await plan(await tinyWith({ services })))).toEqual(one);
      }),
      { numRuns: 4 },
    );
  });

  it('cost the same and are bounded alike where room is short too', async () => {
    const rate = { mbpsPerUser: 1, activity: 0.1 };
    const room = { capacity: { mbps: 40 } };
    const one = (await plan(await tinyWith({ traffic: rate, ...room }))).solution;
    const services = [
      { name: 'a', share: 0.25, ...rate },
      { name: 'b', share: 0.75, ...rate },
    ];
    const two = (await plan(await tinyWith({ services, ...room }))).solution;
    expect([two.cost, two.lowerBound, two.status]).toEqual([one.cost, one.lowerBound, one.status]);
  });
});

describe('services elsewhere', () => {
  it('may be wanted by nobody', async () => {
    const services = [
      { name: 'voice', share: 0, rsrpDbm: -115 },
      { name: 'video', share: 1 },
    ];
    const dir = join(work, 'nobody');
    await writePlan(await plan(await tinyWith({ services })), dir);
    const { stdout, status } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
    expect(reportOf(dir).services!.map(({ periods }) => periods[0]!.users > 0)).toEqual([false, true]);
  });

  it('have targets on backup and on SINR of their own', async () => {
    const dir = join(work, 'kinds');
    const { services } = TWO;
    const targets = [
      { share: 0.5, backup: 2, service: 'voice' },
      { share: 0.2, backup: 2, service: 'video', regions: 'each' },
      { share: 0.6, by: 'sinr', service: 'video', period: 'day' },
    ];
    const phases = [{ name: 'town', targets }];
    const result = await plan(await tinyWith({ services, phases, interference: { sinrDb: 0 } }));
    await writePlan(result, dir);
    const { stdout, status } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
    const [bySinr] = reportOf(dir).interference!.targets;
    const video = reportOf(dir).services![1]!.periods[0]!;
    expect(bySinr).toMatchObject({ service: 'video', period: 'day', by: 'sinr', users: video.users });
  });

  it('are told apart where SINR decides: each is covered by its own threshold', async () => {
    const dir = join(work, 'sinr');
    const result = await plan(
      await tinyWith({ ...TWO, interference: {}, capacity: { fromSinr: { share: 0.5 } } }),
    );
    await writePlan(result, dir);
    const { stdout, status } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
    const { placesDb } = result.interference!.asBuilt;
    const { placeOfRow } = result.demand.services!;
    let onlyVoice = 0;
    for (let row = 1; row < result.demand.count; row++) {
      if (placeOfRow[row] !== placeOfRow[row - 1]) continue;
      const [voice, video] = [placesDb[0]![row - 1]!, placesDb[0]![row]!];
      if (Number.isNaN(video)) onlyVoice += Number.isNaN(voice) ? 0 : 1;
      else expect(video).toBeCloseTo(voice, 4);
    }
    expect(onlyVoice).toBeGreaterThan(0);
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess, type AssessOptions } from '../../src/assess.ts';
import type { AssessmentResult } from '../../src/assess/result.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { assessmentJsonSchema, assessmentSchema } from '../../src/report/assess-schema.ts';
import { historySeries } from '../../src/report/history-page.ts';
import { writeAssessment } from '../../src/report/write-assessment.ts';
import { tinyWith } from '../support/tiny.ts';
import { BAD_DBM, GOOD_DBM, writeTown } from './measured-town.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mastplan-assess-services-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** Two services of half of the users each, which is a whole number of thousandths at every point of the towns below. */
function halves(laxDbm: number, strictDbm: number): object[] {
  return [
    { name: 'lax', share: 0.5, rsrpDbm: laxDbm },
    { name: 'strict', share: 0.5, rsrpDbm: strictDbm },
  ];
}

const text = (dir: string, file: string): string => readFileSync(join(dir, file), 'utf8');

describe('a town measured at three levels', () => {
  // -90, -112 and -120 dBm with six equal readings each: the spread is the device's 3 dB alone, so a level must stand
  // 1.645 x 3 = 4.9 dB above its threshold. Voice from -117 dBm is served at the first two places, video from -105 at the first.
  const services = `services:
  - { name: voice, share: 0.25, rsrpDbm: -117, mbpsPerUser: 0.1 }
  - { name: video, share: 0.75, mbpsPerUser: 2 }
`;
  const SERVICE_TARGETS = `phases:
  - { name: all, targets: [{ share: 0.9, service: voice }, { share: 0.6, service: video, period: day }] }
  - { name: port, targets: [{ share: 0.5, service: each, regions: [Port] }, { share: 0.4 }] }
`;
  let result: AssessmentResult;
  let dir = '';
  const assessTown = async (levelsDbm: readonly number[], options: AssessOptions = {}) => {
    const path = writeTown(work, { levelsDbm, more: services });
    const yaml = await readFile(path, 'utf8');
    await writeFile(path, yaml.replace(/phases:\n( {2}- .*\n)*/, SERVICE_TARGETS));
    return assess(await readScenario(path), options);
  };
  beforeAll(async () => {
    result = await assessTown([GOOD_DBM, -112, BAD_DBM]);
    dir = join(work, 'town');
    await writeAssessment(result, dir);
  });

  it('holds every target on the users of its own service', () => {
    const rows = result.targets.map(({ service, region, period, servedLow, totalUsers, met }) => [
      service,
      region,
      result.demand.periods[period],
      servedLow,
      totalUsers,
      met,
    ]);
    // By day 100, 60 and 40 users, by night 20, 40 and 20: a quarter of them want voice. Port is the third place.
    expect(rows).toEqual([
      ['voice', null, 'day', 40_000, 50_000, false],
      ['voice', null, 'night', 15_000, 20_000, false],
      ['video', null, 'day', 75_000, 150_000, false],
      ['voice', 'Port', 'day', 0, 10_000, false],
      ['voice', 'Port', 'night', 0, 5_000, false],
      ['video', 'Port', 'day', 0, 30_000, false],
      ['video', 'Port', 'night', 0, 15_000, false],
      [null, null, 'day', 115_000, 200_000, true],
      [null, null, 'night', 30_000, 80_000, false],
    ]);
  });

  it('tells the share of every service, region and period, and of all together what the scorecard says', () => {
    const shares = result.serviceShares.map(({ service, region, period, servedLow }) => [
      service,
      region,
      period,
      servedLow,
    ]);
    expect(shares).toHaveLength(12);
    expect(shares).toContainEqual(['video', null, 1, 15_000]);
    expect(shares).toContainEqual([null, 'Port', 0, 0]);
    const stable = result.scorecard.find(({ indicator }) => indicator.id === 'users-stable');
    // 30 of 80 users by night.
    expect(stable?.value).toBeCloseTo(37.5, 9);
  });

  it('tells weak areas service by service: every unserved user is in one', () => {
    const areas = result.weakAreas.map(({ service, period, usersMilli, thresholdDbm }) => [
      service,
      period,
      usersMilli,
      thresholdDbm,
    ]);
    expect(areas).toEqual([
      ['video', 0, 45_000, -105],
      ['video', 0, 30_000, -105],
      ['video', 1, 30_000, -105],
      ['video', 1, 15_000, -105],
      ['voice', 0, 10_000, -117],
      ['voice', 1, 5_000, -117],
    ]);
  });

  it('writes the service wherever a share or an area stands', () => {
    const json: unknown = JSON.parse(text(dir, 'assessment.json'));
    const validate = new Ajv2020({ strict: false }).compile(assessmentJsonSchema());
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    const { services: written, targets, weakAreas, files } = assessmentSchema.parse(json);
    expect(files).toContain('services.csv');
    expect(targets[0]).toMatchObject({ service: 'voice', required: 0.9, servedShare: 0.8, met: false });
    expect(targets.at(-1)).not.toHaveProperty('service');
    expect(weakAreas[0]).toMatchObject({ service: 'video', users: 45 });
    expect(written!.map(({ name, rsrpDbm }) => [name, rsrpDbm])).toEqual([
      ['voice', -117],
      ['video', -105],
    ]);
    expect(
      written![1]!.shares.map(({ region, period, required, met }) => [region, period, required, met]),
    ).toEqual([
      [null, 'day', 0.6, false],
      [null, 'night', null, null],
      ['Port', 'day', 0.5, false],
      ['Port', 'night', 0.5, false],
    ]);
    const csv = text(dir, 'services.csv').split('\r\n');
    expect(csv[0]).toMatch(/^service,rsrp_dbm,region,period,users,served_share,/);
    expect(csv[1]).toMatch(/^voice,-117,,day,50,0.8,/);
    expect(text(dir, 'weak-areas.geojson')).toContain('"service":"video"');
    expect(text(dir, 'summary.md')).toMatch(
      /\| voice \| −117 dBm \| all users \| day \| 50 \| 90 % \| 80.00 % \|.*\| not met \|/,
    );
  });

  it('draws a map for each service and period, and names the service in the answer', () => {
    const page = text(dir, 'assessment.html');
    for (const service of ['voice', 'video'])
      for (const period of [0, 1])
        expect(page).toContain(`data-period="${period}" data-service="${service}"`);
    expect(page).toContain('users of voice');
    expect(assessmentSchema.parse(JSON.parse(text(dir, 'assessment.json'))).answer).toContain('users of v');
  });

  it('compares services with themselves a quarter before', async () => {
    const later = await assessTown([GOOD_DBM, BAD_DBM, -112], { previousDir: dir });
    const changed = later.comparison!.targets.filter(({ before, after }) => before !== after);
    // The two last places changed their levels: video was served at neither, voice at the other one.
    expect(new Set(changed.map(({ service, region }) => `${service ?? 'all'} ${region ?? ''}`))).toEqual(
      new Set(['voice ', 'voice Port', 'all ']),
    );
    const fates = later.comparison!.areas.map(({ fate, service, period }) => `${fate} ${service} ${period}`);
    expect(fates.sort()).toEqual([
      'closed voice day',
      'closed voice night',
      'opened voice day',
      'opened voice night',
      'persisting video day',
      'persisting video day',
      'persisting video night',
      'persisting video night',
    ]);
    const first = assessmentSchema.parse(JSON.parse(text(dir, 'assessment.json')));
    const names = historySeries({ assessments: [first, first] }, 'en').map(({ name }) => name);
    expect(names).toContain('Port, voice, night: share served');
  });
});

describe('services of the synthetic town', () => {
  const MORE = { existing: undefined };
  const shareOf = (result: AssessmentResult, service: string | null) =>
    result.serviceShares.filter((share) => share.service === service);

  it('that ask for the same are assessed as one, whatever part of the users wants which', async () => {
    const one = await assess(await tinyWith({}));
    const seen = ({ targets, measureNext, weakAreas, scorecard, actions }: AssessmentResult) => ({
      actions: actions.map(({ kind, reason, usersMilli, cost }) => [kind, reason, usersMilli, cost]),
      targets: targets.map((target) => ({ ...target, naiveInterval: null })),
      measureNext: measureNext.map((area) => ({ ...area, cells: [] })),
      weak: one.demand.periods.map((_, period) =>
        weakAreas.filter((area) => area.period === period).reduce((sum, area) => sum + area.usersMilli, 0),
      ),
      scorecard: scorecard.map(({ value, status }) => [value, status]),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1000 }), async (thousandths) => {
        const services = [
          { name: 'a', share: thousandths / 1000 },
          { name: 'b', share: (1000 - thousandths) / 1000 },
        ];
        expect(seen(await assess(await tinyWith({ services })))).toEqual(seen(one));
      }),
      { numRuns: 4 },
    );
  });

  it('are never better off with the stricter threshold, in no share, draw or place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -118, max: -100 }),
        fc.integer({ min: 0, max: 12 }),
        fc.boolean(),
        async (laxDbm, strictAboveDb, sitesKnown) => {
          const result = await assess(
            await tinyWith({ services: halves(laxDbm, laxDbm + strictAboveDb), ...(sitesKnown ? {} : MORE) }),
          );
          const { demand, baseline } = result;
          const lax = shareOf(result, 'lax');
          shareOf(result, 'strict').forEach((strict, k) => {
            expect(strict.totalUsers).toBe(lax[k]!.totalUsers);
            expect(strict.servedLow).toBeLessThanOrEqual(lax[k]!.servedLow);
            expect(strict.interval!.low).toBeLessThanOrEqual(lax[k]!.interval!.low);
            expect(strict.interval!.high).toBeLessThanOrEqual(lax[k]!.interval!.high);
            if (strictAboveDb === 0) expect(strict.interval).toEqual(lax[k]!.interval);
          });
          const { ofRow, placeOfRow } = demand.services!;
          for (let row = 1; row < demand.count; row++) {
            if (placeOfRow[row] !== placeOfRow[row - 1]) continue;
            expect([ofRow[row - 1], ofRow[row]]).toEqual([0, 1]);
            expect(baseline.served[0]![row]).toBeLessThanOrEqual(baseline.served[0]![row - 1]!);
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it('sum to all users, and every unserved user with evidence is in one weak area of his service', async () => {
    const result = await assess(await tinyWith({ services: halves(-112, -100) }));
    const all = shareOf(result, null);
    all.forEach((whole, k) => {
      const parts = [shareOf(result, 'lax')[k]!, shareOf(result, 'strict')[k]!];
      for (const key of ['totalUsers', 'servedLow', 'servedHigh'] as const)
        expect(parts[0]![key] + parts[1]![key]).toBe(whole[key]);
    });
    for (const share of result.serviceShares.filter(
      ({ service, region }) => service !== null && region === null,
    )) {
      const areas = result.weakAreas.filter(
        ({ service, period }) => service === share.service && period === share.period,
      );
      const known = share.totalUsers - share.usersByEvidence[3];
      expect(areas.reduce((sum, area) => sum + area.usersMilli, 0)).toBe(known - share.servedLow);
    }
  });

  it('are planned for together, and one action stands for a place where both are weak for one reason', async () => {
    const loaded = await tinyWith({ services: halves(-110, -105) });
    const causal = await assess(loaded);
    const areaOf = new Map(causal.weakAreas.map((area) => [area.id, area]));
    const actions = causal.actions.filter(({ weakAreas }) => weakAreas.length > 0);
    const joined = actions.filter(({ weakAreas }) => weakAreas.length > 1);
    expect(joined.length).toBeGreaterThan(0);
    for (const { usersMilli, weakAreas } of actions) {
      const areas = weakAreas.map((id) => areaOf.get(id)!);
      expect(usersMilli).toBe(areas.reduce((sum, area) => sum + area.usersMilli, 0));
      expect(new Set(areas.map(({ period }) => period)).size).toBe(1);
    }
    const planned = await assess(loaded, { withPlan: true });
    expect(planned.plan!.demand.services!.names).toEqual(['lax', 'strict']);
    await writeAssessment(planned, join(work, 'planned'));
    expect(text(join(work, 'planned'), 'summary.md')).toContain('Build site');
  });
});

describe('targets that measured signal cannot judge', () => {
  it('are refused: backup, and SINR', async () => {
    const targets = (target: object) => ({ phases: [{ name: 'town', targets: [target] }] });
    await expect(tinyWith(targets({ share: 0.5, backup: 2 })).then(assess)).rejects.toThrow(
      /how many sites cover/,
    );
    const bySinr = { ...targets({ share: 0.5, by: 'sinr' }), interference: { sinrDb: 0 } };
    await expect(tinyWith(bySinr).then(assess)).rejects.toThrow(/judges signal/);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../src/errors.ts';
import { plan } from '../src/plan.ts';
import { isMet, worstFirst } from '../src/planning/count-evaluation.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { countPlan } from '../src/report/plan-facts.ts';
import { buildReport } from '../src/report/report-json.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { summaryMarkdown } from '../src/report/summary-md.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { tinyWith, verify } from './support/tiny.ts';

const PLANNED = { file: 'users.geojson', users: { day: 'users_day', night: 'users_night' } };

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-evaluation-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** The users of the town again, hour by hour: in hour k everyone with an even or odd place has moved away. */
function hourlyUsers(): string {
  const town = JSON.parse(
    readFileSync(new URL('./fixtures/tiny/users.geojson', import.meta.url), 'utf8'),
  ) as {
    features: { geometry: { coordinates: [number, number] }; properties: { users_day: number } }[];
  };
  const rows = town.features.map(({ geometry, properties }, i) => {
    const [lon, lat] = geometry.coordinates;
    return [`c${i}`, lon, lat, properties.users_day, i % 2 === 0 ? 0 : 7.25, (i % 5) * 3].join(',');
  });
  const file = join(work, 'hours.csv');
  writeFileSync(file, `id,lon,lat,h00,h01,day\n${rows.join('\n')}\n`);
  return file;
}

/** Users and served users of every region, by loops over the written definition (design section 5). */
function recount(
  result: PlanResult,
  standing: number,
  period: number,
  region: string | null,
): [number, number] {
  const { demand, coverage, today, columnOfPeriod, regionNames, regionOfDemand } = result.evaluation!;
  let [total, served] = [0, 0];
  for (let row = 0; row < demand.count; row++) {
    if (region !== null && regionNames[regionOfDemand[row]!] !== region) continue;
    let isServed = today.served[columnOfPeriod[period]!]![row] === 1;
    for (let site = 0; site < standing; site++) {
      for (let k = coverage.siteStart[site]!; k < coverage.siteStart[site + 1]!; k++) {
        if (coverage.demandOfSite[k] === row) isServed = true;
      }
    }
    total += demand.usersMilli[period]![row]!;
    if (isServed) served += demand.usersMilli[period]![row]!;
  }
  return [total, served];
}

describe('evaluating a finished plan', () => {
  it.each(['all', 'own'] as const)(
    'says of the planned users what the plan says of them (measurements applied to %s)',
    async (applyTo) => {
      const measurements = { files: ['drive.geojson'], applyTo };
      const result = await plan(await tinyWith({ measurements, evaluate: { demand: PLANNED } }));
      const { targets, periods } = countPlan(result);
      const { phases } = result.evaluation!;
      expect(phases.map(({ name }) => name)).toEqual(result.solution.phases.map(({ name }) => name));
      for (const target of targets.flat()) {
        const scope = phases[target.phase]!.scopes.find(({ region }) => region === target.region)!;
        const row = scope.periods[target.period]!;
        expect(row).toMatchObject({
          totalMilli: target.totalMilli,
          servedTodayMilli: target.servedTodayMilli,
          servedMilli: target.servedMilli,
          servedUnknownMilli: target.servedUnknownMilli,
          unknownMilli: target.evidenceAfter.unknown,
          needMilli: target.needMilli,
        });
        expect(isMet(row)).toBe(target.met);
      }
      const everyone = phases.at(-1)!.scopes[0]!;
      expect(everyone.region).toBeNull();
      expect(everyone.periods.map(({ servedMilli }) => servedMilli)).toEqual(
        periods.map(({ servedMilli }) => servedMilli),
      );
    },
  );

  it('counts every evaluated period as a recount by hand does, and leaves the plan as it was', async () => {
    const plain = await plan(await tinyWith({}));
    const evaluate = { demand: { file: hourlyUsers(), users: ['h00', 'h01', 'day'] } };
    const result = await plan(await tinyWith({ evaluate }));
    expect(result.solution.sites).toEqual(plain.solution.sites);
    expect(plain.evaluation).toBeNull();
    result.evaluation!.phases.forEach(({ scopes }, phase) => {
      const standing = result.solution.phases[phase]!.sites.length;
      for (const { region, periods } of scopes) {
        for (const { period, totalMilli, servedMilli } of periods) {
          expect([totalMilli, servedMilli]).toEqual(recount(result, standing, period, region));
        }
      }
    });
    const rows = worstFirst(result.evaluation!.phases.at(-1)!).map(
      ({ row }) => row.servedMilli / row.totalMilli - row.required!.numerator / row.required!.denominator,
    );
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
  });

  it('lends samples of their own period to the evaluated period of the same name alone', async () => {
    const measurements = { files: ['drive.geojson'], applyTo: 'own' };
    const evaluate = { demand: { file: hourlyUsers(), users: ['h00', 'day'] } };
    // Bins wide enough that some of the town's scattered users stand in one that was driven through.
    const service = { minSamples: 1, binM: 400 };
    const result = await plan(await tinyWith({ measurements, service, evaluate }));
    const { today, columnOfPeriod } = result.evaluation!;
    const [other, day] = columnOfPeriod.map((column) => today.evidence[column]!);
    expect(result.baseline.evidence[0]!.includes(0)).toBe(true);
    expect(day!.includes(0)).toBe(true);
    // Nobody drove in an hour that the plan does not know.
    expect(other!.includes(0)).toBe(false);
  });

  it('counts services, backup and budgets', async () => {
    const evaluate = { demand: PLANNED };
    const services = [
      { name: 'voice', share: 0.25, rsrpDbm: -115 },
      { name: 'video', share: 0.75 },
    ];
    const phases = [
      { name: 'first', targets: [{ share: 0.7, service: 'each' }] },
      { name: 'second', targets: [{ share: 0.3, backup: 2, period: 'day' }] },
    ];
    const result = await plan(await tinyWith({ services, phases, evaluate }));
    for (const target of countPlan(result).targets.flat()) {
      const scope = result.evaluation!.phases[target.phase]!.scopes.find(
        ({ region, service, backup }) =>
          region === target.region && service === target.service && backup === target.backup,
      )!;
      expect(scope.periods[target.period]).toMatchObject({
        totalMilli: target.totalMilli,
        servedTodayMilli: target.servedTodayMilli,
        servedMilli: target.servedMilli,
        unknownMilli: target.evidenceAfter.unknown,
      });
    }
    const backup = result.evaluation!.phases[1]!.scopes.at(-1)!;
    expect(backup.periods.map(({ required }) => required !== null)).toEqual([true, false]);
    const bought = await plan(await tinyWith({ phases: undefined, budget: { sites: 2 }, evaluate }));
    expect(bought.evaluation!.phases).toHaveLength(1);
    expect(bought.evaluation!.phases[0]!.scopes[0]!.periods.map(({ servedMilli }) => servedMilli)).toEqual(
      countPlan(bought).periods.map(({ servedMilli }) => servedMilli),
    );
  });

  it('writes what the verifier recounts and the schema knows', async () => {
    const measurements = { files: ['drive.geojson'], applyTo: 'own' };
    const evaluate = { demand: { file: hourlyUsers(), users: ['h00', 'h01', 'day'] } };
    const result = await plan(await tinyWith({ measurements, evaluate }));
    const dir = join(work, 'run');
    const { files } = await writePlan(result, dir);
    expect(files).toContain('evaluation.csv');
    const agreed = verify(dir);
    expect(agreed.stdout).toContain('shares of every evaluated period');
    expect(agreed.stdout).toContain('agrees to the last user');
    const facts = countPlan(result);
    const report = reportSchema.parse(buildReport(result, facts, files));
    expect(report.evaluation!.periods).toEqual(['h00', 'h01', 'day']);
    expect(report.inputs.map(({ role }) => role)).toContain('evaluate');
    expect(summaryMarkdown(result, facts, [])).toContain('## On further periods');
    const table = readFileSync(join(dir, 'evaluation.csv'), 'utf8').split('\r\n');
    const columns = table[0]!.split(',');
    const place = columns.indexOf('users_h01');
    const moved = table[2]!.split(',').map((field, column) => (column === place ? '8.25' : field));
    writeFileSync(
      join(dir, 'evaluation.csv'),
      [table[0], table[1], moved.join(','), ...table.slice(3)].join('\r\n'),
    );
    expect(verify(dir).stdout).toMatch(/h01: users is \S+, counted/);
  });

  const services = [
    { name: 'voice', share: 0.25, rsrpDbm: -115, mbpsPerUser: 0.02 },
    { name: 'video', share: 0.75, mbpsPerUser: 1 },
  ];
  it.each<[string, object]>([
    ['a budget', { phases: undefined, budget: { sites: 2 } }],
    [
      'backup in one period',
      { phases: [{ name: 'b', targets: [{ share: 0.3, backup: 2, period: 'day' }] }] },
    ],
    [
      'services',
      { services, phases: [{ name: 's', targets: [{ share: 0.7, service: 'each' }, { share: 0.6 }] }] },
    ],
    [
      'each region, as built',
      { phases: { order: 'as-built', list: [{ name: 'r', targets: [{ share: 0.6, regions: 'each' }] }] } },
    ],
    ['limited room', { traffic: { mbpsPerUser: 1, activity: 0.1 }, capacity: { mbps: 40 } }],
    [
      'everyone unknown counted as served',
      { existing: undefined, measurements: undefined, baseline: { unmeasured: 'served' } },
    ],
  ])('agrees with the verifier on %s', async (name, more) => {
    const dir = join(work, name);
    const result = await plan(await tinyWith({ evaluate: { demand: PLANNED }, ...more }));
    await writePlan(result, dir);
    expect(verify(dir).stdout).toContain('agrees to the last user');
    const isRoomLeftOut = summaryMarkdown(result, countPlan(result), []).includes('by signal alone');
    expect(isRoomLeftOut).toBe(name === 'limited room');
  });

  it.each<[string, object, RegExp]>([
    [
      'a period twice',
      { file: 'users.geojson', users: ['users_day', 'users_day'] },
      /names "users_day" twice/,
    ],
    ['no period', { file: 'users.geojson', users: {} }, /names no period/],
    [
      'a property nobody has',
      { file: 'users.geojson', users: ['users_noon'] },
      /no feature has a number in "users_noon"/,
    ],
    ['a file that is not there', { file: 'nowhere.geojson' }, /nowhere\.geojson/],
    ['a key nobody knows', { file: 'users.geojson', scal: 2 }, /scal/],
  ])('refuses %s in one sentence', async (_, demand, message) => {
    const run = async (): Promise<PlanResult> => plan(await tinyWith({ evaluate: { demand } }));
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect(String((error as Error).message)).toMatch(message);
  });

  it('refuses users who live elsewhere', async () => {
    const file = join(work, 'elsewhere.csv');
    writeFileSync(file, 'id,lon,lat,users\na,24.9,60.2,5\n');
    await expect(plan(await tinyWith({ evaluate: { demand: { file } } }))).rejects.toThrow(
      /km from every demand point/,
    );
  });
});

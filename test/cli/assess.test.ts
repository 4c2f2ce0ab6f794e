import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssessmentJson } from '../../src/report/assess-schema.ts';
import { BAD_DBM, GOOD_DBM, writeTown } from '../assess/measured-town.ts';
import { scratchFolder } from '../support/read-rows.ts';
import { runCli, type CliResult } from '../support/run-cli.ts';

const TINY = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const scratch = scratchFolder();
afterAll(() => scratch.remove());

let served = '';
let unserved = '';
beforeAll(() => {
  const town = (name: string, ...levelsDbm: number[]): string => {
    mkdirSync(join(scratch.path, name));
    return writeTown(join(scratch.path, name), { levelsDbm });
  };
  served = town('served', GOOD_DBM, GOOD_DBM, GOOD_DBM);
  unserved = town('unserved', GOOD_DBM, BAD_DBM, GOOD_DBM);
});

const assess = (out: string, ...args: string[]): Promise<CliResult> =>
  runCli(['assess', ...args, '--out', join(scratch.path, out), '--no-progress']);
const resultOf = (out: string): AssessmentJson =>
  JSON.parse(readFileSync(join(scratch.path, out, 'assessment.json'), 'utf8')) as AssessmentJson;

describe('mastplan assess', () => {
  it('exits 0 when every computed target is met', async () => {
    const run = await assess('met', served);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^2026-Q1: the promise is kept: 100\.00 % of users in City \(day\)/);
    expect(resultOf('met')).toMatchObject({ status: 'met', computedTargetsMet: true });
  });

  it('exits 3 when a coverage target is not met, and says which first', async () => {
    const run = await assess('missed', unserved);
    expect(run).toMatchObject({ exitCode: 3, stderr: '' });
    // 20 of the 60 users of City by night.
    expect(run.stdout).toMatch(
      /^2026-Q1: the promise is not shown to be kept: 33\.33 % of users in City \(night\)/,
    );
    expect(resultOf('missed')).toMatchObject({ status: 'not-met' });
  });

  it('exits 3 when coverage holds but an indicator computed from a table is missed', async () => {
    const card = join(scratch.path, 'card.yaml');
    writeFileSync(card, 'tables: { tickets: tickets.csv }\n');
    writeFileSync(
      join(scratch.path, 'tickets.csv'),
      'id,category,opened,answered\n1,enquiry,2026-02-01T10:00:00Z,2026-02-01T10:01:00Z\n',
    );
    const run = await assess('tickets', served, '--scorecard', card);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('Indicators missed: Mean response time to enquiries.');
    expect(resultOf('tickets')).toMatchObject({ status: 'met', computedTargetsMet: false });
  });

  it('says no data, never zero, of a quarter without data, and exits 3', async () => {
    const run = await assess('nothing', served, '--quarter', '2020-Q1');
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('2020-Q1: no measurement and no known site says anything');
    const { status, targets, scorecard } = resultOf('nothing');
    expect(status).toBe('no-data');
    expect(targets.map(({ servedShare, met }) => [servedShare, met])).toEqual(
      targets.map(() => [null, false]),
    );
    expect(scorecard.indicators.map(({ value }) => value)).toEqual(scorecard.indicators.map(() => null));
    const csv = readFileSync(join(scratch.path, 'nothing', 'scorecard.csv'), 'utf8');
    expect(csv).toMatch(
      /^users-stable,Users with stable signal in the worst period,2020-Q1,,%,up,95,,no-data,/m,
    );
  });

  it('writes the same bytes twice, with the plan for the weak areas and with one thread or two', async () => {
    for (const threads of ['1', '2']) {
      const run = await assess(`plan-${threads}`, TINY, '--plan', '--threads', threads, '--quiet');
      expect(run).toMatchObject({ exitCode: 3, stdout: '', stderr: '' });
    }
    const files = readdirSync(join(scratch.path, 'plan-1'));
    expect(readdirSync(join(scratch.path, 'plan-2'))).toEqual(files);
    for (const name of files) {
      const [one, two] = ['plan-1', 'plan-2'].map((run) =>
        readFileSync(join(scratch.path, run, name), 'utf8'),
      );
      expect(two === one, name).toBe(true);
    }
    expect(resultOf('plan-1').plan?.sites.length).toBeGreaterThan(0);
  });

  it('holds a site that was built against the plan that proposed it', async () => {
    const [planned] = resultOf('plan-1').plan!.sites;
    const tiny = JSON.parse(readFileSync(TINY.replace('scenario.yaml', 'sites.geojson'), 'utf8')) as {
      features: unknown[];
    };
    // Built 40 m away, with a name of its own.
    const coordinates = [planned!.lon, planned!.lat + 40 / 111_200];
    const properties = { status: 'existing', height_m: 30 };
    tiny.features.push({ type: 'Feature', id: 'E3', geometry: { type: 'Point', coordinates }, properties });
    const dir = TINY.replace('scenario.yaml', '');
    writeFileSync(join(scratch.path, 'built.geojson'), JSON.stringify(tiny));
    const scenario = readFileSync(TINY, 'utf8')
      .replace('file: sites.geojson', `file: ${JSON.stringify(join(scratch.path, 'built.geojson'))}`)
      .replace(/(users|drive|candidates|districts)\.geojson/g, (name) => JSON.stringify(join(dir, name)));
    writeFileSync(join(scratch.path, 'built.yaml'), scenario);
    const previous = join(scratch.path, 'plan-1');
    const run = await assess(
      'built',
      join(scratch.path, 'built.yaml'),
      '--allow-outside',
      '--previous',
      previous,
    );
    expect(run.exitCode).toBe(3);
    const built = resultOf('built').comparison!.sitesBuilt;
    expect(built).toMatchObject([{ id: 'E3', plannedId: planned!.id }]);
    const [site] = built;
    const action = resultOf('plan-1').actions.find(({ subject }) => subject === planned!.id);
    expect(site!.usersPromised).toBe(action!.users);
    // Forty metres change little: the prediction of this quarter serves nine in ten of the promised users or more.
    expect(site!.usersServed).toBeGreaterThan(0.9 * site!.usersPromised);
    expect(site!.usersMeasuredServed).toBeLessThanOrEqual(site!.usersMeasured);
  });

  it.each([
    ['--quarter', '2026Q1', '--quarter must be a year and a quarter such as 2026-Q1, got "2026Q1".'],
    ['--scorecard', 'broken.yaml', 'unknown key "indicator". Did you mean "indicators"?'],
    ['--feedback', 'broken.csv', 'broken.csv: has no longitude and latitude columns'],
  ])('exits 2 with one sentence on %s %s, and writes nothing', async (flag, value, sentence) => {
    writeFileSync(join(scratch.path, 'broken.yaml'), 'indicator: []\n');
    writeFileSync(join(scratch.path, 'broken.csv'), 'a,b\n1,2\n');
    const given = value.startsWith('broken') ? join(scratch.path, value) : value;
    const run = await assess('refused', served, flag, given);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(sentence);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(scratch.path, 'refused'))).toBe(false);
  });
});

describe('mastplan history', () => {
  it('draws assessments in the order of their quarters and exits 2 on a folder without one', async () => {
    const out = join(scratch.path, 'history');
    const dirs = ['met', 'nothing'].map((name) => join(scratch.path, name));
    const run = await runCli(['history', ...dirs, '--out', out]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout.split('\n').slice(0, 2)).toEqual(['2020-Q1: no-data', '2026-Q1: met']);
    const refused = await runCli(['history', scratch.path, '--out', join(scratch.path, 'none')]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('is no folder of a finished assessment');
  });
});

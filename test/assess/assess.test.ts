import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssessOptions } from '../../src/assess.ts';
import { assess } from '../../src/assess.ts';
import { STATE_FILE } from '../../src/assess/state-file.ts';
import type { AssessmentResult } from '../../src/assess/result.ts';
import { InputError } from '../../src/errors.ts';
import { history } from '../../src/history.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import type { AssessmentJson } from '../../src/report/assess-schema.ts';
import { assessmentJsonSchema } from '../../src/report/assess-schema.ts';
import { writeAssessment } from '../../src/report/write-assessment.ts';
import { writeHistory } from '../../src/report/write-history.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));

async function assessTiny(options: AssessOptions = {}, quarter?: string): Promise<AssessmentResult> {
  const overrides =
    quarter === undefined ? [] : [{ key: 'assess.quarter', value: quarter, flag: '--quarter' }];
  return assess(await readScenario(tiny, overrides), options);
}

let folder: string;
let first: AssessmentResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mastplan-assess-'));
  first = await assessTiny();
  await writeAssessment(first, join(folder, 'first'));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const readAssessment = async (name: string): Promise<AssessmentJson> =>
  JSON.parse(await readFile(join(folder, name, 'assessment.json'), 'utf8')) as AssessmentJson;

describe('assess on the synthetic town', () => {
  it('counts every user of a target in exactly one class of evidence', () => {
    for (const target of first.targets) {
      expect(target.usersByEvidence.reduce((a, b) => a + b)).toBe(target.totalUsers);
      expect(target.servedLow).toBeLessThanOrEqual(target.servedHigh);
    }
  });

  it('puts every user with evidence who is not served into exactly one weak area of the period', () => {
    first.demand.periods.forEach((_, period) => {
      const areas = first.weakAreas.filter((area) => area.period === period);
      const cells = areas.flatMap((area) => area.cells);
      expect(new Set(cells).size).toBe(cells.length);
      const [target] = first.targets.filter((one) => one.region === null && one.period === period);
      const known = target!.totalUsers - target!.usersByEvidence[3];
      expect(areas.reduce((sum, area) => sum + area.usersMilli, 0)).toBe(known - target!.servedLow);
    });
  });

  it('states a probability that agrees with its interval', () => {
    for (const { interval, probabilityMet, required } of first.targets) {
      const share = required.numerator / required.denominator;
      // At a 90 % interval wholly on one side of the need the probability is beyond 5 or 95 %.
      if (interval!.high < share) expect(probabilityMet).toBeLessThanOrEqual(0.06);
      if (interval!.low > share) expect(probabilityMet).toBeGreaterThanOrEqual(0.94);
    }
  });

  it('ranks the measurement plan and keeps its parts within the whole', () => {
    expect(first.measureNext.length).toBeGreaterThan(0);
    const sum = first.measureNext.reduce((total, area) => total + area.reduction, 0);
    expect(sum).toBeLessThanOrEqual(1.0001);
  });

  it('writes assessment.json as its schema says', async () => {
    const validate = new Ajv2020({ strict: false }).compile(assessmentJsonSchema());
    expect(validate(await readAssessment('first')), JSON.stringify(validate.errors)).toBe(true);
  });

  it('gives the same bytes twice', async () => {
    await writeAssessment(await assessTiny(), join(folder, 'again'));
    const names = await readdir(join(folder, 'first'));
    expect(names).toHaveLength(7);
    for (const name of names) {
      const [one, two] = await Promise.all(
        ['first', 'again'].map((run) => readFile(join(folder, run, name), 'utf8')),
      );
      expect(two === one, name).toBe(true);
    }
  });

  it('keeps the measured levels for the owner only', async () => {
    const { mode } = await stat(join(folder, 'first', STATE_FILE));
    expect(mode & 0o077).toBe(0);
  });

  it('finds nothing opened, closed or changed against itself', async () => {
    const result = await assessTiny({ previousDir: join(folder, 'first') });
    expect(new Set(result.comparison?.areas.map(({ fate }) => fate))).toEqual(new Set(['persisting']));
    expect(result.comparison?.targets.every(({ before, after }) => before === after)).toBe(true);
    expect(result.comparison?.built).toEqual([]);
  });

  it('says no data, not met, for a quarter without measurements where nothing else is known', async () => {
    const scenario = `demand: { file: users.geojson, users: users_day }
measurements: { files: [drive.geojson] }
timeZone: Europe/Madrid
assess: { quarter: 1999-Q1 }
`;
    const path = join(folder, 'nothing.yaml');
    const fixtures = fileURLToPath(new URL('../fixtures/tiny/', import.meta.url));
    await writeFile(
      path,
      scenario.replace(/(users|drive)\.geojson/g, (file) => join(fixtures, file)),
    );
    const result = await assess(await readScenario(path));
    expect([result.hasData, result.met]).toEqual([false, false]);
    expect(result.scorecard.find(({ indicator }) => indicator.id === 'users-stable')?.status).toBe('no-data');
    await writeAssessment(result, join(folder, 'nothing'));
    const written = await readAssessment('nothing');
    expect(written.status).toBe('no-data');
    expect(written.answer).toContain('not known');
  });

  it('joins complaints to weak areas and lists those with good signal apart', async () => {
    const weak = first.weakAreas[0]!.cells[0]!;
    const served = first.baseline.served[0]!.findIndex(
      (flag, i) =>
        flag === 1 &&
        first.baseline.served[1]![i] === 1 &&
        !first.weakAreas.some(({ cells }) => cells.includes(i)),
    );
    const { lon, lat } = first.demand;
    const file = join(folder, 'reports.csv');
    await writeFile(
      file,
      `lon,lat,category,rating
${lon[weak]},${lat[weak]},no-signal,1
${lon[served]},${lat[served]},dropped-call,2
${lon[served]},${lat[served]},praise,5
-3.0,40.4,slow,1
`,
    );
    const { feedback, weakAreas } = await assessTiny({ feedbackFile: file });
    expect(feedback).toMatchObject({ reports: 4, complaints: 3, withoutEvidence: 1 });
    expect(weakAreas.find(({ cells }) => cells.includes(weak))!.reports).toBeGreaterThanOrEqual(1);
    const explained =
      feedback!.inWeakAreas + feedback!.unexplained.reduce((n, area) => n + area.complaints, 0);
    expect(explained).toBe(2);
  });

  it.each([
    ['a folder without an assessment', { previousDir: 'test' }, 'no folder of a finished assessment'],
    ['a scorecard that is not there', { scorecardFile: 'missing.yaml' }, 'missing.yaml'],
  ] as const)('refuses %s', async (_, options, message) => {
    const failure = await assessTiny(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toContain(message);
  });

  it('refuses a tickets table without a time zone before anything is written', async () => {
    const card = join(folder, 'card.yaml');
    await writeFile(card, 'tables: { tickets: tickets.csv }\n');
    await writeFile(join(folder, 'tickets.csv'), 'id,category,opened\n1,enquiry,2026-01-01T10:00:00\n');
    const path = join(folder, 'zoneless.yaml');
    const users = fileURLToPath(new URL('../fixtures/tiny/users.geojson', import.meta.url));
    await writeFile(path, `demand: { file: "${users}", users: users_day }\n`);
    const failure = await assess(await readScenario(path), { scorecardFile: card }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toContain('without an offset');
  });
});

describe('history', () => {
  it('orders the quarters and says no data where there is none', async () => {
    const result = await history([join(folder, 'first'), join(folder, 'nothing')]);
    expect(result.assessments.map(({ quarter }) => quarter)).toEqual(['1999-Q1', '2026-Q1']);
    await writeHistory(result, join(folder, 'history'));
    const csv = await readFile(join(folder, 'history', 'history.csv'), 'utf8');
    const share = csv.split('\r\n').find((line) => line.startsWith('users-stable'));
    expect(share).toMatch(/^users-stable,.*,%,95,,5\d\.\d+$/);
    expect(await readFile(join(folder, 'history', 'history.html'), 'utf8')).toContain('no data');
  });

  it('refuses two folders of one quarter', async () => {
    const dir = join(folder, 'first');
    await expect(history([dir, dir])).rejects.toThrow('both of 2026-Q1');
  });
});

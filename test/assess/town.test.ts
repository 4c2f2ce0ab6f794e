import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AssessOptions } from '../../src/assess.ts';
import { assess } from '../../src/assess.ts';
import type { AssessmentResult } from '../../src/assess/result.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import type { AssessmentJson } from '../../src/report/assess-schema.ts';
import { writeAssessment } from '../../src/report/write-assessment.ts';
import { scratchFolder } from '../support/read-rows.ts';
import { BAD_DBM, GOOD_DBM, townPlace, writeTown, type TownOptions } from './measured-town.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

async function assessTown(
  town: TownOptions,
  options: AssessOptions = {},
  quarter?: string,
): Promise<AssessmentResult> {
  const path = writeTown(scratch.path, town);
  const overrides =
    quarter === undefined ? [] : [{ key: 'assess.quarter', value: quarter, flag: '--quarter' }];
  return assess(await readScenario(path, overrides), options);
}

const indicator = (result: AssessmentResult, id: string) =>
  result.scorecard.find((line) => line.indicator.id === id);

describe('a town of which every share can be worked by hand', () => {
  it('computes the coverage indicators from users and readings', async () => {
    const result = await assessTown({ levelsDbm: [GOOD_DBM, BAD_DBM, GOOD_DBM] });
    // By day 100 + 40 of 200 users are served, by night 20 + 20 of 80: 50 %. In City 100 of 160 and 20 of 60.
    expect(indicator(result, 'users-stable')).toMatchObject({ value: 50, computed: true, status: 'missed' });
    expect(indicator(result, 'main-cities-stable')?.value).toBeCloseTo(100 / 3, 9);
    expect(result.weakAreas.map(({ period, usersMilli }) => [period, usersMilli])).toEqual([
      [0, 60_000],
      [1, 40_000],
    ]);
    expect(result.met).toBe(false);
  });

  it('says no data of a region nobody measured, and of the least share over the regions', async () => {
    const result = await assessTown({
      levelsDbm: [GOOD_DBM, GOOD_DBM, GOOD_DBM],
      places: 4,
      wards: ['City', 'Farm'],
    });
    const [farm] = result.targets.filter(({ region }) => region === 'Farm');
    expect(farm).toMatchObject({ met: false, usersByEvidence: [0, 0, 0, 10_000], probabilityMet: null });
    expect(indicator(result, 'main-cities-stable')).toMatchObject({ value: null, status: 'no-data' });
    await writeAssessment(result, join(scratch.path, 'farm'));
    const summary = readFileSync(join(scratch.path, 'farm', 'summary.md'), 'utf8');
    expect(summary).toMatch(/\| Farm \| day \| 99 % \| no data \|.* no data \|/);
  });

  it('withholds the level of an area that too few readings stand behind, in every file', async () => {
    const more = 'assess: {}\n';
    const town: TownOptions = { levelsDbm: [GOOD_DBM, BAD_DBM, GOOD_DBM], more };
    const path = writeTown(scratch.path, town);
    const open = await readScenario(path);
    // Six readings stand there: enough for 5, too few for 7.
    for (const [privacyK, level] of [
      [5, BAD_DBM],
      [7, null],
    ] as const) {
      const measurements = { ...open.scenario.measurements!, privacyK };
      const result = await assess({ ...open, scenario: { ...open.scenario, measurements } });
      const dir = join(scratch.path, `privacy-${privacyK}`);
      await writeAssessment(result, dir);
      const json = JSON.parse(readFileSync(join(dir, 'assessment.json'), 'utf8')) as AssessmentJson;
      expect(json.weakAreas.map(({ medianRsrpDbm }) => medianRsrpDbm)).toEqual([level, level]);
      const layer = JSON.parse(readFileSync(join(dir, 'weak-areas.geojson'), 'utf8')) as {
        features: { properties: { median_rsrp_dbm: number | null } }[];
      };
      expect(layer.features.map(({ properties }) => properties.median_rsrp_dbm)).toEqual([level, level]);
      const page = readFileSync(join(dir, 'assessment.html'), 'utf8');
      expect(page.includes('−120.0 dBm')).toBe(level !== null);
    }
  });

  it('puts readings without a time into no quarter', async () => {
    const result = await assessTown({ levelsDbm: [GOOD_DBM], timeless: true }, {}, '2026-Q1');
    expect(result).toMatchObject({ hasData: false, samples: 0 });
    expect(result.warnings).toContain('6 readings have no time: they belong to no quarter.');
  });

  it('takes the reports of the quarter, and those without a time', async () => {
    const [lon, lat] = townPlace(0);
    const feedbackFile = join(scratch.path, 'reports.csv');
    writeFileSync(
      feedbackFile,
      `lon,lat,category,timestamp
${lon},${lat},slow,2026-02-01T10:00:00Z
${lon},${lat},slow,2025-12-31T23:30:00Z
${lon},${lat},slow,2025-12-31T22:30:00Z
${lon},${lat},slow,
`,
    );
    const result = await assessTown({ levelsDbm: [GOOD_DBM] }, { feedbackFile }, '2026-Q1');
    // 23:30 UTC on 31 December is 00:30 on 1 January in Madrid; an hour earlier it is the old year there.
    expect(result.feedback).toMatchObject({ reports: 3, otherQuarters: 1, complaints: 3 });
    expect(result.feedback?.unexplained).toMatchObject([
      { complaints: 3, usersMilli: 100_000, fullSite: null },
    ]);
  });

  it('names a full site as the other cause of complaints with good signal, and asks for capacity there', async () => {
    const [lon, lat] = townPlace(0);
    writeFileSync(
      join(scratch.path, 'sites.csv'),
      `id,lon,lat,status,capacity_mbps,load_mbps\nK7,${lon},${lat},existing,100,30\n`,
    );
    const feedbackFile = join(scratch.path, 'full.csv');
    writeFileSync(feedbackFile, `lon,lat,category\n${lon},${lat},slow\n`);
    const more =
      'existing: { file: sites.csv }\ntraffic: { mbpsPerUser: 2, activity: { day: 0.4, night: 0.1 } }\n';
    const result = await assessTown({ levelsDbm: [GOOD_DBM], more }, { feedbackFile });
    // By day 100 users x 2 Mbit/s x 0.4 and the 30 it carries besides: 110 of 100; by night 34.
    expect(result.feedback?.unexplained).toMatchObject([{ fullSite: { id: 'K7', percent: 110 } }]);
    expect(result.actions[0]).toMatchObject({
      kind: 'upgrade',
      reason: 'full-site-complaints',
      subject: 'C1',
    });
    await writeAssessment(result, join(scratch.path, 'full'));
    const summary = readFileSync(join(scratch.path, 'full', 'summary.md'), 'utf8');
    expect(summary).toContain('capacity: site K7 carries 110 % of what it can');
  });
});

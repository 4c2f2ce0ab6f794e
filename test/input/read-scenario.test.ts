import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { InputError } from '../../src/errors.ts';
import { PLAN_FLAGS, resolveFlags } from '../../src/input/flags.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { resolvedScenarioText } from '../../src/input/resolved-scenario.ts';
import { knownKeysAt } from '../../src/input/scenario-keys.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mastplan-scenario-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function complaint(text: string): Promise<string> {
  const path = write('bad.yaml', text);
  const error = await readScenario(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message.replaceAll(path, 'bad.yaml');
}

describe('readScenario', () => {
  it('fills in the defaults of design section 3', async () => {
    const { scenario } = await readScenario(write('least.yaml', 'demand: { file: users.geojson }\n'));
    expect(scenario.service.rsrpDbm).toBe(-105);
    expect(scenario.radio.eirpDbm).toBe(62);
    expect(scenario.phases).toEqual({
      order: 'nested',
      list: [
        { name: '95 %', targets: [{ share: 0.95 }] },
        { name: '99 %', targets: [{ share: 0.99 }] },
      ],
    });
  });

  it('asks 99 % in each region by default where regions are given', async () => {
    const text = 'demand: { file: u.geojson }\nregions: { file: r.geojson }\n';
    const { scenario } = await readScenario(write('regions.yaml', text));
    expect(scenario.phases?.list[1]?.targets).toEqual([{ share: 0.99, regions: 'each' }]);
  });

  it('reads both forms of phases, and JSON as well as YAML', async () => {
    const list = [{ name: 'a', targets: [{ share: '0.95' }] }];
    const bare = await readScenario(
      write('bare.json', JSON.stringify({ demand: { file: 'u' }, phases: list })),
    );
    const long = await readScenario(
      write('long.json', JSON.stringify({ demand: { file: 'u' }, phases: { order: 'as-built', list } })),
    );
    expect(bare.scenario.phases).toEqual({ order: 'nested', list });
    expect(long.scenario.phases).toEqual({ order: 'as-built', list });
  });

  it('adds up EIRP from power, gain and loss', async () => {
    const text = 'demand: { file: u }\nradio: { powerDbm: 46, gainDbi: 17.5, lossDb: 0.5 }\n';
    expect((await readScenario(write('eirp.yaml', text))).scenario.radio.eirpDbm).toBe(63);
  });

  it.each([
    [
      'demand: { file: u }\nradio: { frequencyMHz: 800 }',
      'bad.yaml, line 2: unknown key "frequencyMHz" in radio. Did you mean "frequencyMhz"?',
    ],
    [
      'demand: { file: u }\nmeasurment: { files: [a] }',
      'bad.yaml, line 2: unknown key "measurment" at the top level. Did you mean "measurements"?',
    ],
    [
      'demand: { file: u }\nrsrpDbm: -100',
      'bad.yaml, line 2: unknown key "rsrpDbm" at the top level. It belongs under service.',
    ],
    [
      'demand: { file: u }\nphases:\n  - name: a\n    targets: [{ share: 0.9, region: [x] }]',
      'bad.yaml, line 4: unknown key "region" in phases[0].targets[0]. Did you mean "regions"?',
    ],
    [
      'demand: { file: u }\nphases:\n  - { name: a, targets: [{ share: 120 }] }',
      'bad.yaml, line 3: phases[0].targets[0].share must be a share above 0 and at most 1 (at most 9 decimals): write 0.95 for 95 %; got 120.',
    ],
    ['demand: { file: u }\nradio: { model: huta }', 'bad.yaml, line 2: radio.model must be one of auto,'],
    ['name: x', 'demand is missing.'],
    ['demand: { file: 7 }', 'bad.yaml, line 1: demand.file must be text, got 7.'],
    [
      'demand: { file: u }\nbudget: { sites: 3 }\nphases: [{ name: a, targets: [{ share: 0.9 }] }]',
      'phases and budget are both given.',
    ],
    ['demand: { file: u }\ndemand: { file: v }', 'is not valid YAML or JSON'],
    ['- a\n- b', 'is not a scenario'],
    ['demand: { file: u', 'is not valid YAML or JSON'],
    ['demand: { file: u }\ntimeZone: Mars/Olympus', 'timeZone "Mars/Olympus" is not known.'],
    [
      'demand: { file: u }\nservice: { locationProbability: 95 }',
      'service.locationProbability must be less than 1, got 95.',
    ],
    ['demand: { file: u }\ncost: { site: -1 }', 'cost.site must be greater than 0, got -1.'],
    ['demand: { file: u }\nradio: { heightM: .nan }', 'radio.heightM must be a finite number, got NaN.'],
  ])('names place, path and remedy: %j', async (text, expected) => {
    expect(await complaint(text)).toContain(expected);
  });

  it('says what to do with GeoJSON given in place of a scenario', async () => {
    expect(await complaint('{"type":"FeatureCollection","features":[]}')).toContain('--demand bad.yaml');
  });
});

describe('flags', () => {
  it('has a scenario key for every flag', () => {
    for (const { key } of PLAN_FLAGS) {
      const path = key.split('.');
      expect(knownKeysAt(path.slice(0, -1)), key).toContain(path.at(-1));
    }
  });

  it('lets flags win over the file, with their paths relative to the current folder', async () => {
    const path = write('file.yaml', 'demand: { file: users.geojson }\nradio: { frequencyMhz: 1800 }\n');
    const { scenario, baseDir } = await readScenario(
      path,
      resolveFlags({ demand: 'elsewhere.geojson', frequency: '800', share: ['0.9', '0.975'], out: 'out' }),
    );
    expect(scenario.radio.frequencyMhz).toBe(800);
    expect(scenario.demand.file).toBe(relative(baseDir, join(process.cwd(), 'elsewhere.geojson')));
    expect(scenario.phases?.list.map(({ name }) => name)).toEqual(['90 %', '97.5 %']);
  });

  it('makes a scenario of flags alone', async () => {
    const { scenario, scenarioFile, baseDir } = await readScenario(
      null,
      resolveFlags({ demand: 'u.geojson', users: 'day=ud,night=un', measurements: ['a', 'b'] }),
    );
    expect(scenarioFile).toBeNull();
    expect(baseDir).toBe(process.cwd());
    expect(scenario.demand).toMatchObject({ file: 'u.geojson', users: { day: 'ud', night: 'un' } });
    expect(scenario.measurements?.files).toEqual(['a', 'b']);
  });

  it('drops the phases of the file when a budget comes from the command line', async () => {
    const path = write('p.yaml', 'demand: { file: u }\nphases: [{ name: a, targets: [{ share: 0.9 }] }]\n');
    const { scenario } = await readScenario(path, resolveFlags({ budgetSites: '12' }));
    expect(scenario.phases).toBeNull();
    expect(scenario.budget).toEqual({ sites: 12, objective: 'mean' });
  });

  it('refuses a number that is none', () => {
    expect(() => resolveFlags({ eirp: 'loud' })).toThrow('--eirp must be a number, got "loud".');
  });
});

describe('resolvedScenarioText', () => {
  it('is a scenario that reads back as the same scenario, with paths relative to itself', async () => {
    const loaded = await readScenario('test/fixtures/tiny/scenario.yaml');
    mkdirSync(join(folder, 'run'));
    const text = resolvedScenarioText(loaded, join(folder, 'run'));
    const again = await readScenario(write('run/scenario.resolved.yaml', text));
    const files = ({ scenario, baseDir }: typeof loaded): string => join(baseDir, scenario.demand.file);
    expect(parse(text)).toMatchObject({ service: { rsrpDbm: -105, minSamples: 5 } });
    expect({ ...again.scenario, demand: 0, measurements: 0, existing: 0, candidates: 0, regions: 0 }).toEqual(
      {
        ...loaded.scenario,
        demand: 0,
        measurements: 0,
        existing: 0,
        candidates: 0,
        regions: 0,
      },
    );
    expect(files(again)).toBe(files(loaded));
  });
});

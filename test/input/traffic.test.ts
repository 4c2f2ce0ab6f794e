import { afterAll, describe, expect, it } from 'vitest';
import { assembleCapacity } from '../../src/planning/assemble-capacity.ts';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { readDemand } from '../../src/input/read-demand.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { readSites } from '../../src/input/read-sites.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import { LOAD_TRAFFIC, LOAD_USERS } from '../../src/solve/problem.ts';
import { scratchFolder } from '../support/read-rows.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

function scenarioOf(text: string): Scenario {
  const source = parseScenarioText(text, 's.yaml');
  return parseScenario(source, 's.yaml', [], '.');
}

function complaint(text: string): string {
  try {
    scenarioOf(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('no error');
}

const DEMAND = 'demand: { file: d.csv, users: { day: day, night: night } }\n';
const CSV = 'lon,lat,day,night,mbps_day,mbps_night\n1,1,3,2,10,0\n2,1,1.5,0,0.5,7\n';
const SITES = 'id,lon,lat,capacity_mbps,capacity_users\na,1,1,40,\nb,1,2,,25\nc,1,3,,\n';

async function read(text: string) {
  const scenario = scenarioOf(text);
  const findings = new Findings();
  const { demand } = await readDemand(scratch.write('d.csv', CSV), {
    file: 'd.csv',
    spec: scenario.demand,
    periods: ['day', 'night'],
    findings,
  });
  const { sites } = await readSites(scratch.write('s.csv', SITES), {
    file: 's.csv',
    role: 'candidates',
    findings,
  });
  findings.throwIfErrors();
  return assembleCapacity(scenario, demand, sites, null);
}

describe('traffic and capacity of a scenario', () => {
  it('holds rates in whole bit/s per user and room in thousandths of it (users in thousandths)', async () => {
    const capacity = await read(
      `${DEMAND}traffic: { mbpsPerUser: { day: 2, night: 0.5 }, activity: 0.1 }\ncapacity: { mbps: { day: 30, night: 20 } }\n`,
    );
    expect(capacity!.rate.map((rate) => [...rate])).toEqual([
      [200_000, 200_000],
      [50_000, 50_000],
    ]);
    // a states Mbit/s, b users, c nothing: the scenario's value per period.
    expect([...capacity!.counts]).toEqual([LOAD_TRAFFIC, LOAD_USERS, LOAD_TRAFFIC]);
    expect(capacity!.room.map((room) => [...room])).toEqual([
      [40e9, 25_000, 30e9],
      [40e9, 25_000, 20e9],
    ]);
  });

  it('takes the traffic of a feature, rounded down per user', async () => {
    const capacity = await read(
      'demand: { file: d.csv, users: { day: day, night: night }, trafficMbps: { day: mbps_day, night: mbps_night } }\n',
    );
    // 10 Mbit/s over 3 users, 0.5 over 1.5; at night 0 over 2, and 7 Mbit/s of nobody.
    expect(capacity!.rate.map((rate) => [...rate])).toEqual([
      [3_333_333, 333_333],
      [0, 0],
    ]);
  });

  it('says what contradicts itself', () => {
    expect(complaint(`${DEMAND}capacity: { mbps: 5 }\n`)).toContain('how much traffic users make');
    expect(complaint(`${DEMAND}capacity: { mbps: 5, users: 3 }\ntraffic: { mbpsPerUser: 1 }\n`)).toContain(
      'both given',
    );
    expect(complaint(`${DEMAND}traffic: { mbpsPerUser: { day: 1 } }\n`)).toContain('period "night"');
    expect(complaint(`${DEMAND}traffic: { mbpsPerUser: { day: 1, nigth: 1 } }\n`)).toContain(
      'did you mean "night"',
    );
    expect(complaint(`${DEMAND}traffic: { activity: 0.5 }\n`)).toContain('needs mbpsPerUser');
    expect(complaint(`${DEMAND}budget: { sites: 4 }\ncapacity: { users: 3 }\n`)).toContain('budget');
  });

  it('refuses sites whose room is no number', async () => {
    const findings = new Findings();
    const path = scratch.write(
      'bad.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          { capacity_mbps: 'much' },
          { capacity_mbps: { day: -1 } },
          { capacity_mbps: 1, capacity_users: 1 },
          { load_mbps: 1 },
          { capacity_mbps: { day: 5, night: '7' } },
        ].map((properties) => ({
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [1, 1] },
          properties,
        })),
      }),
    );
    const { sites } = await readSites(path, { file: 'bad.geojson', role: 'candidates', findings });
    expect(findings.all.map(({ message }) => message)).toEqual([
      expect.stringContaining('capacity_mbps must be a number of at least 0'),
      expect.stringContaining('capacity_mbps must be a number of at least 0'),
      expect.stringContaining('keep one'),
      expect.stringContaining('load_mbps without capacity_mbps'),
    ]);
    expect(sites.rooms).toEqual([{ mbps: { day: 5, night: 7 }, users: null, load: null }]);
  });
});

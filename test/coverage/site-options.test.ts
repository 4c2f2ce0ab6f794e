import { describe, expect, it } from 'vitest';
import { buildCandidates } from '../../src/coverage/candidates.ts';
import { demandTable, scenario, siteTable } from './tables.ts';
import { InputError } from '../../src/errors.ts';

const TWO = `
traffic: { mbpsPerUser: 1 }
configurations:
  - { name: low, frequencyMhz: 700, bandwidthMhz: 10, capacityMbps: 40, cost: 1 }
  - { name: n78, technology: nr, frequencyMhz: 3500, bandwidthMhz: 100, subcarrierKhz: 30, azimuthSets: [[0, 120, 240], [60, 180, 300]], capacityMbps: 900, cost: 2, on: [new, existing] }
`;

function build(text: string, sites = [{ id: 'a', eastM: 0, northM: 0 }] as Parameters<typeof siteTable>[0]) {
  return buildCandidates({
    scenario: scenario(`existing: { file: e.geojson }\n${text}`),
    demand: demandTable([{ eastM: 10, northM: 10 }]),
    fromFile: siteTable(sites),
    existing: siteTable([{ id: 'old', eastM: 5000, northM: 0, heightM: 35, status: 'existing' }]),
    keepOut: null,
    bins: null,
    model: { id: null, offsetDb: 0, sigmaDb: null },
  });
}

describe('configurations as alternatives of one location', () => {
  it('make a row each, azimuth sets too, and share the location; existing sites bring upgrades', () => {
    const set = build(TWO);
    expect(set.candidates.ids).toEqual([
      'a/low',
      'a/n78@0-120-240',
      'a/n78@60-180-300',
      'old/n78@0-120-240',
      'old/n78@60-180-300',
    ]);
    expect([...set.locationOfCandidate]).toEqual([0, 0, 0, 1, 1]);
    expect(set.options!.isUpgrade).toEqual([false, false, false, true, true]);
    const configurations = Array.from(set.configurationOfCandidate, (k) => set.configurations[k]!);
    expect(
      configurations.map(({ frequencyMhz, bandwidthMhz, heightM }) => [frequencyMhz, bandwidthMhz, heightM]),
    ).toEqual([
      [700, 10, 30],
      [3500, 100, 30],
      [3500, 100, 30],
      [3500, 100, 35],
      [3500, 100, 35],
    ]);
    expect(configurations[2]!.azimuthsDeg).toEqual([60, 180, 300]);
    expect(set.candidates.rooms!.map(({ mbps }) => mbps)).toEqual([40, 900, 900, 900, 900]);
    // 700 MHz reaches farther than 3500 MHz: the reason to have both.
    expect(configurations[0]!.reachM).toBeGreaterThan(configurations[1]!.reachM);
  });

  it('leave a candidate alone that says how it is built, and give a required one the first', () => {
    const set = build(TWO, [
      { id: 'own', eastM: 0, northM: 0, azimuthsDeg: [90] },
      { id: 'must', eastM: 100, northM: 0, status: 'required' },
    ]);
    expect(set.candidates.ids.slice(0, 2).sort()).toEqual(['must/low', 'own']);
  });

  it('keep their spacing from other places, upgrades from nothing', () => {
    const set = build(`candidates: { file: c.geojson, minSpacingM: 1000 }\n${TWO}`, [
      { id: 'a', eastM: 0, northM: 0 },
      { id: 'b', eastM: 4700, northM: 0 },
    ]);
    const upgrades = set.options!.isUpgrade.flatMap((is, row) => (is ? [row] : []));
    expect(upgrades.some((row) => set.conflicts.includes(row))).toBe(false);
  });

  it('are refused with a sentence where they cannot be', () => {
    const refused = (text: string): string => {
      try {
        scenario(text);
      } catch (error) {
        if (error instanceof InputError) return error.message;
      }
      return '';
    };
    expect(refused('configurations: [{ name: a }, { name: a }]')).toContain(
      'two configurations are named "a"',
    );
    expect(refused('configurations: [{ name: a, bandwidthMhz: 7 }]')).toContain(
      'carrier that does not exist',
    );
    expect(refused('configurations: [{ name: a, on: [existing] }]')).toContain('of which there are none');
    expect(refused('configurations: [{ name: a, capacityMbps: 5 }]')).toContain(
      'nothing says how much traffic',
    );
    expect(refused('cost: { tower: [{ toM: 20, cost: 1 }] }')).toContain('antennas stand at 30 m');
  });
});

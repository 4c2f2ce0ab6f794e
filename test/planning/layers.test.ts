import { expect, it } from 'vitest';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import { interferenceSchema } from '../../src/input/schema/interference.ts';
import type { SiteTable } from '../../src/input/types.ts';
import { InputError } from '../../src/errors.ts';
import { radioNetwork } from '../../src/planning/radio-network.ts';

const BASE = {
  demand: { file: 'd.csv' },
  radio: { model: 'uma' },
  configurations: [{ name: 'reach' }, { name: 'room' }],
};

function scenarioOf(layers: unknown) {
  const text = JSON.stringify({ ...BASE, interference: { layers } });
  return parseScenario(parseScenarioText(text, 's.yaml'), 's.yaml', [], '.');
}

const NAMES = ['reach', 'room', null];
const SITES: SiteTable = {
  count: NAMES.length,
  ids: NAMES.map((_, site) => `s${site}`),
  cellIds: NAMES.map(() => []),
  lon: Float64Array.from(NAMES, (_, site) => site / 100),
  lat: new Float64Array(NAMES.length),
  cost: new Float64Array(NAMES.length).fill(1),
  heightM: new Float64Array(NAMES.length).fill(NaN),
  eirpDbm: new Float64Array(NAMES.length).fill(NaN),
  frequencyMhz: new Float64Array(NAMES.length).fill(NaN),
  tiltDeg: new Float64Array(NAMES.length).fill(NaN),
  technology: NAMES.map(() => null),
  azimuthsDeg: NAMES.map(() => []),
  status: NAMES.map(() => 'existing' as const),
  configurationNames: NAMES,
};

async function ratesWith(layers: number | Record<string, number>): Promise<number[]> {
  const network = await radioNetwork({
    scenario: scenarioOf(layers),
    interference: interferenceSchema.parse({ layers }),
    demand: {
      count: 1,
      ids: ['d'],
      lon: Float64Array.of(0),
      lat: Float64Array.of(0.001),
      cellM: Float32Array.of(0),
      periods: ['all'],
      usersMilli: [Float64Array.of(1000)],
      regionNames: null,
    },
    sites: SITES,
    model: { id: 'uma', offsetDb: 0, sigmaDb: null },
    terrain: null,
  });
  return NAMES.map((_, cell) => network.rateBps(cell, 10));
}

it('gives each configuration its own layers, one where none is named', async () => {
  const [one] = await ratesWith(1);
  expect(one).toBeGreaterThan(0);
  expect(await ratesWith({ reach: 2, room: 4 })).toEqual([2 * one!, 4 * one!, one]);
});

it('names a configuration that does not exist', () => {
  expect(() => scenarioOf({ roam: 4 })).toThrow(InputError);
  expect(() => scenarioOf({ roam: 4 })).toThrow(/"roam" that does not exist \(did you mean "room"\?\)/);
});

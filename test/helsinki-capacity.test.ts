import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../src/input/read-inputs.ts';
import { readScenario } from '../src/input/read-scenario.ts';

const SCENARIO = fileURLToPath(new URL('../data/helsinki/capacity.yaml', import.meta.url));

describe('the bundled scenario of Helsinki with traffic', () => {
  it('has 1.15 million users in every period and a rate for each of them', async () => {
    const loaded = await readScenario(SCENARIO);
    const { demand } = await readInputs(loaded);
    expect(demand.periods).toHaveLength(8);
    // The shares of an hour add up to 10,000,000 but for their rounding.
    for (const users of demand.usersMilli) {
      const total = users.reduce((sum, own) => sum + own, 0) / 1000;
      expect(Math.abs(total - 1_150_000)).toBeLessThan(100);
    }
    const { traffic } = loaded.scenario;
    expect(Object.keys(traffic!.activity as Record<string, number>)).toEqual([...demand.periods]);
  });

  it('offers a band that reaches far and one that carries much', async () => {
    const { scenario } = await readScenario(SCENARIO);
    const [reach, room] = scenario.configurations!;
    expect(reach!.frequencyMhz ?? scenario.radio.frequencyMhz).toBe(700);
    expect(room!.frequencyMhz).toBe(3500);
    expect(room!.capacityMbps).toBeGreaterThan(10 * Number(reach!.capacityMbps));
  });
});

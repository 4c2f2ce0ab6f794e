import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVIDENCE_PREDICTED } from '../src/coverage/types.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { plan } from '../src/plan.ts';

const TINY = fileURLToPath(new URL('./fixtures/tiny/scenario.yaml', import.meta.url));

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-library-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe('plan as a library', () => {
  it('predicts known sites with the model of its own where nothing calibrates it', async () => {
    const loaded = await readScenario(TINY);
    const { measurements, ...scenario } = loaded.scenario;
    expect(measurements).toBeDefined();
    const result = await plan({ ...loaded, scenario });
    expect(result.model.calibrated).toBe(false);
    // Design section 5, rule 2: serving sites are known, so every user is predicted; near a 62 dBm site some are served.
    for (const evidence of result.baseline.evidence) {
      expect(evidence.every((one) => one === EVIDENCE_PREDICTED)).toBe(true);
    }
    expect(result.baseline.served[0]!.includes(1)).toBe(true);
  });

  it('counts users near complaints for more when feedback.weight says so, and says that it does', async () => {
    const loaded = await readScenario(TINY);
    const plain = await plan(loaded);
    const [lon, lat] = [plain.demand.lon[7]!, plain.demand.lat[7]!];
    const file = join(work, 'feedback.csv');
    writeFileSync(file, `lon,lat,category,timestamp\n${lon},${lat},no signal,2026-03-01T12:00:00Z\n`);
    const feedback = { file, weight: 2 };
    const weighed = await plan({ ...loaded, scenario: { ...loaded.scenario, feedback } });
    // One complaint at the point itself: its users count 1 + 2 x 1 = 3 times, nobody counts for less.
    expect(weighed.demand.usersMilli[0]![7]).toBe(3 * plain.demand.usersMilli[0]![7]!);
    expect(sum(weighed.demand.usersMilli[0]!)).toBeGreaterThan(sum(plain.demand.usersMilli[0]!));
    expect(weighed.warnings.join(' ')).toContain('feedback.weight');
    expect(weighed.inputs.map(({ role }) => role)).toContain('feedback');
    expect(plain.warnings.join(' ')).not.toContain('feedback.weight');
  });
});

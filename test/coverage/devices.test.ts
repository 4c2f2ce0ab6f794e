// k-threshold by devices (design section 11): where an identifier was present, a published bin has at least k devices behind it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveSamples } from '../../src/coverage/effective-samples.ts';
import { binSamples, publishBins, samplesOfBin } from '../../src/coverage/measurement-bins.ts';
import { Findings } from '../../src/input/findings.ts';
import { readMeasurements, type MeasurementInput } from '../../src/input/read-measurements.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-devices-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Reading {
  /** 100 m steps to the east. */
  readonly place: number;
  readonly who: string | null;
}

const scenario = parseScenario(
  { value: { demand: { file: 'none' }, measurements: { files: ['none'] } }, lineOf: () => null },
  undefined,
  [],
  '.',
);

async function read(name: string, text: string): Promise<MeasurementInput> {
  const path = join(work, name);
  writeFileSync(path, text);
  const findings = new Findings();
  const input = await readMeasurements([path], { files: [name], scenario, findings });
  findings.throwIfErrors();
  return input;
}

/** Readings an hour apart, so that none are taken as one. */
function table(readings: readonly Reading[]): string {
  const rows = readings.map(({ place, who }, hour) => {
    const time = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
    return `${25 + place * 0.0018},60,-95,${time},${who ?? ''}`;
  });
  return `lon,lat,rsrp,timestamp,IMSI\n${rows.join('\n')}\n`;
}

const published = async (readings: readonly Reading[], k: number) => {
  const { measurements } = await read('drive.csv', table(readings));
  const samples = effectiveSamples(measurements);
  const bins = binSamples(samples, 50);
  return { samples, bins, shown: publishBins(samples, bins, k) };
};
const at = (place: number, ...people: (string | null)[]): Reading[] => people.map((who) => ({ place, who }));

describe('devices', () => {
  it('are told apart by number in every dialect, and their identifiers are dropped and counted', async () => {
    const readings = [...at(0, 'a', 'b', 'a'), ...at(1, null)];
    const feature = ({ place, who }: Reading, hour: number, extra: string): string =>
      `{"type":"Feature","geometry":{"type":"Point","coordinates":[${25 + place * 0.0018},60]},"properties":{"rsrp":-95,` +
      `"timestamp":"2026-01-01T0${hour}:00:00Z"${who === null ? '' : `,"IMSI":"${who}"`}${extra}}}`;
    const collection = (extra: string): string =>
      `{"type":"FeatureCollection","features":[${readings.map((one, hour) => feature(one, hour, extra)).join(',')}]}`;
    // The nested value sends features to the slower parser.
    for (const [name, text] of [
      ['a.csv', table(readings)],
      ['b.geojson', collection('')],
      ['c.geojson', collection(',"more":{"x":1}')],
    ] as const) {
      const { measurements, summaries } = await read(name, text);
      const device = Array.from(measurements.device ?? []);
      expect(device.filter((number) => number >= 0)).toHaveLength(3);
      expect(new Set(device)).toEqual(new Set([0, 1, -1]));
      expect(summaries[0]?.identifiersDropped).toEqual({ IMSI: 3 });
      expect(JSON.stringify({ ...measurements, device: null })).not.toMatch(/"a"|"b"/);
    }
  });

  it('are not looked for where no sample tells', async () => {
    const { measurements } = await read('plain.csv', table(at(0, null, null)));
    expect(measurements.device).toBeUndefined();
  });
});

describe('a published bin', () => {
  it('has k devices behind it, not k samples of one', async () => {
    const alone = at(0, ...Array<string>(9).fill('a'));
    const crowd = at(3, 'b', 'c', 'd', 'e', 'f');
    expect((await published([...alone, ...crowd], 5)).shown.count).toBe(0);
    const more = [...at(6, 'g', 'h', 'i', 'j', 'k', 'l'), ...at(9, 'm', 'n', 'o', 'p', 'q', 'r')];
    // The lone device's bin is hidden with the smallest other one: together they have six devices.
    expect((await published([...alone, ...crowd, ...more], 5)).shown.count).toBe(2);
    expect((await published([...alone, ...crowd], 1)).shown.count).toBe(2);
  });

  it('counts samples that name no device as one each', async () => {
    expect((await published(at(0, 'a', 'a', null, null, null, null), 5)).shown.count).toBe(1);
    expect((await published(at(0, 'a', 'a', null, null), 4)).shown.count).toBe(0);
  });

  it('is never fewer than k devices, and what is withheld from the sum is two bins of k devices at least', async () => {
    const people = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', null);
    const reading = fc.record({ place: fc.integer({ min: 0, max: 6 }), who: people });
    await fc.assert(
      fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 60 }), async (readings) => {
        const k = 4;
        const { samples, bins, shown } = await published(readings, k);
        const witnesses = (chosen: readonly number[]): number => {
          const told = chosen.map((sample) => samples.device?.[sample] ?? -1);
          return (
            new Set(told.filter((device) => device >= 0)).size + told.filter((device) => device < 0).length
          );
        };
        const all = Array.from({ length: bins.count }, (_, bin) => Array.from(samplesOfBin(bins, bin)));
        const sizes = Array.from(shown.samples);
        for (const size of sizes) expect(size).toBeGreaterThanOrEqual(k);
        const enough = all.filter((chosen) => witnesses(chosen) >= k);
        expect(shown.count).toBeLessThanOrEqual(enough.length);
        if (shown.count === 0 || shown.count === bins.count) return;
        expect(shown.withheld).toBeGreaterThanOrEqual(2);
        const lonShown = Array.from(shown.lon);
        const isShown = (bin: number): boolean => {
          const [lon] = samples.zone.toDegrees((bins.column[bin]! + 0.5) * 50, (bins.row[bin]! + 0.5) * 50);
          return lonShown.includes(lon);
        };
        const hidden = all.filter((_, bin) => !isShown(bin)).flat();
        expect(witnesses(hidden)).toBeGreaterThanOrEqual(k);
      }),
      { numRuns: 60 },
    );
  });
});

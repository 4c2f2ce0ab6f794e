import { afterAll, describe, expect, it } from 'vitest';
import { Findings } from '../../src/input/findings.ts';
import type { MeasurementInput } from '../../src/input/read-measurements.ts';
import { NO_PERIOD, readMeasurements } from '../../src/input/read-measurements.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import { scratchFolder } from '../support/read-rows.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

async function readFiles(paths: readonly string[], more = ''): Promise<MeasurementInput> {
  const text = parseScenarioText(`demand: { file: d }\n${more}`, 'scenario');
  const scenario = parseScenario(text, 'scenario', [], '.');
  const findings = new Findings();
  const input = await readMeasurements(paths, {
    files: paths.map((_, index) => `file${index}`),
    scenario,
    findings,
  });
  findings.throwIfErrors();
  return input;
}

const read = (csv: string, more = ''): Promise<MeasurementInput> =>
  readFiles([scratch.write('drive.csv', csv)], more);

const DAY_AND_NIGHT = `timeZone: America/Toronto
periods:
  - { name: day, days: [mon, tue, wed, thu, fri], from: "07:00", to: "19:00" }
  - { name: night, days: [mon, tue, wed, thu, fri], from: "22:00", to: "05:00" }
`;

describe('readMeasurements', () => {
  it.each([
    ['rsrp_dbm', 'rsrp'],
    ['RSRP', 'rsrp'],
    ['signal_dbm', 'rsrp'],
    ['ss_rsrp_dbm', 'ss-rsrp'],
    ['rxlev', 'rxlev'],
    ['path_loss_db', 'path_loss'],
    ['rss_rel_db', 'relative'],
  ])('takes %s for %s', async (column, quantity) => {
    const { measurements } = await read(`lon,lat,${column}\n1,2,-90\n`);
    expect(measurements.quantity).toBe(quantity);
    expect([...measurements.level]).toEqual([-90]);
  });

  it('takes the quantity of the technology where a file holds both', async () => {
    const csv = 'lon,lat,rsrp_dbm,nr_rsrp_dbm\n1,2,-90,-100\n1,3,-91,\n';
    expect((await read(csv)).measurements.quantity).toBe('rsrp');
    const nr = await read(csv, 'radio: { technology: nr }');
    expect([...nr.measurements.level]).toEqual([-100]);
    expect(nr.summaries[0]?.setAside).toEqual({ 'without a level': 1 });
  });

  it('sets aside what no device can report, poor positions and other technologies, and counts them', async () => {
    const rows = [
      '1,2,-90,LTE,5',
      '1,3,-141,LTE,5',
      '1,4,-42,LTE,5',
      '1,5,-90,LTE,51',
      '1,6,-90,GSM,5',
      '1,7,-140,LTE,',
    ];
    const { measurements, summaries } = await read(
      `lon,lat,rsrp,technology,gps_accuracy_m\n${rows.join('\n')}`,
    );
    expect(measurements.count).toBe(2);
    expect(summaries[0]?.setAside).toEqual({
      'level outside -140..-43 dBm': 2,
      'neither LTE nor NR': 1,
      'position accuracy worse than 50 m': 1,
    });
  });

  // Toronto is at UTC-5 in January and UTC-4 in July; 2026-01-09 is a Friday.
  it.each([
    ['2026-01-09T12:30:00Z', 'day'],
    ['2026-01-09T11:59:59Z', null],
    ['2026-07-10T11:30:00Z', 'day'],
    ['2026-01-09T07:00:00', 'day'],
    ['2026-01-09T18:59:59.9', 'day'],
    ['2026-01-09 19:00', null],
    ['2026-01-09T22:30:00', 'night'],
    ['2026-01-10T04:59:00', 'night'],
    ['2026-01-11T23:00:00', null],
    ['2026-01-10T12:00:00', null],
    ['2026-01-09T17:30:00+05:30', 'day'],
    ['1767974400', 'day'],
    ['1767974400000', 'day'],
  ])('puts %s into the period %s', async (timestamp, period) => {
    const { measurements } = await read(`lon,lat,rsrp,timestamp\n1,2,-90,${timestamp}\n`, DAY_AND_NIGHT);
    expect(measurements.period[0]).toBe(period === null ? NO_PERIOD : ['day', 'night'].indexOf(period));
  });

  it('asks for a time zone once when offsets are missing', async () => {
    const csv = 'lon,lat,rsrp,timestamp\n1,2,-90,2026-01-09T12:00:00\n1,3,-90,2026-01-09T12:00:01\n';
    const error = await read(csv).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toBe(
      'file0, line 2: has the timestamp "2026-01-09T12:00:00" without an offset. Give timeZone in the scenario, for example timeZone: America/Toronto.',
    );
  });

  it('numbers cells by name, whatever the order of samples and files', async () => {
    const a = scratch.write('a.csv', 'lon,lat,rsrp,cell_id\n1,2,-90,B\n1,3,-91,A\n');
    const b = scratch.write('b.csv', 'lon,lat,rsrp,cell_id\n1,1,-92,C\n1,4,-93,\n');
    const forward = (await readFiles([a, b])).measurements;
    const backward = (await readFiles([b, a])).measurements;
    expect(forward).toEqual(backward);
    expect(forward.cellNames).toEqual(['A', 'B', 'C']);
    expect([...forward.cell]).toEqual([2, 1, 0, -1]);
  });

  it('refuses files of different quantities', async () => {
    const a = scratch.write('a.csv', 'lon,lat,rsrp\n1,2,-90\n');
    const b = scratch.write('b.csv', 'lon,lat,path_loss_db\n1,2,120\n');
    await expect(readFiles([a, b])).rejects.toThrow('file1: holds path_loss, the files before it hold rsrp.');
  });

  it('says so when no property is a level', async () => {
    await expect(read('lon,lat,speed\n1,2,3\n')).rejects.toThrow(
      'has no property that is a signal level. Name it rsrp_dbm',
    );
  });
});

describeShared('measurement tables as they are published', () => {
  const zone = 'timeZone: Europe/Dublin';
  // Rows of the tables, as their READMEs state them.
  it.each([
    ['data/cork-5g-lte-drive/measurements.csv', 'rsrp', 34_825],
    ['data/cork-5g-lte-drive/measurements_sample.geojson', 'rsrp', 8_612],
    ['data/ottawa/measurements.csv', 'rsrp', 4_912],
    ['data/recife-gsm1800/measurements.csv', 'path_loss', 6_981],
    ['data/recife-gsm1800/measurements_strongest.geojson', 'rxlev', 2_327],
    ['data/powder-462mhz/measurements.csv', 'relative', 22_269],
  ])('%s holds %s', async (file, quantity, rows) => {
    const { measurements, summaries } = await readFiles([sharedPath(file) ?? file], zone);
    expect(measurements.quantity).toBe(quantity);
    const setAside = Object.values(summaries[0]?.setAside ?? {}).reduce((a, b) => a + b, 0);
    expect(measurements.count + setAside).toBe(rows);
    expect(summaries[0]?.featuresRead).toBe(rows);
  });
});

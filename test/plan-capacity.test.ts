import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plan } from '../src/plan.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { tinyWith, verify } from './support/tiny.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-capacity-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** One user makes 0.1 Mbit/s; a site carries 40 Mbit/s, so 400 users. */
const TIGHT = { traffic: { mbpsPerUser: 1, activity: 0.1 }, capacity: { mbps: 40 } };

async function written(name: string, more: object): Promise<string> {
  const dir = join(work, name);
  await writePlan(await plan(await tinyWith(more)), dir);
  return dir;
}

function reportOf(dir: string) {
  return reportSchema.parse(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')));
}

describe('a plan whose sites have limited room', () => {
  it('serves whom it assigns, agrees with the verifier, and says what signal alone would overload', async () => {
    const dir = await written('tight', TIGHT);
    const report = reportOf(dir);
    const plain = reportOf(await written('plain', {}));
    expect(report.feasible).toBe(true);
    expect(report.sites.length).toBeGreaterThan(plain.sites.length);
    expect(plain.capacity).toBeUndefined();
    const { sites, bySignalAlone } = report.capacity!;
    for (const { load, room } of sites) {
      for (const [period, used] of Object.entries(load)) expect(used).toBeLessThanOrEqual(room[period]!);
    }
    expect(bySignalAlone!.overloaded.length).toBeGreaterThan(0);
    for (const { load, room } of bySignalAlone!.overloaded) expect(load).toBeGreaterThan(room);
    const { stdout, status } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
  });

  it('changes nothing where room can never run out', async () => {
    const plain = await written('none', {});
    const ample = await written('ample', { ...TIGHT, capacity: { mbps: 1e6 } });
    const files = (dir: string): string[] => reportOf(dir).files.filter((file) => file.endsWith('.geojson'));
    expect(files(ample)).toEqual(files(plain));
    for (const file of files(plain)) {
      expect(readFileSync(join(ample, file)).equals(readFileSync(join(plain, file)))).toBe(true);
    }
  });

  it('works rooms out from SINR, and says what they are in the finished plan', async () => {
    const traffic = { mbpsPerUser: 0.4, activity: 0.1 };
    const dir = await written('from-sinr', { traffic, capacity: { fromSinr: { share: 0.5 } } });
    const report = reportOf(dir);
    const fresh = report.capacity!.sites.filter(({ existing }) => !existing);
    expect(fresh.length).toBeGreaterThan(0);
    // 10 MHz of LTE are 50 blocks, 9 MHz; a quarter is overhead, and no SINR gives more than 4.4 bit/s/Hz.
    const most = 9 * 0.75 * 4.4;
    let short = 0;
    for (const { load, room, roomInPlan } of fresh) {
      for (const [period, space] of Object.entries(room)) {
        expect(space).toBeGreaterThan(0);
        expect(space).toBeLessThanOrEqual(most / 2);
        expect(roomInPlan![period]).toBeLessThanOrEqual(most);
        if (load[period]! > roomInPlan![period]!) short++;
      }
    }
    expect(report.warnings.some((text) => text.includes('carry less than'))).toBe(short > 0);
    expect(verify(dir).status).toBe(0);
  });

  it('is caught by the verifier when the assignment is not what it should be', async () => {
    const dir = await written('tampered-source', TIGHT);
    const changed = (name: string, file: string, change: (text: string) => string): string => {
      const copy = join(work, name);
      cpSync(dir, copy, { recursive: true });
      writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
      const { stdout, status } = verify(copy);
      expect(status).toBe(1);
      return stdout;
    };
    const tampered = (name: string, change: (rows: string[]) => void): string =>
      changed(name, 'assignment.csv', (text) => {
        const rows = text.split('\r\n');
        change(rows);
        return rows.join('\r\n');
      });
    expect(tampered('moved', (rows) => (rows[1] = rows[1]!.replace(/,[^,]*,(\d)/, ',nowhere,$1')))).toMatch(
      /does not cover/,
    );
    expect(tampered('left-out', (rows) => rows.splice(1, 1))).toMatch(/users served|usersServed/);
    expect(tampered('doubled', (rows) => rows.splice(1, 0, rows[1]!))).toMatch(/users of .* are assigned/);
    const crowded = changed('crowded', 'report.json', (text) => {
      const report = reportSchema.parse(JSON.parse(text));
      for (const { room, load } of report.capacity!.sites) room['day'] = load['day']! / 2;
      return JSON.stringify(report);
    });
    expect(crowded).toMatch(/its room is/);
  });
});

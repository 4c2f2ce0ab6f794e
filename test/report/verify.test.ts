/* eslint-disable @typescript-eslint/no-explicit-any -- files are tampered with as plain JSON */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePlan } from '../../src/report/write-plan.ts';
import { syntheticPlan } from '../support/synthetic-plan.ts';

const script = fileURLToPath(new URL('../../scripts/verify.mjs', import.meta.url));
let root = '';
let dir = '';

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-verify-'));
  dir = join(root, 'run');
  await writePlan(syntheticPlan({ side: 20 }), dir);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function verify(...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

/** Verifies a copy of the run with one file changed. */
function verifyTampered(
  name: string,
  change: (value: any) => void,
): { status: number | null; stdout: string } {
  const copy = mkdtempSync(join(root, 'tampered-'));
  cpSync(dir, copy, { recursive: true });
  const value = JSON.parse(readFileSync(join(copy, name), 'utf8'));
  change(value);
  writeFileSync(join(copy, name), JSON.stringify(value));
  return verify(copy);
}

describe('npm run verify', () => {
  it('agrees with an untouched run', () => {
    const { status, stdout } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
  });

  const tampering: [string, string, (value: any) => void, RegExp][] = [
    [
      'one thousandth of a user more served',
      'report.json',
      (r) => (r.periods[0].usersServed += 0.001),
      /usersServed/,
    ],
    [
      'a target made easier',
      'report.json',
      (r) => (r.phases[1].targets[0].usersNeeded -= 0.001),
      /usersNeeded/,
    ],
    ['a target called met', 'report.json', (r) => (r.phases[0].targets[0].met = false), /met is false/],
    ['a share rounded up', 'report.json', (r) => (r.phases[0].targets[0].reached += 0.000001), /reached/],
    [
      'a bound above the cost',
      'report.json',
      (r) => (r.phases[1].lowerBound = r.phases[1].cost + 1),
      /bound/,
    ],
    ['a cost left out', 'report.json', (r) => (r.cost -= 1), /cost/],
    ['called optimal without proof', 'report.json', (r) => (r.status = 'optimal'), /optimal/],
    ['a site out of order', 'report.json', (r) => r.sites.reverse(), /order/],
    [
      'users moved between evidence classes',
      'report.json',
      (r) => (r.periods[0].evidence.measured += 1),
      /evidence measured/,
    ],
    [
      'a served flag set',
      'demand.geojson',
      (d) => d.features.forEach((f: any) => (f.properties.served.day = true)),
      /served in day/,
    ],
    [
      'coverage beyond the reach',
      'sites.geojson',
      (s) => (s.features[0].properties.reach_m = 500),
      /reach 500/,
    ],
    [
      'a site moved by 100 m',
      'sites.geojson',
      (s) => (s.features[0].geometry.coordinates[1] += 0.0009),
      /should cover|covers demand/,
    ],
    [
      'new users overstated',
      'sites.geojson',
      (s) => (s.features[2].properties.new_users.day += 1),
      /new_users/,
    ],
    [
      'a share after building',
      'sites.geojson',
      (s) => (s.features[2].properties.share_after.day += 0.001),
      /share_after/,
    ],
    [
      'a cell given to the other region',
      'demand.geojson',
      (d) => (d.features[0].properties.region = 'East'),
      /region East/,
    ],
    ['a gap forgotten', 'gaps.geojson', (g) => g.features.pop(), /gaps hold/],
    ['a spacing not kept', 'report.json', (r) => (r.minSpacingM = 5000), /m apart/],
    ['a file that is not there', 'report.json', (r) => r.files.push('absent.csv'), /absent\.csv/],
  ];
  it.each(tampering)('catches %s', (_, name, change, message) => {
    const { status, stdout } = verifyTampered(name, change);
    expect(stdout).toMatch(message);
    expect(status).toBe(1);
  });

  it('compares coverage with the instance where one was written', () => {
    const plan = syntheticPlan({ side: 20 });
    const { siteStart, demandOfSite } = plan.problem.coverage;
    const instance = {
      format: 'mastplan-instance',
      version: 1,
      sites: plan.problem.siteIds.map((id, site) => ({
        id,
        covers: [...demandOfSite.subarray(siteStart[site], siteStart[site + 1])],
      })),
      demand: Object.fromEntries(
        plan.demand.periods.map((name, period) => [
          name,
          [...plan.demand.usersMilli[period]!].map((u) => u / 1000),
        ]),
      ),
    };
    const path = join(root, 'instance.json');
    writeFileSync(path, JSON.stringify(instance));
    expect(verify(dir, '--instance', path).status).toBe(0);
    instance.sites[plan.solution.sites[0]!]!.covers.pop();
    writeFileSync(path, JSON.stringify(instance));
    expect(verify(dir, '--instance', path).stdout).toContain('layer and instance disagree');
  });
});

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FeatureCollection, Position } from 'geojson';
import gjv from 'geojson-validation';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanResult } from '../../src/planning/plan-result.ts';
import { ringArea } from '../../src/report/geojson-text.ts';
import { countPlan } from '../../src/report/plan-facts.ts';
import { reportJsonSchema } from '../../src/report/report-schema.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { writePlan } from '../../src/report/write-plan.ts';
import { syntheticPlan } from '../support/synthetic-plan.ts';

let root = '';
let dir = '';
let plan: PlanResult;
const facts = { startedAt: '2026-01-01T00:00:00Z', seconds: { solve: 1 }, threads: 2, peakMemoryMb: 100 };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-report-'));
  dir = join(root, 'run');
  plan = syntheticPlan();
  await writePlan(plan, dir, { facts, resolvedScenario: 'name: x\n' });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const text = (name: string): string => readFileSync(join(dir, name), 'utf8');
const layer = (name: string): FeatureCollection => JSON.parse(text(`${name}.geojson`)) as FeatureCollection;

describe('the files of a plan', () => {
  it('are those the report names, all ending with a newline', () => {
    const report = JSON.parse(text('report.json')) as { files: string[] };
    expect(readdirSync(dir).sort()).toEqual(report.files);
    for (const name of report.files.filter((file) => !file.endsWith('.gpkg')))
      expect(text(name).endsWith('\n'), name).toBe(true);
  });

  it('are the same bytes when written again, run.json apart', async () => {
    const again = join(root, 'again');
    await writePlan(syntheticPlan(), again, {
      facts: { ...facts, threads: 7 },
      resolvedScenario: 'name: x\n',
    });
    for (const name of readdirSync(dir)) {
      if (name === 'run.json') continue;
      expect(readFileSync(join(again, name)).equals(readFileSync(join(dir, name))), name).toBe(true);
    }
  });

  it('carry no thread count, no absolute path and no folder names', () => {
    for (const name of ['report.json', 'report.html', 'summary.md']) {
      expect(text(name), name).not.toMatch(/"threads"|somewhere\/|\/tmp\//);
    }
  });

  it('fit the shipped JSON Schema', () => {
    const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
    validate(JSON.parse(text('report.json')));
    expect(validate.errors).toBeNull();
  });
});

describe('the layers', () => {
  it('are valid GeoJSON with RFC 7946 winding', () => {
    for (const name of ['sites', 'demand', 'gaps', 'service-areas', 'existing', 'regions', 'bins']) {
      const collection = layer(name);
      expect(gjv.valid(collection), name).toBe(true);
      for (const { geometry } of collection.features) {
        const polygons: Position[][][] =
          geometry.type === 'Polygon'
            ? [geometry.coordinates]
            : geometry.type === 'MultiPolygon'
              ? geometry.coordinates
              : [];
        for (const rings of polygons) {
          rings.forEach((ring, index) => expect(ringArea(ring) > 0, name).toBe(index === 0));
        }
      }
    }
  });

  it('show sites in building order whose new users and shares add up to the report', () => {
    const sites = layer('sites').features.map((feature) => feature.properties!);
    const report = JSON.parse(text('report.json')) as {
      periods: { period: string; usersServedToday: number; usersServed: number; reached: number }[];
    };
    expect(sites.map((site) => site['rank'])).toEqual(sites.map((_, order) => order + 1));
    for (const period of report.periods) {
      const added = sites.reduce((sum, site) => sum + Math.round(1000 * site['new_users'][period.period]), 0);
      expect(added).toBe(Math.round(1000 * period.usersServed) - Math.round(1000 * period.usersServedToday));
      expect(sites.at(-1)!['share_after'][period.period]).toBe(period.reached);
      const shares = sites.map((site) => site['share_after'][period.period] as number);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
    }
  });

  it('give every site a reason: what it adds, what hangs on it alone, and which target would fall without it', () => {
    const [first] = layer('sites').features.map((feature) => feature.properties!['reason'] as string);
    expect(first).toMatch(
      /^Adds [\d,]+ users \(\w+\) in (East|West); [\d,]+ have no other server(; without it .+ would fall to [\d.]+ %, \d+ % are asked for)?\.$/,
    );
  });
});

describe('what is counted', () => {
  it('equals the solver outcome and a count from scratch', () => {
    const counted = countPlan(plan);
    plan.solution.phases.forEach((phase, index) => {
      expect(counted.targets[index]!.map((target) => target.servedMilli)).toEqual(
        phase.targets.map((target) => target.servedUsers),
      );
    });
    for (const scope of counted.periods) {
      const evidence = Object.values(scope.evidenceAfter).reduce((sum, users) => sum + users, 0);
      expect(evidence).toBe(scope.totalMilli);
      expect(scope.newMilli.reduce((sum, users) => sum + users, scope.servedTodayMilli)).toBe(
        scope.servedMilli,
      );
    }
  });

  it('puts the critical target below its share when the site is taken away', () => {
    const counted = countPlan(plan);
    const targets = counted.targets.at(-1)!;
    const critical = counted.sites.filter((site) => site.criticalTarget !== null);
    expect(critical.length).toBeGreaterThan(0);
    for (const site of critical) {
      expect(site.criticalServedMilli).toBeLessThan(targets[site.criticalTarget!]!.needMilli);
    }
  });
});

describe('the sentence', () => {
  /** The summary with the wrapped lines of the sentence joined. */
  const summary = (result: PlanResult): string =>
    summaryText(result, countPlan(result), { dir: 'out', files: ['report.html'], color: false }).replace(
      /\n(?=\S)/g,
      ' ',
    );

  it('says what the sites bring and what is proved', () => {
    expect(summary(plan)).toMatch(
      /^\d+ new sites bring stable signal \(RSRP\) to [\d.]+ % of users in each of the 2 periods planned and to [\d.]+ % in East and West; at least \d+ are needed\.\n/,
    );
  });

  it('says first that a target is missed, by how many users and where', () => {
    const missed = syntheticPlan({ shares: [0.9, 1], reachM: 300 });
    expect(summary(missed)).toMatch(
      /^Not every target is met: (East|West|all users) \((day|night)\) reaches [\d.]+ % of the 100 % asked for, [\d,]+ users short, and \d+ more targets are missed\. This is proved/,
    );
    expect(summary(missed)).toContain('missed by');
  });

  it('says in its first sentence what share of users has no evidence when that is over 20 %', () => {
    expect(summary(syntheticPlan({ unknownShare: 0.5 }))).toMatch(
      /^With no evidence of today’s signal for \d\d\.\d % of users, who count as not served, \d+ new sites/,
    );
    expect(summary(plan)).not.toContain('no evidence');
  });

  it('says that a run was interrupted', () => {
    const interrupted = { ...plan, solution: { ...plan.solution, status: 'interrupted' as const } };
    expect(summary(interrupted)).toContain('Interrupted before the search ended');
  });

  it('fits one screen of 24 lines, also with many periods', () => {
    const many = syntheticPlan({ periods: Array.from({ length: 12 }, (_, k) => `h${k}`) });
    const lines = summaryText(many, countPlan(many), {
      dir: 'out',
      files: ['report.html'],
      color: false,
    }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('hostile names', () => {
  const evil = '</script><script>alert(1)</script>=cmd()|\u001b[31m\u202e';

  it('stay text in the page, the Markdown and the terminal', async () => {
    const hostile = syntheticPlan({ namePrefix: evil, side: 12 });
    const out = join(root, 'hostile');
    await writePlan(hostile, out);
    expect(readFileSync(join(out, 'report.html'), 'utf8').match(/<script/g)).toHaveLength(2);
    // eslint-disable-next-line no-control-regex -- exactly what must not pass
    expect(readFileSync(join(out, 'summary.md'), 'utf8')).not.toMatch(/(^|[^\\])<\/?script|[\u001b\u202e]/);
    const screen = summaryText(hostile, countPlan(hostile), {
      dir: evil,
      files: ['report.html'],
      color: false,
    });
    // eslint-disable-next-line no-control-regex -- exactly what must not pass
    expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

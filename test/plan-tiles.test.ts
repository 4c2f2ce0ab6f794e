// A plan whose covered pairs are not listed: same files, counted again by the verifier.
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKPOINT_FILE, openCheckpoint, type FileCheckpoint } from '../src/checkpoint/file-checkpoint.ts';
import { TiledCoverage } from '../src/coverage/tiled-coverage.ts';
import { inProcessExecutor, type Executor } from '../src/executor.ts';
import { createPool } from '../src/parallel/pool.ts';
import type { MemoryAccount } from '../src/memory/memory-account.ts';
import { plan } from '../src/plan.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { instanceJson } from '../src/report/instance-writer.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { noRoomForPairs } from './support/no-room.ts';
import { runContents } from './support/run-folder.ts';
import { tinyWith, verify } from './support/tiny.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-tiles-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

async function inTiles(more: object = {}, executor: Executor = inProcessExecutor): Promise<PlanResult> {
  const result = await plan(await tinyWith(more), { executor, memory: noRoomForPairs() });
  expect(result.problem.coverage).toBeInstanceOf(TiledCoverage);
  return result;
}

async function written(result: PlanResult, name: string): Promise<string> {
  const dir = join(work, name);
  await writePlan(result, dir);
  return dir;
}

describe('a plan whose pairs are not listed', () => {
  let tiled: PlanResult;
  let listed: PlanResult;
  let dir = '';
  beforeAll(async () => {
    tiled = await inTiles();
    listed = await plan(await tinyWith({}));
    dir = await written(tiled, 'tiny');
  });

  it('meets the targets, and everything in its files is what the verifier counts', () => {
    expect(tiled.solution.feasible).toBe(true);
    const { status, stdout } = verify(dir);
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
  });

  it('speaks of the same problem: the instance it writes has the same bytes', () => {
    expect([...instanceJson(tiled.problem)].join('')).toBe([...instanceJson(listed.problem)].join(''));
    const { links, linkWarnings } = tiled.model;
    expect({ links, linkWarnings }).toEqual({
      links: listed.model.links,
      linkWarnings: listed.model.linkWarnings,
    });
  });

  it('has bounds below what was found with the pairs listed, phase by phase', () => {
    tiled.solution.phases.forEach((phase, k) => {
      expect(phase.lowerBound).toBeLessThanOrEqual(listed.solution.phases[k]!.cost);
      expect(phase.lowerBound).toBeLessThanOrEqual(phase.cost);
      expect(listed.solution.phases[k]!.lowerBound).toBeLessThanOrEqual(phase.cost);
    });
  });

  it('says in its report how it was decomposed and what is left out', () => {
    const report = reportSchema.parse(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')));
    expect(JSON.stringify(report)).toMatch(/covered pairs in 1 tiles, opened one at a time/);
    expect(report.notChosen).toBeNull();
    expect(report.warnings.join(' ')).toContain('the plan was searched in tiles');
    expect(report.sensitivity.map(({ offsetDb }) => offsetDb)).toEqual([-6, -3, 3, 6]);
  });

  it('has the same bytes in one, two and four threads', async () => {
    const expected = runContents(dir);
    for (const threads of [2, 4]) {
      const pool = await createPool({ threads });
      try {
        const again = await written(await inTiles({}, pool), `tiny-${threads}`);
        expect(runContents(again)).toEqual(expected);
      } finally {
        await pool.close();
      }
    }
  });

  it('holds for services, each from its own signal', async () => {
    const services = await inTiles({
      services: [
        { name: 'voice', share: 0.4, rsrpDbm: -115 },
        { name: 'video', share: 0.6 },
      ],
      phases: [{ name: 'town', targets: [{ share: 0.8 }, { share: 0.95, service: 'voice' }] }],
    });
    expect(services.solution.feasible).toBe(true);
    const { status, stdout } = verify(await written(services, 'services'));
    expect(stdout).toContain('agrees to the last user');
    expect(status).toBe(0);
  });

  it('starts from an earlier plan and keeps its sites for a charge', async () => {
    const start = { run: join(dir, 'report.json'), changeCost: 5 };
    const kept = await inTiles({ start });
    expect(kept.changes!.givenUp).toEqual([]);
    expect(kept.changes!.kept.toSorted((a, b) => a - b)).toEqual(
      tiled.solution.sites.toSorted((a, b) => a - b),
    );
  });

  it('measures SINR and tunes its cells', async () => {
    const { interference } = await inTiles({ interference: {} });
    expect(interference!.asBuilt.cells.length).toBeGreaterThan(0);
  });
});

describe('a plan whose pairs are not listed, from a checkpoint', () => {
  async function planned(
    resume: boolean,
    memory: MemoryAccount | null = noRoomForPairs(),
  ): Promise<PlanResult> {
    let checkpoint: FileCheckpoint | undefined;
    const identity = { mastplan: '0.1.0', node: 'v20', platform: 'linux-x64', scenario: 'a', inputs: [] };
    try {
      return await plan(await tinyWith({}), {
        memory: memory ?? undefined,
        onInputsValid: async () =>
          (checkpoint = openCheckpoint(work, identity, { resume, onNotice: () => undefined })),
      });
    } finally {
      checkpoint?.close();
    }
  }

  it('is that of an uninterrupted run, wherever it was cut', async () => {
    const path = join(work, CHECKPOINT_FILE);
    const expected = await planned(false);
    const whole = readFileSync(path);
    for (const part of [0.1, 0.5, 0.9, 1]) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor(part * statSync(path).size));
      const again = await planned(true);
      expect(again.solution).toEqual(expected.solution);
      expect(again.sensitivity).toEqual(expected.sensitivity);
    }
  });

  it('goes on with room for the pairs as if nothing had been computed', async () => {
    await planned(false);
    const listed = await plan(await tinyWith({}));
    expect((await planned(true, null)).solution).toEqual(listed.solution);
  });
});

// Does memory stay flat over many plans in one process? Plans a scenario again and again through the library, with a pool of
// worker threads of its own each time, and compares the last quarter of the runs with the second. Build first; then
//   node --expose-gc --import tsx benchmarks/soak.ts [scenario] [plans] [threads]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as library from '../src/index.ts';

/** The built library, as its users load it; its types stand in the source, which a fresh checkout has. */
const built = new URL('../dist/index.js', import.meta.url).href;
const { createPool, plan, readScenario, writePlan } = (await import(built)) as typeof library;
const [scenario = 'test/fixtures/tiny/scenario.yaml', plans = '200', threads = '2'] = process.argv.slice(2);
const count = Number(plans);
const out = mkdtempSync(join(tmpdir(), 'mastplan-soak-'));
const MEGABYTE = 2 ** 20;

interface Sample {
  readonly heapMb: number;
  readonly externalMb: number;
  readonly rssMb: number;
  /** Open handles and requests of the event loop: sockets, timers, workers, files. */
  readonly handles: number;
}

async function planOnce(): Promise<void> {
  const loaded = await readScenario(scenario);
  const pool = await createPool({ threads: Number(threads) });
  try {
    await writePlan(await plan(loaded, { executor: pool }), join(out, 'run'), {
      formats: ['geojson', 'gpkg'],
    });
  } finally {
    await pool.close();
  }
}

async function sample(): Promise<Sample> {
  // Closed workers and files are let go in later turns of the event loop.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapMb: heapUsed / MEGABYTE,
    externalMb: external / MEGABYTE,
    rssMb: rss / MEGABYTE,
    handles: process.getActiveResourcesInfo().length,
  };
}

function meanOf(samples: readonly Sample[], key: keyof Sample): number {
  return samples.reduce((sum, one) => sum + one[key], 0) / samples.length;
}

try {
  const samples: Sample[] = [];
  for (let done = 1; done <= count; done++) {
    await planOnce();
    samples.push(await sample());
    const last = samples.at(-1)!;
    if (done % Math.ceil(count / 20) === 0) {
      console.log(
        `${done}: heap ${last.heapMb.toFixed(1)} MB, external ${last.externalMb.toFixed(1)} MB, rss ${last.rssMb.toFixed(0)} MB, ${last.handles} handles`,
      );
    }
  }
  const quarter = Math.floor(count / 4);
  const [second, last] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  let flat = samples.at(-1)!.handles <= samples[0]!.handles;
  for (const key of ['heapMb', 'externalMb', 'rssMb'] as const) {
    const [before, after] = [meanOf(second, key), meanOf(last, key)];
    const change = (after / before - 1) * 100;
    if (change > 5) flat = false;
    console.log(
      `${key}: second quarter ${before.toFixed(1)}, last ${after.toFixed(1)} (${change >= 0 ? '+' : ''}${change.toFixed(1)} %)`,
    );
  }
  console.log(
    `handles after the first plan ${samples[0]!.handles}, after the last ${samples.at(-1)!.handles}`,
  );
  console.log(flat ? 'flat' : 'NOT FLAT');
  process.exitCode = flat ? 0 : 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}

// Faults of the disk under a plan: exit 4, one sentence, nothing half-written, and --resume goes on.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runContents } from '../support/run-folder.ts';
import { runMain } from '../support/run-main.ts';
import { canMount, mountSmallDisk, readOnlyFolder } from '../support/small-disk.ts';
import type { CliResult } from '../support/run-cli.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-disk-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const plan = (out: string, ...more: string[]): Promise<CliResult> =>
  runMain(['plan', tiny, '--threads', '1', '--no-progress', '--quiet', '--out', out, ...more]);

function expectEnvironmentFailure(run: CliResult, sentence: RegExp): void {
  expect(run).toEqual({ exitCode: 4, stdout: '', stderr: expect.stringMatching(sentence) as string });
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
}

// Node 20 says ENOENT of a folder and its parent that are both to be made on a read-only disk.
const REFUSED = /cannot be written \((EROFS|EACCES|ENOENT)\)/;
const noMount = canMount ? '' : ' [left out: small disks cannot be mounted here]';

describe.skipIf(!canMount)(`a full disk${noMount}`, () => {
  let expected: Record<string, string> = {};
  beforeAll(async () => {
    expect((await plan(join(work, 'whole/out'))).exitCode).toBe(0);
    expected = runContents(join(work, 'whole/out'));
  }, 60_000);

  // The plan of the tiny town takes 813 kB beside its checkpoint: it ends at the checkpoint, at GeoJSON layers, in the
  // GeoPackage (SQLite writes that itself), in the page.
  it.each([4, 64, 256, 700])(
    'of %i kB: exit 4, no report.json; with room, --resume gives the same bytes',
    async (kilobytes) => {
      const disk = mountSmallDisk(join(work, `disk-${kilobytes}`), kilobytes);
      try {
        const out = join(disk.path, 'out');
        expectEnvironmentFailure(
          await plan(out),
          /cannot be written \(.*(ENOSPC|disk I\/O error|disk is full).*\)/,
        );
        expect(existsSync(join(out, 'report.json'))).toBe(false);
        expect(existsSync(out) ? readdirSync(out) : []).toEqual(existsSync(out) ? ['.mastplan'] : []);
        disk.resize(8000);
        expect((await plan(out, '--resume')).exitCode).toBe(0);
        expect(runContents(out)).toEqual(expected);
      } finally {
        disk.remove();
      }
    },
  );

  it('under an earlier run: that stays as it was', async () => {
    const disk = mountSmallDisk(join(work, 'disk-again'), 8000);
    try {
      const out = join(disk.path, 'out');
      expect((await plan(out)).exitCode).toBe(0);
      disk.resize(1200);
      expectEnvironmentFailure(await plan(out, '--seed', '2'), /cannot be written/);
      const { '.mastplan': state, ...files } = runContents(out);
      expect(state).toBe('folder');
      expect(files).toEqual(expected);
    } finally {
      disk.remove();
    }
  });
});

describe('a folder that may not be written', () => {
  it('is exit 4 before anything is computed', async () => {
    const locked = join(work, 'locked');
    const folder = readOnlyFolder(locked);
    try {
      expectEnvironmentFailure(await plan(join(locked, 'out')), REFUSED);
      expectEnvironmentFailure(
        await plan(join(work, 'beside'), '--checkpoint', join(locked, 'state')),
        REFUSED,
      );
      expect(existsSync(join(work, 'beside'))).toBe(false);
    } finally {
      folder.remove();
    }
  });
});

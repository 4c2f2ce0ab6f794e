// Faults of processes and clocks around a plan, through the built command.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, rmSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runContents } from '../support/run-folder.ts';

const program = fileURLToPath(new URL('../../bin/mastplan.js', import.meta.url));
const clockBack = new URL('../support/clock-back.mjs', import.meta.url).href;
const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
let work = '';
let expected: Record<string, string> = {};

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts a plan; `meanwhile` is asked every 2 ms until it says that it has done what it was to do. */
function plan(
  out: string,
  meanwhile: (kill: (signal: NodeJS.Signals) => void) => boolean = () => true,
  node: readonly string[] = [],
): Promise<Ended> {
  const args = [
    program,
    'plan',
    tiny,
    '--threads',
    '1',
    '--no-progress',
    '--quiet',
    '--out',
    join(work, out),
  ];
  const child = spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  let isDone = false;
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = setInterval(() => {
    isDone ||= meanwhile((signal) => void child.kill(signal));
  }, 2);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(timer);
      expect(isDone, 'the fault came too late').toBe(true);
      resolve({ code, stderr });
    }),
  );
}

const whole: Ended = { code: 0, stderr: '' };

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-faults-'));
  expect(await plan('whole')).toEqual(whole);
  expected = runContents(join(work, 'whole'));
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a plan', () => {
  it('writes the same whole folder when its own is removed while it runs', async () => {
    const out = join(work, 'removed');
    const ended = await plan('removed', () => {
      if (!existsSync(join(out, '.mastplan/checkpoint.log'))) return false;
      // Moved first: a folder that is being written into cannot be removed in one step.
      renameSync(out, `${out}-gone`);
      rmSync(`${out}-gone`, { recursive: true });
      return true;
    });
    expect(ended).toEqual(whole);
    expect(runContents(out)).toEqual(expected);
  });

  it('keeps a second run out of its folder: exit 4 at once, the first ends as ever', async () => {
    const out = join(work, 'shared');
    let second: Promise<Ended> | null = null;
    const first = await plan('shared', () => {
      if (!existsSync(join(out, '.mastplan/lock'))) return false;
      second = plan('shared');
      return true;
    });
    expect(first).toEqual(whole);
    const { code, stderr } = await second!;
    // On a busy machine the first may be done before the second looks: then the second replaces it whole.
    if (code !== 0) {
      expect(code).toBe(4);
      expect(stderr).toMatch(/^\S+ is in use by another run\. If no other run is going, delete \S+\n$/);
    }
    expect(runContents(out)).toEqual(expected);
  });

  it('asked to end while it writes, writes to the end: exit 143 and a whole folder', async () => {
    const staged = join(work, 'ended/.mastplan/stage/sites.geojson');
    const ended = await plan('ended', (kill) => {
      if (!existsSync(staged)) return false;
      kill('SIGTERM');
      return true;
    });
    expect(ended.code).toBe(143);
    expect(runContents(join(work, 'ended'))).toEqual(expected);
  });

  it('does not mind a clock that is set back while it runs', async () => {
    expect(await plan('back', undefined, ['--import', clockBack])).toEqual(whole);
    expect(runContents(join(work, 'back'))).toEqual(expected);
  });
});

describe('the streams of a command', () => {
  const toFull = (
    args: readonly string[],
    full: 'stdout' | 'stderr',
  ): { status: number | null; stderr: string } => {
    const device = openSync('/dev/full', 'w');
    try {
      const stdio =
        full === 'stdout' ? (['ignore', device, 'pipe'] as const) : (['ignore', 'pipe', device] as const);
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
        stdio: [...stdio],
        encoding: 'utf8',
      });
      return { status, stderr: stderr ?? '' };
    } finally {
      closeSync(device);
    }
  };

  it.skipIf(!existsSync('/dev/full'))(
    'on a full disk: output that is lost is exit 4, messages that are lost change nothing',
    () => {
      expect(toFull(['completion', 'bash'], 'stdout')).toEqual({
        status: 4,
        stderr: 'Standard output cannot be written (ENOSPC). Check that the disk it goes to has room.\n',
      });
      expect(toFull(['plan', 'nowhere.yaml', '--out', join(work, 'none')], 'stderr').status).toBe(2);
    },
  );

  it('closed by their reader change nothing', () => {
    const command = `{ "$0" "$1" completion bash; echo $? >&3; } 3>"$2" 2>&1 | true; cat "$2"`;
    const file = join(work, 'code');
    const { stdout } = spawnSync('/bin/sh', ['-c', command, process.execPath, program, file], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('0\n');
  });
});

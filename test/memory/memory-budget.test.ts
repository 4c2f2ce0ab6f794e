import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError, InputError } from '../../src/errors.ts';
import { MemoryAccount } from '../../src/memory/memory-account.ts';
import { controlGroupBytes, memoryBudget } from '../../src/memory/memory-budget.ts';
import { parseMemory, sizeText } from '../../src/memory/memory-size.ts';

const GB = 2 ** 30;

describe('a size of memory', () => {
  it.each([
    ['4G', 4 * GB],
    ['4GB', 4 * GB],
    ['1.5 GiB', 1.5 * GB],
    ['800m', 800 * 2 ** 20],
    ['6000000000', 6e9],
    ['2T', 2048 * GB],
    ['64k', 65_536],
  ])('%s', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes);
  });

  it.each(['', 'G', '-1G', '4 GX', '1e9', 'NaN', 'Infinity', '4G;', '9'.repeat(40), '0x10', '4,5G'])(
    '%s is none',
    (text) => {
      expect(parseMemory(text)).toBeNull();
    },
  );

  it('is shown as it is read', () => {
    expect([18.44 * GB, 310 * 2 ** 20, 123 * GB].map(sizeText)).toEqual(['18.4 GB', '310 MB', '123 GB']);
  });
});

describe('the memory budget', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mastplan-cgroup-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  it('is the one asked for', () => {
    expect(memoryBudget('2G', root)).toMatchObject({ bytes: 2 * GB, source: '--memory 2G' });
    expect(() => memoryBudget('lots', root)).toThrow('memory must be a size, got "lots". For example 4G.');
    expect(() => memoryBudget('4', root)).toThrow(InputError);
  });

  it('is by default 80 % of the machine, or of its control group where that grants less', () => {
    expect(memoryBudget(undefined, root).bytes).toBe(0.8 * totalmem());
    put('proc/self/cgroup', '0::/docker/abc\n');
    put('sys/fs/cgroup/docker/abc/memory.max', '1073741824\n');
    expect(memoryBudget(undefined, root)).toMatchObject({
      bytes: 0.8 * GB,
      source: '80 % of what its control group grants',
    });
  });

  it('takes the least limit of a group and the groups above it (version 2)', () => {
    put('proc/self/cgroup', '0::/user.slice/run.scope\n');
    put('sys/fs/cgroup/user.slice/run.scope/memory.max', 'max\n');
    expect(controlGroupBytes(root)).toBeNull();
    put('sys/fs/cgroup/user.slice/memory.max', '5000000000\n');
    put('sys/fs/cgroup/memory.max', '7000000000\n');
    expect(controlGroupBytes(root)).toBe(5e9);
  });

  it('finds the limit of a container that sees its own group as the root', () => {
    put('proc/self/cgroup', '0::/../../pod42\n');
    put('sys/fs/cgroup/memory.max', '3000000000\n');
    expect(controlGroupBytes(root)).toBe(3e9);
  });

  it('reads version 1', () => {
    put('proc/self/cgroup', '9:cpu,cpuacct:/job\n4:memory:/job\n0::/\n');
    put('sys/fs/cgroup/memory/job/memory.limit_in_bytes', '2147483648\n');
    put('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    expect(controlGroupBytes(root)).toBe(2 * GB);
  });

  it('is not put out by what is no number', () => {
    put('proc/self/cgroup', 'nonsense\n0::/a\n');
    put('sys/fs/cgroup/a/memory.max', 'many\n');
    put('sys/fs/cgroup/memory.max', '');
    expect(controlGroupBytes(root)).toBeNull();
  });
});

describe('the account of a run', () => {
  const budget = { bytes: 10 * GB, heapBytes: 4 * GB, source: '--memory 10G' };

  it('refuses what does not fit beside the rest, with the estimate and the option that helps', () => {
    const account = new MemoryAccount(budget);
    account.hold('users: 10', { arrays: 4 * GB, heap: GB }, '');
    const pairs = { arrays: 6 * GB, heap: 0 };
    expect(account.fits('coverage', pairs)).toBe(false);
    expect(() => account.hold('coverage: 500 pairs', pairs, 'Use fewer.')).toThrow(EnvironmentError);
    expect(() => account.hold('coverage: 500 pairs', pairs, 'Use fewer.')).toThrow(
      'Not enough memory: about 11 GB would be needed (coverage: 500 pairs: 6 GB), 10 GB may be used (--memory 10G). Use fewer.',
    );
  });

  it('counts a part once, however often it is told', () => {
    const account = new MemoryAccount(budget);
    for (const cells of [1, 2, 3, 4])
      account.hold(`users: ${cells}`, { arrays: 2 * cells * GB, heap: 0 }, '');
    expect(account.fits('coverage', { arrays: 2 * GB, heap: 0 })).toBe(true);
    expect(account.fits('coverage', { arrays: 2 * GB + 1, heap: 0 })).toBe(false);
  });

  it('says how Node is given more room for objects where only that is short', () => {
    const account = new MemoryAccount(budget);
    expect(() => account.hold('users: 9', { arrays: 0, heap: 5 * GB }, '')).toThrow(
      'Node grants its objects 4 GB (NODE_OPTIONS=--max-old-space-size=5120 raises that)',
    );
  });
});

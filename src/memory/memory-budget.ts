import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { InputError } from '../errors.ts';
import { parseMemory } from './memory-size.ts';

/** How much memory a run may use. */
export interface MemoryBudget {
  readonly bytes: number;
  /** Of these, what JavaScript objects may take (V8's own limit): arrays of numbers stand outside. */
  readonly heapBytes: number;
  /** Where the figure comes from, as a sentence goes on: `--memory 4G`, `80 % of what this machine has`. */
  readonly source: string;
}

/** Of a machine or container without a budget of its own: the rest is for its system and for what estimates miss. */
const DEFAULT_SHARE = 0.8;
/** Node itself and the program need as much before they read anything. */
const LEAST_BYTES = 2 ** 28;

/**
 * The budget asked for, else a share of the machine's memory or of what its control groups grant, whichever is less.
 * @throws InputError for a size that cannot be read or is too small for anything
 */
export function memoryBudget(asked?: string, root = '/'): MemoryBudget {
  const heapBytes = getHeapStatistics().heap_size_limit;
  if (asked !== undefined) {
    const bytes = parseMemory(asked);
    if (bytes === null || bytes < LEAST_BYTES) {
      const what = bytes === null ? 'must be a size' : 'must be at least 256M';
      throw new InputError(`memory ${what}, got "${asked}".`, {
        code: 'memory-value',
        hint: 'For example 4G.',
      });
    }
    return { bytes, heapBytes, source: `--memory ${asked}` };
  }
  const granted = controlGroupBytes(root);
  const total = totalmem();
  const percent = `${100 * DEFAULT_SHARE} %`;
  return granted !== null && granted < total
    ? { bytes: DEFAULT_SHARE * granted, heapBytes, source: `${percent} of what its control group grants` }
    : { bytes: DEFAULT_SHARE * total, heapBytes, source: `${percent} of what this machine has` };
}

/**
 * The least limit of the control groups that hold this process, null where none is set. Version 2: `memory.max` of every
 * group from its own up to the root (Linux admin guide, cgroup-v2); version 1: `memory.limit_in_bytes`. Inside a
 * container the path may name groups that cannot be seen: the visible root then is the container's own.
 *
 * @param root where `/proc` and `/sys` stand
 */
export function controlGroupBytes(root = '/'): number | null {
  const limits: number[] = [];
  for (const line of textOf(join(root, 'proc/self/cgroup')).split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const isSecond = controllers === '' && path !== '';
    if (!isSecond && !controllers.split(',').includes('memory')) continue;
    const base = join(root, isSecond ? 'sys/fs/cgroup' : 'sys/fs/cgroup/memory');
    const file = isSecond ? 'memory.max' : 'memory.limit_in_bytes';
    const steps = path.split('/').filter((step) => step !== '' && step !== '..');
    for (let depth = steps.length; depth >= 0; depth--) {
      const limit = Number(textOf(join(base, ...steps.slice(0, depth), file)).trim() || NaN);
      if (limit > 0) limits.push(limit);
    }
  }
  return limits.length === 0 ? null : Math.min(...limits);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const sharedRoot = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** Absolute path of a file beside the clone (data that may not be redistributed), or null where it is absent. */
export function sharedPath(relative: string): string | null {
  const path = sharedRoot + relative;
  return existsSync(path) ? path : null;
}

/** A suite on data beside the clone: left out, with the reason in its name, where the data is not there. */
export function describeShared(name: string, suite: () => void): void {
  if (existsSync(sharedRoot)) describe(name, suite);
  else describe.skip(`${name} [left out: ../shared is not beside the clone]`, suite);
}

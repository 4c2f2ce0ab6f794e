import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';

/** Absolute path of a program on PATH, or null. With REQUIRE_TOOLS=1 a missing one is an error. */
export function findTool(program: string): string | null {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  } catch {
    if (process.env['REQUIRE_TOOLS'] === '1') {
      throw new Error(`${program} is required (REQUIRE_TOOLS=1): run npm run setup:tools`);
    }
    return null;
  }
}

/** A suite that needs a program; left out, with the reason in its name, where it is missing. */
export function describeWithTool(program: string, name: string, suite: (path: string) => void): void {
  const path = findTool(program);
  if (path === null) describe.skip(`${name} [left out: ${program} is not installed]`, () => suite(program));
  else describe(name, () => suite(path));
}

import { createHash } from 'node:crypto';
import type { Scenario } from '../input/scenario-schema.ts';
import type { InputFileSummary } from '../input/types.ts';

/** What must be equal for a run to go on from another's checkpoint: then both take the same way, byte for byte. */
export interface RunIdentity {
  readonly mastplan: string;
  readonly node: string;
  readonly platform: string;
  /** SHA-256 of the scenario with every default; the number of threads may differ. */
  readonly scenario: string;
  readonly inputs: readonly { readonly file: string; readonly sha256: string }[];
}

export function identityOf(
  scenario: Scenario,
  inputs: readonly InputFileSummary[],
  software: Pick<RunIdentity, 'mastplan' | 'node' | 'platform'>,
): RunIdentity {
  const { solver, ...rest } = scenario;
  const { seed, effort, tiles, timeLimitS } = solver;
  const text = JSON.stringify({ ...rest, solver: { seed, effort, tiles, timeLimitS } });
  return {
    ...software,
    scenario: createHash('sha256').update(text).digest('hex'),
    inputs: inputs.map(({ file, sha256 }) => ({ file, sha256 })),
  };
}

/** What differs, as the end of a sentence about the checkpoint; null when nothing does. */
export function differenceOf(earlier: RunIdentity, now: RunIdentity): string | null {
  const software = (of: RunIdentity): string => `mastplan ${of.mastplan} on Node ${of.node} (${of.platform})`;
  if (software(earlier) !== software(now))
    return `was written by ${software(earlier)}, this is ${software(now)}`;
  if (earlier.scenario !== now.scenario) return 'belongs to another scenario (a key or a flag differs)';
  const changed = now.inputs.find(({ file, sha256 }, place) => {
    const before = earlier.inputs[place];
    return before?.file !== file || before.sha256 !== sha256;
  });
  if (changed !== undefined) return `belongs to other inputs: ${changed.file} has changed`;
  return earlier.inputs.length === now.inputs.length
    ? null
    : 'belongs to other inputs: one file fewer is read now';
}

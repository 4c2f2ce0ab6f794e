import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Findings } from '../../src/input/findings.ts';
import type { FeatureRow } from '../../src/input/stream/feature-row.ts';
import type { FieldSpec } from '../../src/input/stream/fields.ts';
import type { FeatureFileFacts } from '../../src/input/stream/read-features.ts';
import { readFeatures } from '../../src/input/stream/read-features.ts';

export interface ReadRows {
  readonly rows: FeatureRow[];
  readonly facts: FeatureFileFacts;
  readonly findings: Findings;
}

/** Reads a file's features into copies of their rows. */
export async function readRows(
  path: string,
  fields: readonly FieldSpec[],
  options: { readonly fastPoints?: boolean } = {},
): Promise<ReadRows> {
  const findings = new Findings(1000);
  const rows: FeatureRow[] = [];
  const facts = await readFeatures(path, {
    file: 'file',
    fields,
    findings,
    onRow: (row) => rows.push({ ...row, values: row.values.slice(0, fields.length) }),
    ...options,
  });
  return { rows, facts, findings };
}

/** A folder for one test file's inputs; `remove` when done. */
export function scratchFolder(): {
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
  path: string;
} {
  const path = mkdtempSync(join(tmpdir(), 'mastplan-input-'));
  return {
    path,
    write: (name, content) => {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file of a run but run.json, the one that may differ; folders (`.mastplan`) by name. */
export function runContents(dir: string): Record<string, string> {
  const entries = readdirSync(dir, { withFileTypes: true }).filter(({ name }) => name !== 'run.json');
  return Object.fromEntries(
    entries
      .map(
        (entry) =>
          [entry.name, entry.isFile() ? readFileSync(join(dir, entry.name), 'latin1') : 'folder'] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

// The commands of the documentation are run as they stand, page by page, so that the pages cannot go stale.
import { DuckDBInstance } from '@duckdb/node-api';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from './support/tools.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const RUN_PAGES = [
  'docs/tutorial-helsinki.md',
  'docs/your-own-data.md',
  'docs/gis-recipes.md',
  ...readdirSync(join(root, 'docs/formats'), { encoding: 'utf8' }).map((name) => `docs/formats/${name}`),
];
/** Languages of blocks that are run; other blocks show files or output. */
const BLOCK = /^```(sh|sql)(?: ([\w-]+))?\n([\s\S]*?)^```$/gm;

interface Block {
  readonly language: string;
  /** A program the block needs, `duckdb`, or `not-run`. */
  readonly needs: string | undefined;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, language, needs, body]) => ({
    language: language!,
    needs,
    text: body!,
  }));
}

const folders: string[] = [];
let bin = '';
/**
 * `mastplan` as a reader has it on the path. Plans are cut short: two seconds of search show that a command works, and no
 * page promises a figure of a search that long.
 */
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'mastplan-docs-bin-'));
  folders.push(bin);
  const script = `#!/bin/sh
if [ "$1" = plan ]; then set -- "$@" --time-limit 2 --no-progress; fi
exec "${process.execPath}" "${join(root, 'bin/mastplan.js')}" "$@"
`;
  writeFileSync(join(bin, 'mastplan'), script);
  chmodSync(join(bin, 'mastplan'), 0o755);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function runShell(text: string, cwd: string): void {
  // A plan that a limit cut may miss a target: exit 3 is a result. Everything else must succeed.
  const steps = `set -eu\n${text.replace(/^(mastplan plan .*)$/gm, '$1 || [ $? -eq 3 ]')}`;
  execFileSync('/bin/sh', ['-c', steps], {
    cwd,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function runSql(text: string, cwd: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    text.replace(/'((?:out\/)?[\w-]+\.parquet)'/g, `'${cwd}/$1'`),
  );
  expect(result.getRows().length).toBeGreaterThan(0);
  connection.closeSync();
  instance.closeSync();
}

describe('the commands of', () => {
  it.each(RUN_PAGES)(
    '%s',
    async (page) => {
      const cwd = mkdtempSync(join(tmpdir(), 'mastplan-docs-'));
      folders.push(cwd);
      // A copy: a scenario may not lead out of its folder, and a link would.
      cpSync(join(root, 'data'), join(cwd, 'data'), { recursive: true });
      const blocks = blocksOf(page);
      expect(blocks.length).toBeGreaterThan(0);
      for (const { language, needs, text } of blocks) {
        if (needs === 'not-run') continue;
        if (language === 'sql') await runSql(text, cwd);
        else if (needs === undefined || findTool(needs) !== null) runShell(text, cwd);
      }
    },
    600_000,
  );
});

describe('the pages', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'data/README.md'].concat(
    readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.startsWith('api'))
      .map((name) => `docs/${name}`),
  );

  it.each(pages)('%s links only to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      expect(existsSync(join(root, dirname(page), target!)), target).toBe(true);
    }
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, target] of text.matchAll(/\]\(([^)#\s]+\.md)(?:#[^)\s]*)?\)/g)) {
        if (!/^[a-z]+:/.test(target!)) reached.add(join(dirname(page), target!));
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});

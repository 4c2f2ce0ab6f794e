import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { resolveFlags } from '../../src/input/flags.ts';
import { refuseOutside } from '../../src/input/outside-paths.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { runMain } from '../support/run-main.ts';

let root = '';
let secret = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mastplan-outside-')));
  for (const folder of ['given/data', 'elsewhere']) mkdirSync(join(root, folder), { recursive: true });
  secret = join(root, 'elsewhere/secret.csv');
  writeFileSync(secret, 'lon,lat,users\n25,60,1\n');
  writeFileSync(join(root, 'given/data/users.csv'), 'lon,lat,users\n25,60,1\n');
  symlinkSync(secret, join(root, 'given/link.csv'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'given/folder'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function scenario(demand: string): string {
  const path = join(root, 'given/scenario.yaml');
  writeFileSync(path, JSON.stringify({ demand: { file: demand } }));
  return path;
}
const check = async (demand: string): Promise<void> => refuseOutside(await readScenario(scenario(demand)));

describe('the files a scenario names', () => {
  it.each(['data/users.csv', './data/../data/users.csv', 'not-there.csv', '..data.csv'])(
    'may stand in its folder: %s',
    async (path) => {
      await check(path);
    },
  );

  it('may stand in its folder where that is a link within the current folder', async () => {
    scenario('data/users.csv');
    symlinkSync(join(root, 'given'), join(root, 'elsewhere/linked'));
    const current = vi.spyOn(process, 'cwd').mockReturnValue(join(root, 'elsewhere'));
    try {
      await refuseOutside(await readScenario(join(root, 'elsewhere/linked/scenario.yaml')));
      scenario('../elsewhere/../../not-there.csv');
      await expect(
        refuseOutside(await readScenario(join(root, 'elsewhere/linked/scenario.yaml'))),
      ).rejects.toThrow('lies outside');
    } finally {
      current.mockRestore();
    }
  });

  it.each([
    ['by dots', () => '../elsewhere/secret.csv'],
    ['by dots from within', () => 'data/../../elsewhere/secret.csv'],
    ['by an absolute path', () => secret],
    ['through a linked file', () => 'link.csv'],
    ['through a linked folder', () => 'folder/secret.csv'],
    ['and do not exist', () => '../../../../../../../../not/there.csv'],
  ])('are refused where they lead out of it %s', async (_, path) => {
    await expect(check(path())).rejects.toThrow(
      `"${path()}" lies outside the scenario's folder. Give --allow-outside if you trust this scenario.`,
    );
  });

  it('may be named by the user in a flag, wherever they are', async () => {
    const overrides = resolveFlags({ demand: secret });
    await refuseOutside(await readScenario(scenario('data/users.csv'), overrides), overrides);
    const typed = resolveFlags({ demand: relative(process.cwd(), secret) });
    await refuseOutside(await readScenario(scenario('data/users.csv'), typed), typed);
    await refuseOutside(await readScenario(null, overrides), overrides);
  });

  it('are told by plan, predict and validate: exit 2; --allow-outside reads them', async () => {
    const path = scenario('../elsewhere/secret.csv');
    const out = ['--out', join(root, 'out'), '--threads', '1', '--quiet'];
    for (const args of [
      ['plan', path, ...out],
      ['predict', path, ...out],
      ['validate', path],
    ]) {
      const run = await runMain(args);
      expect(run.exitCode).toBe(2);
      expect(run.stdout + run.stderr).toContain("lies outside the scenario's folder");
    }
    expect((await runMain(['validate', '--allow-outside', path])).exitCode).toBe(0);
  });
});

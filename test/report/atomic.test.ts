import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError, InputError } from '../../src/errors.ts';
import { openOutput, writeFileAtomic } from '../../src/report/atomic.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-atomic-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const mayWrite = ['a.txt', 'b.txt', 'report.json'];
const reportNaming = (files: string[]): string =>
  JSON.stringify({ format: 'mastplan-report', version: 1, files });

async function writeRun(dir: string, files: Record<string, string>): Promise<string[]> {
  const output = await openOutput(dir, { mayWrite });
  for (const [name, content] of Object.entries(files)) await output.stage(name, content);
  await output.stage('report.json', reportNaming(Object.keys(files)));
  const names = await output.commit();
  await output.close();
  return names;
}

describe('the output folder', () => {
  it('shows nothing until commit, writes report.json last and leaves no state behind', async () => {
    const out = join(root, 'deep', 'out');
    const output = await openOutput(out, { mayWrite });
    await output.stage('a.txt', ['first ', 'second\n']);
    expect(readdirSync(out)).toEqual(['.mastplan']);
    await output.stage('report.json', reportNaming(['a.txt']));
    expect(await output.commit()).toEqual(['a.txt', 'report.json']);
    await output.close();
    expect(readdirSync(out).sort()).toEqual(['a.txt', 'report.json']);
    expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('first second\n');
  });

  it('replaces the files of the earlier run, removes those it no longer writes and leaves notes of others alone', async () => {
    const out = join(root, 'out');
    await writeRun(out, { 'a.txt': 'old', 'b.txt': 'old' });
    writeFileSync(join(out, 'notes.md'), 'mine');
    await writeRun(out, { 'a.txt': 'new' });
    expect(readdirSync(out).sort()).toEqual(['a.txt', 'notes.md', 'report.json']);
    expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('new');
  });

  it('refuses a folder with files of others, and takes it with force without deleting them', async () => {
    writeFileSync(join(root, 'thesis.doc'), 'mine');
    await expect(openOutput(root, { mayWrite })).rejects.toThrow(InputError);
    await expect(openOutput(root, { mayWrite })).rejects.toThrow('thesis.doc');
    expect(readdirSync(root)).toEqual(['thesis.doc']);
    const output = await openOutput(root, { mayWrite, force: true });
    await output.stage('a.txt', 'a');
    await output.commit();
    await output.close();
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'thesis.doc']);
  });

  it('refuses to replace a file of the same name that the report there does not name', async () => {
    const out = join(root, 'out');
    await writeRun(out, { 'a.txt': 'old' });
    writeFileSync(join(out, 'b.txt'), 'mine');
    await expect(openOutput(out, { mayWrite })).rejects.toThrow('b.txt');
  });

  it('never follows a tampered report.json out of the folder', async () => {
    const out = join(root, 'out');
    mkdirSync(out);
    writeFileSync(join(root, 'precious.txt'), 'keep');
    writeFileSync(join(out, 'report.json'), reportNaming(['../precious.txt', '..', '.mastplan']));
    await writeRun(out, { 'a.txt': 'a' });
    expect(readFileSync(join(root, 'precious.txt'), 'utf8')).toBe('keep');
  });

  it('is locked while a run holds it, and a lock of a process that is gone is taken over', async () => {
    const out = join(root, 'out');
    const first = await openOutput(out, { mayWrite });
    await expect(openOutput(out, { mayWrite })).rejects.toThrow(EnvironmentError);
    await first.close();
    mkdirSync(join(out, '.mastplan'), { recursive: true });
    writeFileSync(join(out, '.mastplan', 'lock'), '{"pid":');
    const second = await openOutput(out, { mayWrite });
    await second.close();
  });

  it('takes over the lock of a process whose number another process has now', async () => {
    const out = join(root, 'out');
    mkdirSync(join(out, '.mastplan'), { recursive: true });
    // Containers start every run with the same number: what tells them apart is when it started.
    const lock = { pid: process.pid, host: hostname(), started: '1' };
    writeFileSync(join(out, '.mastplan', 'lock'), JSON.stringify(lock));
    const taken = await openOutput(out, { mayWrite });
    await taken.close();
    mkdirSync(join(out, '.mastplan'), { recursive: true });
    writeFileSync(join(out, '.mastplan', 'lock'), JSON.stringify({ ...lock, host: 'another.host' }));
    await expect(openOutput(out, { mayWrite })).rejects.toThrow('is in use by another run');
  });

  it('is given to one of many that find a stale lock at once', async () => {
    const out = join(root, 'out');
    mkdirSync(join(out, '.mastplan'), { recursive: true });
    writeFileSync(join(out, '.mastplan', 'lock'), 'stale');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openOutput(out, { mayWrite })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes its own files back after a run that ended in the middle of moving them', async () => {
    const out = join(root, 'out');
    await writeRun(out, { 'a.txt': 'old' });
    const output = await openOutput(out, { mayWrite });
    await output.stage('b.txt', 'new');
    await output.stage('report.json', reportNaming(['b.txt']));
    // Without its staged file the last rename fails: the folder is left as by a process that ends before it.
    rmSync(join(out, '.mastplan', 'stage', 'report.json'));
    await expect(output.commit()).rejects.toThrow(EnvironmentError);
    await output.close({ keepState: true });
    expect(existsSync(join(out, 'report.json'))).toBe(false);
    expect(existsSync(join(out, 'b.txt'))).toBe(true);
    await writeRun(out, { 'b.txt': 'again' });
    expect(readdirSync(out).sort()).toEqual(['b.txt', 'report.json']);
  });

  it('is made again when it was removed while the run was going', async () => {
    const out = join(root, 'out');
    const output = await openOutput(out, { mayWrite });
    rmSync(out, { recursive: true });
    await output.stage('a.txt', 'a');
    await output.stage('report.json', reportNaming(['a.txt']));
    await output.commit();
    await output.close();
    expect(readdirSync(out).sort()).toEqual(['a.txt', 'report.json']);
  });

  it('is not written when another run has taken it meanwhile', async () => {
    const out = join(root, 'out');
    const first = await openOutput(out, { mayWrite });
    rmSync(out, { recursive: true });
    const second = await openOutput(out, { mayWrite });
    await expect(first.stage('a.txt', 'a')).rejects.toThrow('is in use by another run');
    await first.close();
    await second.stage('b.txt', 'b');
    await second.commit();
    await second.close();
    expect(readdirSync(out)).toEqual(['b.txt']);
  });

  it('leaves no folder behind when a run fails before it wrote anything', async () => {
    const output = await openOutput(join(root, 'deep', 'out'), { mayWrite });
    await output.stage('a.txt', 'a');
    await output.close();
    expect(existsSync(join(root, 'deep'))).toBe(false);
  });

  it('keeps its state after an interruption', async () => {
    const output = await openOutput(join(root, 'out'), { mayWrite });
    await writeFileAtomic(join(output.stateDir, 'checkpoint.json'), '{}\n', 0o600);
    await output.close({ keepState: true });
    expect(readdirSync(join(root, 'out', '.mastplan'))).toContain('checkpoint.json');
    expect(existsSync(join(root, 'out', '.mastplan', 'lock'))).toBe(false);
  });

  it('says in one sentence that a path is a file or cannot be written', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(openOutput(file, { mayWrite })).rejects.toThrow('is not a folder');
    await expect(openOutput(join(file, 'below'), { mayWrite })).rejects.toThrow(
      /cannot be written \(ENOTDIR\)/,
    );
  });
});

describe('writeFileAtomic', () => {
  it('writes for the owner only when asked and leaves no temporary file', async () => {
    await writeFileAtomic(join(root, 'instance.json'), ['{', '}\n'], 0o600);
    expect(statSync(join(root, 'instance.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(root)).toEqual(['instance.json']);
  });
});

import { Command, Option } from 'commander';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/cli/completion-command.ts';
import { describeWithTool } from '../support/tools.ts';

function program(): Command {
  return new Command('mastplan')
    .addCommand(
      new Command('plan')
        .description("Plan: it's the main job")
        .option('--out <dir>', 'folder')
        .addOption(new Option('--lang <language>', 'language').choices(['en', 'zh'])),
    )
    .addCommand(new Command('solve').description('Solve').option('--json', 'as JSON'));
}

describe('completion scripts', () => {
  it.each(['bash', 'zsh', 'fish'] as const)('name every command and option: %s', (shell) => {
    const script = completionScript(program(), shell);
    for (const word of ['plan', 'solve', 'out', 'lang', 'json']) expect(script).toContain(word);
    expect(script.endsWith('\n')).toBe(true);
  });
});

describeWithTool('bash', 'completion in bash', (bash) => {
  const complete = (...words: string[]): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'mastplan-completion-'));
    try {
      const script = join(folder, 'completion.bash');
      writeFileSync(script, completionScript(program(), 'bash'));
      const list = words.map((word) => `'${word}'`).join(' ');
      const call = `source '${script}'; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _mastplan; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync(bash, ['-c', call], { encoding: 'utf8' }).trim().split('\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  it('offers commands, then options of the command, then values of the option', () => {
    expect(complete('mastplan', 'p')).toEqual(['plan']);
    expect(complete('mastplan', 'plan', '--')).toEqual(['--out', '--lang', '--help']);
    expect(complete('mastplan', 'plan', '--lang', '')).toEqual(['en', 'zh']);
  });
});

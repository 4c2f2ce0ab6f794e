import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  let nowS = 0;
  const progress = createProgress({
    enabled: true,
    stream: { isTTY, columns: 60, write: (text: string) => written.push(text) },
    nowS: () => nowS,
  });
  return { written, progress, at: (seconds: number) => (nowS = seconds) };
}

describe('progress lines', () => {
  it('says the time left from the share done: a quarter in 10 s leaves 30 s', () => {
    const { written, progress, at } = recorder(false);
    progress.report({ stage: 'read', fraction: 0 });
    at(10);
    progress.report({ stage: 'read', fraction: 0.25, message: '5 000 features' });
    expect(written.at(-1)).toBe('read       #####...............  25 %  30 s left  5 000 features\n');
  });

  it('says nothing of what is done within the delay, and counts the time left from the start', () => {
    const written: string[] = [];
    let nowS = 0;
    const stream = { isTTY: false, write: (text: string) => written.push(text) };
    const progress = createProgress({ enabled: true, stream, delayS: 1, nowS: () => nowS });
    progress.report({ stage: 'read', fraction: 0 });
    nowS = 0.9;
    progress.report({ stage: 'read', fraction: 0.1 });
    expect(written).toEqual([]);
    nowS = 2;
    progress.report({ stage: 'read', fraction: 0.2 });
    expect(written).toEqual(['read       ####................  20 %  8 s left\n']);
  });

  it('prints plain lines to a log: every stage, then one in five seconds', () => {
    const { written, progress, at } = recorder(false);
    progress.report({ stage: 'read' });
    at(1);
    progress.report({ stage: 'read' });
    at(2);
    progress.report({ stage: 'solve' });
    at(8);
    progress.report({ stage: 'solve' });
    expect(written).toHaveLength(3);
    expect(written.join('')).not.toContain('\r');
  });

  it('rewrites one line on a terminal and clears it at the end; hostile text cannot move the cursor', () => {
    const { written, progress } = recorder(true);
    progress.report({ stage: 'solve', message: 'name \u001b[2J\u0007' });
    progress.end();
    progress.report({ stage: 'late' });
    expect(written).toHaveLength(2);
    expect(written[0]!.slice('\r\u001b[K'.length)).not.toContain('\u001b');
    expect(written[1]).toBe('\r\u001b[K');
  });

  it('writes nothing when switched off', () => {
    const written: string[] = [];
    const progress = createProgress({ enabled: false, stream: { write: (text) => written.push(text) } });
    progress.report({ stage: 'read' });
    progress.end();
    expect(written).toEqual([]);
  });
});

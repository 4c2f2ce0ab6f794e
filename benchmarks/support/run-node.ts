import { spawn } from 'node:child_process';

const hook = new URL('./report-usage.mjs', import.meta.url).href;

export interface NodeRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallS: number;
  /** Of the whole process, its threads included. */
  readonly cpuS: number;
  readonly peakBytes: number;
}

/** Runs a Node program to its end; wall and CPU seconds and the peak of its resident memory as the kernel counts them. */
export function runNode(args: readonly string[]): Promise<NodeRun> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', hook, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', ''];
  [child.stdout, child.stderr, child.stdio[3]].forEach((stream, at) => {
    stream?.on('data', (chunk: Buffer) => (texts[at] += chunk.toString()));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      const [stdout = '', stderr = '', usage = ''] = texts;
      const { peakBytes = NaN, cpuS = NaN } = usage === '' ? {} : (JSON.parse(usage) as Partial<NodeRun>);
      resolve({ exitCode, stdout, stderr, wallS: (performance.now() - started) / 1000, cpuS, peakBytes });
    });
  });
}

let emptyBytes: Promise<number> | null = null;

/** Peak resident memory of a Node process that does nothing: what a program's own memory is counted from. */
export function emptyNodeBytes(): Promise<number> {
  emptyBytes ??= runNode(['-e', '']).then(({ peakBytes }) => peakBytes);
  return emptyBytes;
}

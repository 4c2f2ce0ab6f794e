import { main } from '../../src/cli/main.ts';
import type { CliResult } from './run-cli.ts';

/** Runs a command line in this process: what is said is kept, the exit code is that of the command. */
export async function runMain(args: readonly string[]): Promise<CliResult> {
  const said = { stdout: '', stderr: '' };
  const before = process.exitCode;
  process.exitCode = undefined;
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = ((text: string, ...rest: unknown[]) => {
      said[name] += text;
      const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof stream.write;
    return () => (stream.write = write);
  });
  try {
    const exitCode = await main(args);
    return { exitCode, ...said };
  } finally {
    for (const again of restore) again();
    process.exitCode = before;
  }
}

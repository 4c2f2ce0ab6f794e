import { InterruptedError } from '../errors.ts';

/** The conventional exit code of a process ended by a signal: 128 + its number. */
const EXIT_CODE = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came, else null. */
  exitCode(): number | null;
}

/**
 * Runs `work` with a signal that Ctrl-C or SIGTERM aborts, so that the best plan so far can be written; `ending` tells
 * the user what happens now. A second signal ends the process at once.
 * @throws InterruptedError when the signal ended `work` before it had anything to write.
 */
export async function withInterrupt<T>(
  work: (interrupt: Interrupt) => Promise<T>,
  ending = 'writing the best plan so far',
): Promise<T> {
  const controller = new AbortController();
  let code: number | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    const wanted = name === 'SIGTERM' ? EXIT_CODE.SIGTERM : EXIT_CODE.SIGINT;
    if (code !== null) process.exit(wanted);
    code = wanted;
    process.stderr.write(`\nInterrupted: ${ending}. Press Ctrl-C again to end at once.\n`);
    controller.abort(new Error(name));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work({ signal: controller.signal, exitCode: () => code });
  } catch (error) {
    throw endedBy(error, controller.signal) ? new InterruptedError(code ?? EXIT_CODE.SIGINT) : error;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** Whether an error is how work reports that the signal ended it. */
function endedBy(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

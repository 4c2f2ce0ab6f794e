/** The conventional exit code of a process ended by a signal: 128 + its number. */
const EXIT_CODE = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came, else null. */
  exitCode(): number | null;
}

/**
 * Runs `work` with a signal that Ctrl-C or SIGTERM aborts, so that the best plan so far can be written. A second
 * signal ends the process at once.
 */
export async function withInterrupt<T>(work: (interrupt: Interrupt) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let code: number | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    const wanted = name === 'SIGTERM' ? EXIT_CODE.SIGTERM : EXIT_CODE.SIGINT;
    if (code !== null) process.exit(wanted);
    code = wanted;
    process.stderr.write('\nInterrupted: writing the best plan so far. Press Ctrl-C again to end at once.\n');
    controller.abort(new Error(name));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work({ signal: controller.signal, exitCode: () => code });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

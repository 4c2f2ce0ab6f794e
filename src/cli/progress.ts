import type { ProgressEvent, ProgressListener } from '../progress.ts';
import { terminalText } from '../report/terminal-text.ts';

export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly enabled: boolean;
  readonly stream: ProgressStream;
  /** Show nothing before this: what is done at once needs no bar. */
  readonly delayS?: number | undefined;
  /** Said at the end of every line, for example how many workers take part. */
  readonly note?: (() => string) | undefined;
  /** Monotonic seconds; injected by tests. */
  readonly nowS?: (() => number) | undefined;
}

export interface Progress {
  readonly report: ProgressListener;
  /** Shows the last line again: its note may have changed. */
  refresh(): void;
  /** Leaves a clean line; nothing is shown after it. */
  end(): void;
}

/** Least seconds between two lines: often enough to feel alive on a terminal, seldom enough for a log file. */
const TTY_INTERVAL_S = 0.1;
const LOG_INTERVAL_S = 5;
const BAR_WIDTH = 20;
const DEFAULT_COLUMNS = 80;

/**
 * One line on stderr that says stage, share done, what is happening and the time left. On a terminal it is rewritten
 * in place; elsewhere every new stage and then at most one line in five seconds are printed.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { stream, delayS = 0, note = () => '', nowS = () => performance.now() / 1000 } = options;
  const onTerminal = stream.isTTY === true;
  const intervalS = onTerminal ? TTY_INTERVAL_S : LOG_INTERVAL_S;
  let stage = '';
  let stageStartS = 0;
  let shownAtS = -Infinity;
  let startS = NaN;
  let open = options.enabled;
  let lineShown = false;
  let last: ProgressEvent | null = null;

  const show = (event: ProgressEvent, elapsedS: number): void => {
    const line = [progressLine(event, elapsedS), note()].filter((part) => part !== '').join('  ');
    if (onTerminal) {
      const columns = (stream.columns ?? DEFAULT_COLUMNS) - 1;
      stream.write(`\r\u001b[K${terminalText(line, columns)}`);
      lineShown = true;
    } else stream.write(`${terminalText(line, 200)}\n`);
  };

  const report: ProgressListener = (event) => {
    if (!open) return;
    const now = nowS();
    if (Number.isNaN(startS)) startS = now;
    if (event.stage !== stage) {
      stage = event.stage;
      stageStartS = now;
      shownAtS = -Infinity;
    }
    last = event;
    if (now - startS < delayS || now - shownAtS < intervalS) return;
    shownAtS = now;
    show(event, now - stageStartS);
  };

  return {
    report,
    refresh: () => {
      if (last !== null) report(last);
    },
    end: () => {
      if (open && lineShown) stream.write('\r\u001b[K');
      open = false;
    },
  };
}

function progressLine({ stage, fraction, message }: ProgressEvent, elapsedS: number): string {
  const parts = [stage.padEnd(9)];
  if (fraction !== undefined) {
    const done = Math.min(1, Math.max(0, fraction));
    const filled = Math.round(done * BAR_WIDTH);
    parts.push(
      `${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(done * 100)).padStart(3)} %`,
    );
    if (done > 0.02 && done < 1 && elapsedS > 1)
      parts.push(`${duration((elapsedS * (1 - done)) / done)} left`);
  }
  if (message !== undefined) parts.push(message);
  return parts.join('  ').trimEnd();
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}

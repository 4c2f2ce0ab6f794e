import { Command, CommanderError } from 'commander';
import { EnvironmentError, InputError, InterruptedError, formatFinding } from '../errors.ts';
import { sanitizeForTerminal } from '../report/terminal-text.ts';
import { version } from '../version.ts';
import { assessCommand } from './assess-command.ts';
import { calibrateCommand } from './calibrate-command.ts';
import { compareCommand } from './compare-command.ts';
import { completionCommand } from './completion-command.ts';
import { convertCommand } from './convert-command.ts';
import { compileSparingly } from './engine.ts';
import { historyCommand } from './history-command.ts';
import { linkCommand } from './link-command.ts';
import { planCommand } from './plan-command.ts';
import { predictCommand } from './predict-command.ts';
import { solveCommand } from './solve-command.ts';
import { statusCommand } from './status-command.ts';
import { tuneCommand } from './tune-command.ts';
import { validateCommand } from './validate-command.ts';
import { workerCommand } from './worker-command.ts';

/** Exit codes of design section 2. */
export const EXIT_OK = 0;
export const EXIT_DEFECT = 1;
export const EXIT_BAD_INPUT = 2;
export const EXIT_ENVIRONMENT = 4;

/** The whole program; every command is a thin shell over a library function. */
export function createProgram(): Command {
  return new Command('mastplan')
    .description('Decides where the next radio sites go, and proves how far the plan can be from the best.')
    .version(version)
    .showHelpAfterError('(see --help)')
    .addCommand(planCommand())
    .addCommand(solveCommand())
    .addCommand(calibrateCommand())
    .addCommand(predictCommand())
    .addCommand(tuneCommand())
    .addCommand(linkCommand())
    .addCommand(assessCommand())
    .addCommand(historyCommand())
    .addCommand(compareCommand())
    .addCommand(validateCommand())
    .addCommand(convertCommand())
    .addCommand(workerCommand())
    .addCommand(statusCommand())
    .addCommand(completionCommand());
}

/** Runs one command line and returns the exit code; errors become one sentence each on stderr. */
export async function main(args: readonly string[]): Promise<number> {
  compileSparingly();
  const output = watchOutput();
  const program = createProgram();
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(args, { from: 'user' });
    await output.written();
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT_OK;
  } catch (error) {
    return reportError(error);
  } finally {
    output.end();
  }
}

/**
 * A reader that has seen enough (`| head`) ends nothing: files are written and locks given back as ever. Standard output on
 * a full disk is a failure like any other; where messages cannot be written, nobody can be told.
 */
function watchOutput(): { written(): Promise<void>; end(): void } {
  let failure: NodeJS.ErrnoException | null = null;
  const onStdout = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') failure ??= error;
  };
  process.stdout.on('error', onStdout);
  // Stays to the end of the process: what was said last may fail after the command is done.
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  return {
    written: async () => {
      await new Promise<void>((done) => process.stdout.write('', () => done()));
      if (failure === null) return;
      throw new EnvironmentError(`Standard output cannot be written (${failure.code ?? failure.message}).`, {
        code: 'stdout-not-writable',
        hint: 'Check that the disk it goes to has room.',
        cause: failure,
      });
    },
    end: () => process.stdout.off('error', onStdout),
  };
}

function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_BAD_INPUT;
  if (error instanceof InputError) {
    for (const finding of error.findings) say(formatFinding(finding));
    return EXIT_BAD_INPUT;
  }
  if (error instanceof InterruptedError) {
    say(error.message);
    return error.exitCode;
  }
  if (error instanceof EnvironmentError) {
    say(error.message);
    return EXIT_ENVIRONMENT;
  }
  if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message)) {
    say(`Not enough memory (${error.message}). Plan a smaller area, fewer candidates or a coarser grid.`);
    return EXIT_ENVIRONMENT;
  }
  if (error instanceof Error && isEnvironmentFailure(error)) {
    say(`The environment failed: ${error.message}.`);
    return EXIT_ENVIRONMENT;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`This is a defect in mastplan; please report it with the lines below.\n${stack}`);
  return EXIT_DEFECT;
}

/** What V8 says when the system refuses memory for an array or a WebAssembly module. */
const OUT_OF_MEMORY = /array buffer allocation failed|could not allocate memory/i;
const ENVIRONMENT_CODES = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'EIO']);

function isEnvironmentFailure(error: NodeJS.ErrnoException): boolean {
  return error.code !== undefined && ENVIRONMENT_CODES.has(error.code);
}

function say(text: string): void {
  process.stderr.write(`${sanitizeForTerminal(text)}\n`);
}

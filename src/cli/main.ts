import { Command, CommanderError } from 'commander';
import { EnvironmentError, InputError, InterruptedError, formatFinding } from '../errors.ts';
import { sanitizeForTerminal } from '../report/terminal-text.ts';
import { version } from '../version.ts';
import { compileSparingly } from './engine.ts';

/** Exit codes of design section 2. */
export const EXIT_OK = 0;
export const EXIT_DEFECT = 1;
export const EXIT_BAD_INPUT = 2;
export const EXIT_ENVIRONMENT = 4;

/** Every command is a thin shell over a library function; a run loads its own alone, which halves what an empty run takes. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  plan: async () => (await import('./plan-command.ts')).planCommand(),
  solve: async () => (await import('./solve-command.ts')).solveCommand(),
  calibrate: async () => (await import('./calibrate-command.ts')).calibrateCommand(),
  predict: async () => (await import('./predict-command.ts')).predictCommand(),
  tune: async () => (await import('./tune-command.ts')).tuneCommand(),
  link: async () => (await import('./link-command.ts')).linkCommand(),
  assess: async () => (await import('./assess-command.ts')).assessCommand(),
  history: async () => (await import('./history-command.ts')).historyCommand(),
  compare: async () => (await import('./compare-command.ts')).compareCommand(),
  validate: async () => (await import('./validate-command.ts')).validateCommand(),
  convert: async () => (await import('./convert-command.ts')).convertCommand(),
  worker: async () => (await import('./worker-command.ts')).workerCommand(),
  status: async () => (await import('./status-command.ts')).statusCommand(),
  completion: async () => (await import('./completion-command.ts')).completionCommand(),
};

/** The program with the command asked for; with all of them where their list is wanted or the name is none of them. */
async function createProgram(asked: string | undefined): Promise<Command> {
  const program = new Command('mastplan')
    .description('Decides where the next radio sites go, and proves how far the plan can be from the best.')
    .version(version)
    .showHelpAfterError('(see --help)');
  const one = asked === undefined || asked === 'completion' ? undefined : COMMANDS[asked];
  const loaders = one === undefined ? Object.values(COMMANDS) : [one];
  for (const command of await Promise.all(loaders.map((load) => load()))) program.addCommand(command);
  return program;
}

/** Runs one command line and returns the exit code; errors become one sentence each on stderr. */
export async function main(args: readonly string[]): Promise<number> {
  compileSparingly();
  const output = watchOutput();
  try {
    const program = await createProgram(args[0]);
    for (const command of [program, ...program.commands]) command.exitOverride();
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

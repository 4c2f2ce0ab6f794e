import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../errors.ts';
import { shareFraction } from '../fraction.ts';
import { tileChoiceOf } from '../input/flags.ts';
import { readPairsOrPoints, type InstanceOptions } from '../input/instance/read-instance.ts';
import { INSTANCE_FORMATS, type InstanceFormat } from '../input/instance/tell-format.ts';
import { readReplay } from '../input/instance/replay-file.ts';
import { readStartPlan, sitesOfIds } from '../input/instance/start-plan.ts';
import { holdLittleHeap } from './engine.ts';
import { solveNeed, solverNeed } from '../memory/estimates.ts';
import { holdSolver, openAccount } from '../memory/memory-account.ts';
import { MOST_THREADS } from '../input/schema/solver.ts';
import { writeFileAtomic } from '../report/atomic.ts';
import {
  answerJson,
  answerText,
  curveJson,
  curveText,
  explanationJson,
  traceJson,
} from '../report/instance-answer.ts';
import { instanceJson } from '../report/instance-writer.ts';
import { jsonText } from '../report/json-text.ts';
import { freeMps } from '../report/mps-writer.ts';
import { explainPlan, explanationHolds } from '../solve/explain.ts';
import type { CoveringProblem, Fraction } from '../solve/problem.ts';
import type { Effort, TileChoice } from '../solve/solution.ts';
import {
  solveCurve,
  solveProblem,
  type InstanceAnswer,
  type SolveInstanceOptions,
  type StartPlan,
} from '../solve-instance.ts';
import { solvePositions } from '../solve-positions.ts';
import { notNegative, positive, wholeNumber } from './flag-values.ts';
import { withInterrupt } from './interrupt.ts';
import { leavesPairsUnlisted } from './positions-choice.ts';
import { createProgress } from './progress.ts';
import { addQueueOptions, openRunExecutor, type QueueFlags } from './run-executor.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan solve data/instances/A-uniform-100x10k.txt.gz --share 0.95
  mastplan solve data/instances/H1-unit-1500m.json.gz --time-limit 60 --json
  mastplan solve points.txt --radius 800 --budget-sites 5
  mastplan solve data/instances/A-uniform-100x10k.txt.gz --curve 0.8,0.9,0.95

Exit codes: 0 targets met (a budget run: done), 2 bad input, 3 targets not met, 4 the environment failed,
130 interrupted (the best plan so far is printed).`;

interface Options extends QueueFlags {
  readonly format?: InstanceFormat;
  readonly radius?: number;
  readonly share?: Fraction;
  readonly of?: 'total' | 'reachable';
  readonly budgetSites?: number;
  readonly budgetCost?: number;
  readonly objective?: 'mean' | 'worst';
  readonly curve?: Fraction[];
  readonly start?: string;
  readonly changeCost?: number;
  readonly seed: number;
  readonly effort: Effort;
  readonly timeLimit?: number;
  readonly gap: number;
  readonly tiles: TileChoice;
  readonly threads?: number;
  readonly memory?: string;
  readonly replay?: string;
  readonly trace?: string;
  readonly explain?: string;
  readonly writeInstance?: string;
  readonly writeMps?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

/** `mastplan solve <instance>`: the solver alone, on a covering instance (design section 8). */
export function solveCommand(): Command {
  return addQueueOptions(new Command('solve'))
    .description(
      'Solve a covering instance: the least cost that reaches its targets, and a proof of how good it is.',
    )
    .argument('<instance>', 'covering instance, plain or gzip')
    .addOption(new Option('--format <name>', 'format (default: told by content)').choices(INSTANCE_FORMATS))
    .option('--radius <length>', 'reach of every site, where the file has none', positive('--radius'))
    .option(
      '--share <share>',
      'one target per period in place of all targets, for example 0.95',
      shareOf('--share'),
    )
    .addOption(new Option('--of <whole>', 'what the share is a share of').choices(['total', 'reachable']))
    .option(
      '--budget-sites <count>',
      'best coverage with at most this many sites',
      wholeNumber('--budget-sites', 0),
    )
    .option('--budget-cost <cost>', 'best coverage for at most this cost', positive('--budget-cost'))
    .addOption(new Option('--objective <name>', 'with a budget').choices(['mean', 'worst']))
    .option('--curve <shares>', 'cost and bound for a list of shares, for example 0.8,0.9,0.95', curveShares)
    .option('--start <run>', 'start from an earlier plan: a run folder, its report.json or the JSON of solve')
    .option(
      '--change-cost <cost>',
      'give up a site of --start only where that saves more',
      notNegative('--change-cost'),
    )
    .option('--seed <integer>', 'seed of every random choice', wholeNumber('--seed', 0), 1)
    .addOption(
      new Option('--effort <name>', 'how much work is spent')
        .choices(['quick', 'normal', 'thorough'])
        .default('normal'),
    )
    .option('--time-limit <seconds>', 'stop the search after this time', positive('--time-limit'))
    .option(
      '--tiles <auto|off|count>',
      'cut the area into tiles (auto: only where it is very large)',
      tileChoiceOf,
      'auto',
    )
    .option('--gap <gap>', 'stop at this gap, for example 0.01', notNegative('--gap'), 0)
    .option(
      '--threads <count>',
      'worker threads (default: available cores)',
      wholeNumber('--threads', 1, MOST_THREADS),
    )
    .option('--memory <size>', 'most memory to use, for example 4G (default: 80 % of what is granted)')
    .option('--trace <file>', 'write how incumbent and bound met, and where the search stopped')
    .option('--replay <file>', 'repeat the search of a --trace file to the point where it stopped')
    .option('--explain <file>', 'write why every site is in the plan or not')
    .option('--write-instance <file>', "write the problem as mastplan's own instance")
    .option('--write-mps <file>', 'write the model in free MPS, for any MIP solver')
    .option('--json', 'the answer as one JSON document on stdout')
    .option('--quiet', 'no answer for people, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runSolve);
}

async function runSolve(file: string, options: Options): Promise<void> {
  refuseContradictions(options);
  holdLittleHeap();
  const replay = options.replay === undefined ? null : await readReplay(options.replay);
  const startIds = options.start === undefined ? null : (await readStartPlan(options.start)).ids;
  const threads = threadCount(options.threads);
  const memory = openAccount(options.memory, threads, solveNeed);
  const { problem, points, pairs } = await readPairsOrPoints(
    file,
    { ...readingOf(options), memory, beside: (count) => solverNeed(count, threads) },
    (size) => needsNoPairs(options) && leavesPairsUnlisted(memory, size, { threads, tiles: options.tiles }),
  );
  holdSolver(memory, pairs, threads);
  await writeModels(problem, options);
  const startPlan = startIds === null ? undefined : startOf(problem, startIds, options);
  let describe = (): string => '';
  const progress = createProgress({
    enabled: options.progress && options.quiet !== true,
    stream: process.stderr,
    note: () => describe(),
  });
  const executor = await openRunExecutor({
    threads,
    flags: options,
    name: basename(file),
    identity: randomUUID(),
    onTick: progress.refresh,
  });
  describe = executor.describe;
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      const { seed, effort, tiles } = replay ?? options;
      const settings = { seed, effort, tiles };
      const solving: SolveInstanceOptions = {
        ...settings,
        timeLimitS: replay === null ? (options.timeLimit ?? null) : null,
        replayRounds: replay?.rounds,
        replayTasks: replay?.cutRound,
        gapGoal: options.gap,
        executor,
        signal,
        onProgress: progress.report,
        nowS: () => performance.now() / 1000,
        startPlan,
      };
      const name = basename(file);
      if (options.curve !== undefined) {
        const points = await solveCurve(problem, options.curve, options.of ?? 'total', solving);
        progress.end();
        if (options.json === true) process.stdout.write(jsonText(curveJson(points)));
        else if (options.quiet !== true) process.stdout.write(curveText(points));
        const allMet = points.every(({ answer }) => answer.solution.feasible);
        process.exitCode = exitCode() ?? (allMet ? 0 : 3);
        return;
      }
      const answer =
        points === null || options.share === undefined
          ? await solveProblem(problem, solving)
          : await solvePositions(
              { problem, points, share: options.share, shareOf: options.of ?? 'total' },
              solving,
            );
      progress.end();
      if (options.trace !== undefined) {
        await writeFileAtomic(options.trace, jsonText(traceJson(name, settings, answer)));
      }
      if (options.explain !== undefined) await writeExplanation(options.explain, name, answer);
      if (options.json === true) process.stdout.write(jsonText(answerJson(answer)));
      else if (options.quiet !== true) process.stdout.write(answerText(name, answer));
      process.exitCode = exitCode() ?? (answer.solution.feasible ? 0 : 3);
    });
  } finally {
    progress.end();
    await executor.close();
  }
}

function refuseContradictions(options: Options): void {
  const together = (a: keyof Options, b: keyof Options): boolean =>
    options[a] !== undefined && options[b] !== undefined;
  const refuse = (message: string): never => {
    throw new InputError(message, { code: 'flags-contradict' });
  };
  if (together('curve', 'share') || together('curve', 'budgetSites') || together('curve', 'budgetCost')) {
    refuse('--curve names its own shares; it does not go with --share or a budget.');
  }
  if (together('curve', 'trace') || together('curve', 'replay')) {
    refuse('--curve does not go with --trace or --replay.');
  }
  for (const other of ['curve', 'budgetSites', 'budgetCost'] as const) {
    if (together('explain', other))
      refuse('--explain needs one plan for targets; it does not go with --curve or a budget.');
  }
  if (together('replay', 'timeLimit'))
    refuse('--replay stops where its trace says; it does not go with --time-limit.');
  if (options.changeCost !== undefined && options.start === undefined) refuse('--change-cost needs --start.');
  const isBudget = options.budgetSites !== undefined || options.budgetCost !== undefined;
  if (options.changeCost !== undefined && isBudget) refuse('--change-cost does not go with a budget.');
}

/** The flags that work on listed pairs, or on a plan found with them. */
const NEED_PAIRS = [
  ...([
    'budgetSites',
    'budgetCost',
    'curve',
    'start',
    'replay',
    'trace',
    'explain',
    'writeInstance',
  ] as const),
  'writeMps',
] as const;

/** True where a share is asked for and nothing that works on listed pairs. */
function needsNoPairs(options: Options): boolean {
  return options.share !== undefined && NEED_PAIRS.every((flag) => options[flag] === undefined);
}

function readingOf(options: Options): InstanceOptions {
  const { format, radius, of, budgetSites, budgetCost, objective, curve } = options;
  const share = curve?.[0] ?? options.share;
  return { format, radius, share, of, budgetSites, budgetCost, objective };
}

async function writeModels(problem: CoveringProblem, options: Options): Promise<void> {
  if (options.writeInstance !== undefined) {
    await writeFileAtomic(options.writeInstance, instanceJson(problem), 0o600);
  }
  if (options.writeMps !== undefined) await writeFileAtomic(options.writeMps, freeMps(problem), 0o600);
}

async function writeExplanation(
  file: string,
  name: string,
  { problem, solution }: InstanceAnswer,
): Promise<void> {
  if (!solution.feasible) {
    process.stderr.write('No explanation is written: the plan misses targets.\n');
    return;
  }
  if (!explanationHolds(problem, solution)) {
    process.stderr.write(
      'No explanation is written: it looks at users covered by one site, not at backup or the room of sites.\n',
    );
    return;
  }
  const explanation = explainPlan(problem, solution.sites);
  await writeFileAtomic(file, jsonText(explanationJson(name, problem, solution, explanation)), 0o600);
}

function startOf(problem: CoveringProblem, ids: readonly string[], options: Options): StartPlan {
  const { sites, unknown } = sitesOfIds(problem.siteIds, ids);
  if (unknown > 0 && options.quiet !== true) {
    process.stderr.write(`${unknown} of ${ids.length} sites of the start plan are not in this instance.\n`);
  }
  return { sites, changeCost: options.changeCost ?? 0 };
}

function shareOf(flag: string): (text: string) => Fraction {
  return (text) => {
    const share = shareFraction(text);
    if (share !== null) return share;
    throw new InputError(`${flag} must be a share above 0 and at most 1, got "${text}".`, {
      code: 'flag-value',
      hint: 'Write 0.95 for 95 %.',
    });
  };
}

function curveShares(text: string): Fraction[] {
  return text.split(',').map(shareOf('--curve'));
}

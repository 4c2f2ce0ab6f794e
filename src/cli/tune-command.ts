import { Command } from 'commander';
import { PLAN_FLAGS, resolveFlags } from '../input/flags.ts';
import { refuseOutside } from '../input/outside-paths.ts';
import { readScenario } from '../input/read-scenario.ts';
import { createPool } from '../parallel/pool.ts';
import { jsonText } from '../report/json-text.ts';
import { openTuningOutput, tuningJson, tuningText, writeTuning } from '../report/write-tuning.ts';
import { tune } from '../tune.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan plan data/helsinki/scenario.yaml --out out/helsinki
  mastplan tune data/helsinki/scenario.yaml --sites out/helsinki/sites.geojson --out out/helsinki-tuned
  mastplan tune scenario.yaml --look --out out/today        (SINR of the existing sites, nothing is changed)

Limits and thresholds stand under "interference" in the scenario (docs/interference.md). Writes cells.geojson, which
--sites reads again, and tuning.json.
Exit codes: 0 done, 2 bad input, 4 the environment failed, 130 interrupted (the best so far is written, nothing before the search).`;

/** Flags of `plan` that mean something here. */
const SHARED_KEYS =
  /^(demand|measurements|existing|regions|radio|service|terrain|clutter|interference|phases|solver\.(threads|memory))/;

interface OwnOptions {
  readonly out: string;
  readonly sites?: string;
  readonly look?: boolean;
  readonly allowOutside?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

/** `mastplan tune [scenario]`: SINR of a network under load; azimuth, tilt and power that serve more users. */
export function tuneCommand(): Command {
  const command = new Command('tune')
    .description(
      'SINR of a network under load; turns, tilts and weakens its cells so that more users are served.',
    )
    .argument('[scenario]', 'scenario file, YAML or JSON')
    .requiredOption('--out <dir>', 'folder the results are written to')
    .option('--sites <file>', 'new sites, which may be changed: sites.geojson of a plan')
    .option('--look', 'change nothing: only say what the network gives');
  for (const { key, flags, description } of PLAN_FLAGS) {
    if (SHARED_KEYS.test(key)) command.option(flags, description);
  }
  return command
    .option('--allow-outside', 'let the scenario name files outside its own folder')
    .option('--force', 'write into a folder that holds files of others')
    .option('--json', 'tuning.json on stdout')
    .option('--quiet', 'no summary, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runTune);
}

async function runTune(scenarioPath: string | undefined, options: OwnOptions): Promise<void> {
  const overrides = resolveFlags(options as unknown as Record<string, unknown>);
  const loaded = await readScenario(scenarioPath ?? null, overrides);
  if (options.allowOutside !== true) await refuseOutside(loaded, overrides);
  const enabled = options.progress && options.quiet !== true;
  const progress = createProgress({ enabled, stream: process.stderr });
  const pool = await createPool({ threads: threadCount(loaded.scenario.solver.threads) });
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      const tuning = await orInterrupted(signal, () =>
        tune(loaded, {
          sitesFile: options.sites ?? null,
          change: options.look !== true,
          executor: pool,
          signal,
          onProgress: progress.report,
        }),
      );
      process.exitCode = exitCode() ?? 0;
      if (tuning === null) return;
      const output = await openTuningOutput(options.out, options.force === true);
      try {
        await writeTuning(tuning, output);
      } finally {
        await output.close();
      }
      progress.end();
      if (options.json === true) process.stdout.write(jsonText(tuningJson(tuning)));
      else if (options.quiet !== true) process.stdout.write(tuningText(tuning));
    });
  } finally {
    progress.end();
    await pool.close();
  }
}

/** Null where the work gave up because of the signal: there is nothing to write yet. */
async function orInterrupted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && error === signal.reason) return null;
    throw error;
  }
}

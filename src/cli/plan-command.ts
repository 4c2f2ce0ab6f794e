import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { identityOf } from '../checkpoint/run-identity.ts';
import { PLAN_FLAGS, resolveFlags, type ScenarioOverride } from '../input/flags.ts';
import { readReplay, type Replay } from '../input/instance/replay-file.ts';
import { refuseOutside } from '../input/outside-paths.ts';
import { readScenario } from '../input/read-scenario.ts';
import { resolvedScenarioText } from '../input/resolved-scenario.ts';
import { plan } from '../plan.ts';
import type { PlanResult, RunFacts } from '../planning/plan-result.ts';
import { writeFileAtomic, type OutputFolder } from '../report/atomic.ts';
import { instanceJson } from '../report/instance-writer.ts';
import { jsonText } from '../report/json-text.ts';
import { parseFormats } from '../report/formats/formats.ts';
import { freeMps } from '../report/mps-writer.ts';
import { countPlan } from '../report/plan-facts.ts';
import { buildReport } from '../report/report-json.ts';
import { summaryText } from '../report/summary-text.ts';
import type { WrittenFiles } from '../report/write-plan.ts';
import { openPlanOutput, writePlan } from '../report/write-plan.ts';
import type { Language } from '../report/words/words.ts';
import { isMissed } from '../planning/service-targets.ts';
import { SOFTWARE } from '../version.ts';
import { atLeast, maxErrorsOption } from './flag-values.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { addQueueOptions, openRunExecutor, type QueueFlags } from './run-executor.ts';
import { openRunCheckpoint, type CheckpointOptions, type RunCheckpoint } from './run-checkpoint.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan plan data/ottawa/scenario.yaml --out out/ottawa
  mastplan plan data/ottawa/scenario.yaml --budget-sites 40 --out out/forty --json
  mastplan plan data/ottawa/scenario.yaml --out out/ottawa --resume
  mastplan plan --demand data/helsinki/users.geojson.gz --users night=workday_h03,noon=workday_h12 --out out/flags

Exit codes: 0 targets met, 2 bad input, 3 targets not met, 4 the environment failed, 130 interrupted (best plan written).`;

interface OwnOptions extends QueueFlags {
  readonly out: string;
  readonly allowOutside?: boolean;
  readonly force?: boolean;
  readonly resume?: boolean;
  readonly checkpoint?: string;
  readonly lang: Language;
  readonly formats: string;
  readonly rasterCell?: number;
  readonly rasterCrs: 'EPSG:4326' | 'utm';
  readonly maxErrors: number;
  readonly replay?: string;
  readonly writeInstance?: string;
  readonly writeMps?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

/** `mastplan plan [scenario]`: the main job. */
export function planCommand(): Command {
  const command = new Command('plan')
    .description('Reach the targets at least cost, or the best coverage within a budget.')
    .argument('[scenario]', 'scenario file, YAML or JSON (flags alone suffice)')
    .requiredOption('--out <dir>', 'folder the results are written to');
  for (const { flags, description } of PLAN_FLAGS) command.option(flags, description);
  return addQueueOptions(command)
    .option(
      '--formats <list>',
      'layers beside GeoJSON: gpkg, fgb, parquet, csv, kml, tif',
      'geojson,gpkg,tif',
    )
    .option(
      '--raster-cell <metres>',
      'side of a cell of coverage.tif (default: at most 400,000 cells)',
      atLeast('--raster-cell', 1),
    )
    .addOption(
      new Option('--raster-crs <crs>', 'coordinate system of coverage.tif')
        .choices(['EPSG:4326', 'utm'])
        .default('EPSG:4326'),
    )
    .addOption(new Option('--lang <language>', 'language of the page').choices(['en', 'zh']).default('en'))
    .addOption(maxErrorsOption())
    .option(
      '--replay <run>',
      'repeat the search of a run that a limit stopped, to the round where it stopped',
    )
    .option('--write-instance <file>', 'write the covering instance that was solved')
    .option('--write-mps <file>', 'write the same model for any MIP solver')
    .option('--allow-outside', 'let the scenario name files outside its own folder')
    .option('--force', 'write into a folder that holds files of others')
    .option('--resume', 'go on from the checkpoint that an interrupted run left')
    .option('--checkpoint <dir>', 'keep the checkpoint there (default: .mastplan in the output folder)')
    .option('--json', 'the report as one JSON document on stdout')
    .option('--quiet', 'no summary, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runPlan);
}

async function runPlan(scenarioPath: string | undefined, options: OwnOptions): Promise<void> {
  const replay = options.replay === undefined ? null : await readReplay(options.replay);
  const overrides = [
    ...resolveFlags(options as unknown as Record<string, unknown>),
    ...replayOverrides(replay),
  ];
  const loaded = await readScenario(scenarioPath ?? null, overrides);
  if (options.allowOutside !== true) await refuseOutside(loaded, overrides);
  const formats = parseFormats(options.formats);
  const startedAt = new Date();
  const startedMs = performance.now();
  const threads = threadCount(loaded.scenario.solver.threads);
  let describe = (): string => '';
  const progress = createProgress({
    enabled: options.progress && options.quiet !== true,
    stream: process.stderr,
    note: () => describe(),
  });
  const executor = await openRunExecutor({
    threads,
    flags: options,
    name: loaded.scenario.name,
    identity: JSON.stringify([loaded.scenario, resolve(options.out)]),
    onTick: progress.refresh,
  });
  describe = executor.describe;
  const held: Held = { output: null, run: null };
  let complete = false;
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      const seconds: Record<string, number> = {};
      const result = await plan(loaded, {
        executor,
        signal,
        replayRounds: replay?.rounds,
        replayTasks: replay?.cutRound,
        maxErrors: options.maxErrors,
        onProgress: progress.report,
        ...(options.writeMps !== undefined && { needsPairs: '--write-mps' }),
        ...(formats.includes('tif') && { raster: { cellM: options.rasterCell, crs: options.rasterCrs } }),
        onStageDone: (stage, stageSeconds) => {
          seconds[stage] = stageSeconds;
        },
        onInputsValid: async (inputs) => {
          held.output = await openPlanOutput(options.out, options.force === true);
          const identity = identityOf(loaded.scenario, inputs, SOFTWARE);
          held.run = await openRunCheckpoint(held.output, identity, checkpointOptions(options));
          return held.run.checkpoint;
        },
      });
      const cut = signal.aborted;
      await writeModels(result, options);
      const facts: RunFacts = {
        startedAt: startedAt.toISOString(),
        // By a clock that never goes back: the time of day may be set while a run is going.
        seconds: { ...seconds, total: (performance.now() - startedMs) / 1000 },
        threads,
        peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      const { mastplan, node, platform } = SOFTWARE;
      const written = await writePlan(result, options.out, {
        language: options.lang,
        formats,
        resolvedScenario: resolvedScenarioText(loaded, options.out),
        facts,
        run: { versions: { mastplan, node }, platform },
        ...(held.output !== null && { output: held.output }),
      });
      complete = !cut;
      progress.end();
      tell(result, written, options);
      process.exitCode = exitCode() ?? (targetsMet(result) ? 0 : 3);
    });
  } finally {
    progress.end();
    await held.run?.end(complete);
    await held.output?.close({ keepState: !complete });
    await executor.close();
  }
}

/** What a run holds while it is going. */
interface Held {
  output: OutputFolder | null;
  run: RunCheckpoint | null;
}

function checkpointOptions({ checkpoint, resume, quiet }: OwnOptions): CheckpointOptions {
  return { dir: checkpoint, resume: resume === true, quiet: quiet === true };
}

async function writeModels({ problem }: PlanResult, options: OwnOptions): Promise<void> {
  if (options.writeInstance !== undefined) {
    await writeFileAtomic(options.writeInstance, instanceJson(problem), 0o600);
  }
  if (options.writeMps !== undefined) await writeFileAtomic(options.writeMps, freeMps(problem), 0o600);
}

/** The search of the run that is repeated, whatever the scenario says. */
function replayOverrides(replay: Replay | null): ScenarioOverride[] {
  if (replay === null) return [];
  return [
    { key: 'solver.seed', value: replay.seed, flag: '--replay' },
    { key: 'solver.effort', value: replay.effort, flag: '--replay' },
    { key: 'solver.tiles', value: replay.tiles, flag: '--replay' },
  ];
}

function tell(result: PlanResult, written: WrittenFiles, options: OwnOptions): void {
  const facts = countPlan(result);
  if (options.json === true) process.stdout.write(jsonText(buildReport(result, facts, written.files)));
  else if (options.quiet !== true) {
    const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
    process.stdout.write(
      summaryText(result, facts, {
        dir: options.out,
        files: written.files,
        color,
        columns: process.stdout.columns,
      }),
    );
  }
}

/** By signal, and where asked by SINR. */
function targetsMet({ solution, interference }: PlanResult): boolean {
  return solution.feasible && interference?.targets.some(isMissed) !== true;
}

import { Command, Option } from 'commander';
import { assess } from '../assess.ts';
import { parseQuarter, quarterName } from '../assess/quarter.ts';
import { InputError } from '../errors.ts';
import { resolveFlags, type ScenarioOverride } from '../input/flags.ts';
import { refuseOutside } from '../input/outside-paths.ts';
import { readScenario } from '../input/read-scenario.ts';
import { createPool } from '../parallel/pool.ts';
import { buildAssessmentJson } from '../report/assess-json.ts';
import { assessmentTerminalText } from '../report/assess-text.ts';
import type { OutputFolder } from '../report/atomic.ts';
import { jsonText } from '../report/json-text.ts';
import { sanitizeForTerminal } from '../report/terminal-text.ts';
import { openAssessmentOutput, writeAssessment } from '../report/write-assessment.ts';
import type { Language } from '../report/words/words.ts';
import { maxErrorsOption } from './flag-values.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan assess data/ottawa/assess.yaml --quarter 2020-Q3 --out out/2020-Q3
  mastplan assess data/ottawa/assess.yaml --quarter 2020-Q4 --previous out/2020-Q3 --out out/2020-Q4
  mastplan assess data/ottawa/assess.yaml --quarter 2021-Q3 --plan --out out/2021-Q3

Exit codes: 0 every computed target met, 2 bad input, 3 a target not met or no data, 4 the environment failed.`;

interface OwnOptions {
  readonly out: string;
  readonly quarter?: string;
  readonly previous?: string;
  readonly scorecard?: string;
  readonly feedback?: string;
  readonly plan?: boolean;
  readonly force?: boolean;
  readonly lang: Language;
  readonly allowOutside?: boolean;
  readonly maxErrors: number;
  readonly threads?: string;
  readonly seed?: string;
  readonly memory?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

/** `mastplan assess <scenario>`: today's network against its targets, the quarter before and the scorecard. */
export function assessCommand(): Command {
  return new Command('assess')
    .description('Assess a quarter: targets with intervals, weak areas, scorecard, what changed, what to do.')
    .argument('<scenario>', 'scenario file, YAML or JSON')
    .requiredOption('--out <dir>', 'folder the results are written to')
    .option('--quarter <name>', 'the samples of this quarter alone, for example 2026-Q1')
    .option('--previous <dir>', 'folder of the assessment of the quarter before')
    .option('--scorecard <file>', 'YAML or CSV with the operator’s indicators')
    .option('--feedback <file>', "users' reports: GeoJSON or CSV points")
    .option('--plan', 'also plan the sites that bring the users in weak areas to the targets')
    .addOption(new Option('--lang <language>', 'language of the page').choices(['en', 'zh']).default('en'))
    .option('--seed <integer>', 'seed of every random choice')
    .option('--threads <count>', 'worker threads of the plan (default: available cores)')
    .option('--memory <size>', 'most memory to use, for example 4G (default: 80 % of what is granted)')
    .addOption(maxErrorsOption())
    .option('--allow-outside', 'let the scenario name files outside its own folder')
    .option('--force', 'write into a folder that holds files of others')
    .option('--json', 'the assessment as one JSON document on stdout')
    .option('--quiet', 'no summary, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runAssess);
}

async function runAssess(scenarioPath: string, options: OwnOptions): Promise<void> {
  const { seed, threads, memory } = options;
  const loaded = await readScenario(scenarioPath, [
    ...resolveFlags({ seed, threads, memory }),
    ...quarterOverride(options.quarter),
  ]);
  if (options.allowOutside !== true) await refuseOutside(loaded);
  const progress = createProgress({
    enabled: options.progress && options.quiet !== true,
    stream: process.stderr,
  });
  const pool =
    options.plan === true ? await createPool({ threads: threadCount(loaded.scenario.solver.threads) }) : null;
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      const held: { output: OutputFolder | null } = { output: null };
      try {
        const result = await assess(loaded, {
          previousDir: options.previous,
          scorecardFile: options.scorecard,
          feedbackFile: options.feedback,
          withPlan: options.plan === true,
          executor: pool ?? undefined,
          signal,
          maxErrors: options.maxErrors,
          onProgress: progress.report,
          onInputsValid: async () => {
            held.output = await openAssessmentOutput(options.out, options.force === true);
          },
        });
        const written = await writeAssessment(result, options.out, {
          language: options.lang,
          ...(held.output !== null && { output: held.output }),
        });
        progress.end();
        if (options.json === true) {
          process.stdout.write(jsonText(buildAssessmentJson(result, written.files)));
        } else if (options.quiet !== true) {
          process.stdout.write(
            assessmentTerminalText(result, options.out)
              .split('\n')
              .map((line) => sanitizeForTerminal(line))
              .join('\n'),
          );
        }
        process.exitCode = exitCode() ?? (result.computedMet ? 0 : 3);
      } finally {
        progress.end();
        await held.output?.close();
      }
    });
  } finally {
    await pool?.close();
  }
}

function quarterOverride(text: string | undefined): ScenarioOverride[] {
  if (text === undefined) return [];
  const quarter = parseQuarter(text);
  if (quarter === null) {
    throw new InputError(`--quarter must be a year and a quarter such as 2026-Q1, got "${text}".`, {
      code: 'flag-value',
    });
  }
  return [{ key: 'assess.quarter', value: quarterName(quarter), flag: '--quarter' }];
}

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { chooseModel } from '../planning/choose-model.ts';
import { unreadable } from '../input/file-errors.ts';
import { DEFAULT_MAX_ERRORS, Findings } from '../input/findings.ts';
import { readInputsInto, type ScenarioInputs } from '../input/read-inputs.ts';
import type { ProgressListener } from '../progress.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import { readGround } from '../planning/ground.ts';
import type { LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { InputFileSummary } from '../input/types.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import type { ComparisonState } from './comparison.ts';
import type { FeedbackTable } from './feedback.ts';
import { readFeedback } from './read-feedback.ts';
import type { Scorecard } from './scorecard/scorecard-file.ts';
import { DEFAULT_SCORECARD, parseScorecard } from './scorecard/scorecard-file.ts';
import type { ServiceTables } from './scorecard/tables.ts';
import { parseEvents, parseSurvey, parseTickets } from './scorecard/tables.ts';
import { readState } from './state-file.ts';

/** Which files an assessment reads beside those of its scenario. */
export interface ReadAssessmentOptions {
  /** Folder of the assessment of an earlier quarter. */
  readonly previousDir?: string | undefined;
  /** Wins over `assess.scorecard`; relative to the current folder. */
  readonly scorecardFile?: string | undefined;
  /** Wins over `feedback.file`; relative to the current folder. */
  readonly feedbackFile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly maxErrors?: number | undefined;
  /** What the run holds in memory, against a budget; default: opened for `solver.memory` of the scenario. */
  readonly memory?: MemoryAccount | undefined;
}

/** Everything an assessment reads, checked. */
export interface AssessmentInputs {
  readonly inputs: ScenarioInputs;
  readonly feedback: FeedbackTable | null;
  readonly scorecard: Scorecard;
  readonly tables: ServiceTables;
  readonly previous: ComparisonState | null;
  /** Ground around users and sites; null where it is not given. */
  readonly ground: LoadedTerrain | null;
  readonly summaries: readonly InputFileSummary[];
  readonly warnings: readonly string[];
}

/**
 * Reads the scenario's inputs, the users' reports, the scorecard with its tables and the earlier quarter.
 * @throws InputError with every finding when one of them is not usable.
 */
export async function readAssessmentInputs(
  loaded: LoadedScenario,
  options: ReadAssessmentOptions,
): Promise<AssessmentInputs> {
  const { scenario, baseDir } = loaded;
  const findings = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  const inputs = await readInputsInto(loaded, findings, {
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
    ...(options.signal !== undefined && { signal: options.signal }),
    memory: options.memory,
  });
  const own = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  const feedbackPath =
    options.feedbackFile ?? (scenario.feedback && resolve(baseDir, scenario.feedback.file));
  const feedback =
    feedbackPath === undefined
      ? null
      : await readFeedback(feedbackPath, {
          file: options.feedbackFile ?? scenario.feedback?.file ?? basename(feedbackPath),
          timeZone: scenario.timeZone,
          findings: own,
        });
  const cardPath =
    options.scorecardFile ?? (scenario.assess.scorecard && resolve(baseDir, scenario.assess.scorecard));
  const scorecard =
    cardPath === undefined
      ? DEFAULT_SCORECARD
      : parseScorecard(await readText(cardPath), basename(cardPath), own);
  const tables = await readTables(scorecard, dirname(cardPath ?? baseDir), scenario.timeZone, own);
  const previous = options.previousDir === undefined ? null : await readState(options.previousDir);
  findings.throwIfErrors();
  own.throwIfErrors();
  if (inputs === null) throw new RangeError('inputs without demand and without an error');
  const ground = await groundOfAssessment(loaded, inputs, options);
  return {
    inputs,
    ground,
    feedback: feedback?.feedback ?? null,
    scorecard,
    tables,
    previous,
    summaries: [
      ...inputs.summaries,
      ...(ground?.summaries ?? []),
      ...(feedback === null ? [] : [feedback.summary]),
    ],
    warnings: own.all
      .map(({ file, feature, message }) =>
        [file, feature]
          .filter((part) => part !== undefined)
          .join(', ')
          .concat(`: ${message}`),
      )
      .concat(ground?.warnings ?? []),
  };
}

/** Ground as far around the users as sites may reach them: a cause, and what the model looks at. */
async function groundOfAssessment(
  loaded: LoadedScenario,
  { demand, existing, candidates, model, antenna }: ScenarioInputs,
  { maxErrors, memory }: ReadAssessmentOptions,
): Promise<LoadedTerrain | null> {
  const { scenario } = loaded;
  // No measurement makes `auto` a model that looks at terrain.
  const { choice } = chooseModel(scenario, null, null, model, antenna);
  const marginM = scenario.radio.maxReachM;
  return readGround(loaded, { demand, existing, candidates, marginM, model: choice, maxErrors, memory });
}

async function readTables(
  { tables, timeZone }: Scorecard,
  folder: string,
  scenarioZone: string | undefined,
  findings: Findings,
): Promise<ServiceTables> {
  const source = async <Row>(
    file: string | undefined,
    parse: (table: { file: string; text: string; timeZone: string | undefined }, into: Findings) => Row[],
  ): Promise<Row[] | null> =>
    file === undefined
      ? null
      : parse(
          { file, text: await readText(resolve(folder, file)), timeZone: timeZone ?? scenarioZone },
          findings,
        );
  return {
    tickets: await source(tables.tickets, parseTickets),
    survey: await source(tables.survey, parseSurvey),
    events: await source(tables.events, parseEvents),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(basename(path), error);
  }
}

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { AssessOptions } from '../assess.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { unreadable } from '../input/file-errors.ts';
import { DEFAULT_MAX_ERRORS, Findings } from '../input/findings.ts';
import { readInputsInto, type ScenarioInputs } from '../input/read-inputs.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import { boxAround } from '../input/terrain/area.ts';
import { loadTerrain, type LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { InputFileSummary } from '../input/types.ts';
import type { ComparisonState } from './comparison.ts';
import type { FeedbackTable } from './feedback.ts';
import { readFeedback } from './read-feedback.ts';
import type { Scorecard } from './scorecard/scorecard-file.ts';
import { DEFAULT_SCORECARD, parseScorecard } from './scorecard/scorecard-file.ts';
import type { ServiceTables } from './scorecard/tables.ts';
import { parseEvents, parseSurvey, parseTickets } from './scorecard/tables.ts';
import { readState } from './state-file.ts';

/** Everything an assessment reads, checked. */
export interface AssessmentInputs {
  readonly inputs: ScenarioInputs;
  readonly feedback: FeedbackTable | null;
  readonly scorecard: Scorecard;
  readonly tables: ServiceTables;
  readonly previous: ComparisonState | null;
  /** Ground around users and known sites; null where it is not given or no site is known. */
  readonly terrain: TerrainLayer | null;
  readonly summaries: readonly InputFileSummary[];
  readonly warnings: readonly string[];
}

/**
 * Reads the scenario's inputs, the users' reports, the scorecard with its tables and the earlier quarter.
 * @throws InputError with every finding when one of them is not usable.
 */
export async function readAssessmentInputs(
  loaded: LoadedScenario,
  options: AssessOptions,
): Promise<AssessmentInputs> {
  const { scenario, baseDir } = loaded;
  const findings = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  const inputs = await readInputsInto(loaded, findings, {
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
    ...(options.signal !== undefined && { signal: options.signal }),
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
  const ground = await readGround(loaded, inputs);
  return {
    inputs,
    terrain: ground?.layer ?? null,
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

/** Ground between users and sites within reach of them; without known sites it would tell nothing. */
async function readGround(
  { scenario, baseDir }: LoadedScenario,
  { demand, existing }: ScenarioInputs,
): Promise<LoadedTerrain | null> {
  const { terrain, radio } = scenario;
  if (terrain === undefined || existing === null) return null;
  const area = boxAround(demand.lon, demand.lat, radio.maxReachM);
  return loadTerrain({ terrain }, (file) => resolve(baseDir, file), area);
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

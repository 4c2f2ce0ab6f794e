import { resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { LonLat } from '../geo/nearest-line.ts';
import type { MultiPolygonCoordinates } from '../geo/polygon-locator.ts';
import { linesNeed, samplesNeed, usersNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import { untilAborted, type ProgressListener } from '../progress.ts';
import type { LineTable } from './line-table.ts';
import { crossCheck } from './cross-check.ts';
import { DEFAULT_MAX_ERRORS, Findings } from './findings.ts';
import { evaluatedPeriods } from './evaluated-demand.ts';
import { readModelFile, type ModelFile } from './model-file.ts';
import type { AntennaFile } from '../radio/antenna-file.ts';
import { readAntenna } from './read-antenna.ts';
import { readDemand } from './read-demand.ts';
import { readFibre } from './read-fibre.ts';
import { readLines } from './read-lines.ts';
import { readMeasurements } from './read-measurements.ts';
import type { RegionMembership } from './read-regions.ts';
import { assignRegions, readKeepOut, readRegions } from './read-regions.ts';
import type { LoadedScenario } from './read-scenario.ts';
import { readSites } from './read-sites.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { Demand, InputFileSummary, MeasurementTable, RegionTable, SiteTable } from './types.ts';

export interface ReadInputsOptions {
  readonly maxErrors?: number;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
  /** Told of users and samples as they are read. */
  readonly memory?: MemoryAccount | undefined;
}

const LARGER_CELLS =
  'Use larger cells of users (demand.cellM) or a smaller area, or grant more with --memory.';
const FEWER_SAMPLES = 'Give fewer measurements, or grant more with --memory.';

/** Everything a scenario names, read and checked. */
export interface ScenarioInputs {
  readonly demand: Demand;
  /** Of `evaluate.demand`; null = the plan is evaluated on its own periods alone. */
  readonly evaluated: Demand | null;
  readonly measurements: MeasurementTable | null;
  readonly existing: SiteTable | null;
  readonly candidates: SiteTable | null;
  readonly regions: RegionTable | null;
  /** Of `lines.file`; null = none named. */
  readonly lines: LineTable | null;
  readonly keepOut: MultiPolygonCoordinates | null;
  /** Lines and points of `cost.backhaul.file`; null = none named. */
  readonly fibre: readonly (readonly LonLat[])[] | null;
  /** Of `radio.modelFile`. */
  readonly model: ModelFile | null;
  /** Of `radio.antennaFile`. */
  readonly antenna: AntennaFile | null;
  readonly membership: RegionMembership;
  /** In the order of the scenario's keys. */
  readonly summaries: readonly InputFileSummary[];
  /** Sentences for the report: what was assumed, what looks odd. */
  readonly warnings: readonly string[];
}

/**
 * Reads every input of a scenario and checks them against each other. Goes on after the errors of one file to those
 * of the next, up to `maxErrors`.
 * @throws InputError listing every error found.
 */
export async function readInputs(
  loaded: LoadedScenario,
  options: ReadInputsOptions = {},
): Promise<ScenarioInputs> {
  const findings = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  const inputs = await readInputsInto(loaded, findings, options);
  findings.throwIfErrors();
  if (inputs === null) throw new RangeError('inputs without demand and without an error');
  return inputs;
}

/** As readInputs, with the findings left to the caller; null when an input could not be read. */
export async function readInputsInto(
  loaded: LoadedScenario,
  findings: Findings,
  options: Omit<ReadInputsOptions, 'maxErrors'> = {},
): Promise<ScenarioInputs | null> {
  const { scenario, baseDir } = loaded;
  const { signal, memory } = options;
  const onProgress = untilAborted(options.onProgress, signal);
  const periods = scenarioPeriods(scenario);
  const at = (path: string): string => resolve(baseDir, path);
  const attempt = async <Result>(read: () => Promise<Result>): Promise<Result | null> => {
    signal?.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      findings.absorb(error);
      if (findings.errorCount >= findings.maxErrors) findings.throwIfErrors();
      return null;
    }
  };
  const demand = await attempt(() =>
    readDemand(at(scenario.demand.file), {
      file: scenario.demand.file,
      spec: scenario.demand,
      periods,
      onGrowth: (cells) =>
        memory?.hold(
          `users: ${cells.toLocaleString('en')} cells`,
          usersNeed(cells, periods.length),
          LARGER_CELLS,
        ),
      findings,
      onProgress,
    }),
  );
  const further = scenario.evaluate?.demand;
  const evaluated =
    further &&
    (await attempt(() =>
      readDemand(at(further.file), {
        file: further.file,
        spec: further,
        periods: evaluatedPeriods(scenario),
        onGrowth: (cells) =>
          memory?.hold(
            `users evaluated: ${cells.toLocaleString('en')} cells`,
            usersNeed(cells, evaluatedPeriods(scenario).length),
            'Evaluate fewer periods or larger cells (evaluate.demand.cellM), or grant more with --memory.',
          ),
        findings,
        onProgress,
      }),
    ));
  const measured = scenario.measurements;
  const measurements =
    measured &&
    (await attempt(() =>
      readMeasurements(measured.files.map(at), {
        files: measured.files,
        scenario,
        findings,
        onProgress,
        onGrowth: (samples) =>
          memory?.hold(
            `measurements: ${samples.toLocaleString('en')} samples`,
            samplesNeed(samples),
            FEWER_SAMPLES,
          ),
      }),
    ));
  const sitesFile = async (file: string | undefined, role: 'existing' | 'candidates') =>
    file === undefined ? undefined : attempt(() => readSites(at(file), { file, role, findings, onProgress }));
  const existing = await sitesFile(scenario.existing?.file, 'existing');
  const candidates = await sitesFile(scenario.candidates.file, 'candidates');
  const keepOutFile = scenario.candidates.generate?.keepOut;
  const keepOut =
    keepOutFile === undefined
      ? undefined
      : await attempt(() => readKeepOut(at(keepOutFile), { file: keepOutFile, findings, onProgress }));
  const spec = scenario.regions;
  const regions =
    spec &&
    (await attempt(() => readRegions(at(spec.file), { file: spec.file, spec, findings, onProgress })));
  const linesSpec = scenario.lines;
  const lines =
    linesSpec &&
    (await attempt(() =>
      readLines(at(linesSpec.file), {
        file: linesSpec.file,
        spec: linesSpec,
        findings,
        onProgress,
        onGrowth: (positions) =>
          memory?.hold(
            `lines: ${positions.toLocaleString('en')} positions`,
            linesNeed(positions, 0),
            'Give fewer or simpler lines, or grant more with --memory.',
          ),
      }),
    ));
  const modelPath = scenario.radio.modelFile;
  const model =
    modelPath === undefined ? undefined : await attempt(() => readModelFile(at(modelPath), modelPath));
  const antennaPath = scenario.radio.antennaFile;
  const antenna =
    antennaPath === undefined ? undefined : await attempt(() => readAntenna(at(antennaPath), antennaPath));
  const fibreFile = scenario.cost.backhaul?.file;
  const fibre =
    fibreFile === undefined
      ? undefined
      : await attempt(() => readFibre(at(fibreFile), { file: fibreFile, findings, onProgress }));
  const parts = [
    demand,
    evaluated,
    measurements,
    existing,
    candidates,
    keepOut,
    regions,
    lines,
    model,
    antenna,
    fibre,
  ];
  if (demand === null || parts.includes(null)) return null;
  const membership = assignRegions(demand.demand, regions?.regions ?? null);
  const inputs = {
    demand: demand.demand,
    evaluated: evaluated?.demand ?? null,
    measurements: measurements?.measurements ?? null,
    existing: existing?.sites ?? null,
    candidates: candidates?.sites ?? null,
    regions: regions?.regions ?? null,
    lines: lines?.lines ?? null,
    keepOut: keepOut?.polygons ?? null,
    fibre: fibre?.lines ?? null,
    model: model?.model ?? null,
    antenna: antenna?.antenna ?? null,
    membership,
    summaries: [
      demand.summary,
      ...(evaluated ? [{ ...evaluated.summary, role: 'evaluate' as const }] : []),
      ...(measurements?.summaries ?? []),
      ...[existing, candidates, keepOut, regions, lines, model, antenna, fibre].flatMap(
        (part) => part?.summary ?? [],
      ),
    ],
  };
  if (findings.errorCount === 0) crossCheck(scenario, inputs, findings);
  const warnings = findings.all
    .filter(({ severity }) => severity === 'warning')
    .map(({ file, message }) => (file === undefined ? message : `${file}: ${message}`));
  return { ...inputs, warnings };
}

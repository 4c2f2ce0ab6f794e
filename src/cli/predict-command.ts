import { Command } from 'commander';
import { InputError } from '../errors.ts';
import { PLAN_FLAGS, resolveFlags } from '../input/flags.ts';
import { refuseOutside } from '../input/outside-paths.ts';
import { readScenario } from '../input/read-scenario.ts';
import type { GeoBox } from '../input/terrain/area.ts';
import { createPool } from '../parallel/pool.ts';
import { predict, type PredictOptions } from '../predict.ts';
import { jsonText } from '../report/json-text.ts';
import {
  openPredictionOutput,
  predictionJson,
  predictionText,
  writePrediction,
} from '../report/write-prediction.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan predict scenario.yaml --on-air candidates --resolution 50 --out out/today
  mastplan predict scenario.yaml --sites sites.geojson --lines roads.geojson --out out/roads
  mastplan predict scenario.yaml --sites sites.geojson --terrain dem.tif --model p1812 --bbox -0.2,51.4,0,51.5 --out out/p1812

Writes rsrp.tif, sinr.tif, probability.tif, server.tif (UTM, with overviews) and prediction.json.
Exit codes: 0 done, 2 bad input, 4 the environment failed, 130 interrupted (nothing written).`;

/** Flags of `plan` that mean something here. */
const SHARED_KEYS =
  /^(demand|existing|candidates\.file|regions|radio|service|terrain|clutter|solver\.(threads|memory))/;

interface OwnOptions {
  readonly out: string;
  readonly sites?: string;
  readonly onAir: string;
  readonly resolution: number;
  readonly bbox?: GeoBox;
  readonly lines?: string;
  readonly load: number;
  readonly noiseFigure: number;
  readonly allowOutside?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

/** `mastplan predict [scenario]`: coverage of given sites, no optimisation. */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('Coverage rasters and statistics of given sites.')
    .argument('[scenario]', 'scenario file, YAML or JSON')
    .requiredOption('--out <dir>', 'folder the rasters are written to')
    .option('--sites <file>', 'sites on air (instead of those of the scenario)')
    .option('--on-air <existing|candidates>', 'which sites of the scenario are on air', 'existing')
    .option('--resolution <metres>', 'side of a cell', numberAbove('--resolution', 0), 50)
    .option('--bbox <west,south,east,north>', 'area in degrees (default: demand and sites)', boxOf)
    .option('--lines <file>', 'roads or railways whose covered kilometres are stated')
    .option('--load <share>', 'share of resource elements other cells use', shareOf, 0.5)
    .option('--noise-figure <db>', "noise figure of the user's device", numberAbove('--noise-figure', -1), 7);
  for (const { key, flags, description } of PLAN_FLAGS) {
    if (SHARED_KEYS.test(key)) command.option(flags, description);
  }
  return command
    .option('--allow-outside', 'let the scenario name files outside its own folder')
    .option('--force', 'write into a folder that holds files of others')
    .option('--json', 'prediction.json on stdout')
    .option('--quiet', 'no summary, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runPredict);
}

async function runPredict(scenarioPath: string | undefined, options: OwnOptions): Promise<void> {
  const overrides = resolveFlags(options as unknown as Record<string, unknown>);
  const loaded = await readScenario(scenarioPath ?? null, overrides);
  if (options.allowOutside !== true) await refuseOutside(loaded, overrides);
  const progress = createProgress({
    enabled: options.progress && options.quiet !== true,
    stream: process.stderr,
  });
  const pool = await createPool({ threads: threadCount(loaded.scenario.solver.threads) });
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      const prediction = await predict(loaded, {
        sites: options.sites === undefined ? onAir(options.onAir) : { file: options.sites },
        cellM: options.resolution,
        box: options.bbox ?? null,
        linesFile: options.lines,
        load: options.load,
        noiseFigureDb: options.noiseFigure,
        executor: pool,
        signal,
        onProgress: progress.report,
      });
      process.exitCode = exitCode() ?? 0;
      if (exitCode() !== null) return;
      const output = await openPredictionOutput(options.out, options.force === true);
      try {
        await writePrediction(prediction, output);
      } finally {
        await output.close();
      }
      progress.end();
      if (options.json === true) process.stdout.write(jsonText(predictionJson(prediction)));
      else if (options.quiet !== true) process.stdout.write(predictionText(prediction));
    });
  } finally {
    progress.end();
    await pool.close();
  }
}

function onAir(value: string): PredictOptions['sites'] {
  if (value === 'existing' || value === 'candidates') return value;
  throw badFlag('--on-air', 'existing or candidates', value);
}

function numberAbove(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > least) return value;
    throw badFlag(flag, `a number above ${least}`, text);
  };
}

function shareOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw badFlag('--load', 'a share from 0 to 1', text);
}

function boxOf(text: string): GeoBox {
  const [west = NaN, south = NaN, east = NaN, north = NaN, ...more] = text.split(',').map(Number);
  const isBox = west >= -180 && east <= 180 && west < east && south >= -84 && north <= 84 && south < north;
  if (isBox && more.length === 0) return { west, south, east, north };
  throw badFlag('--bbox', 'west,south,east,north in degrees', text);
}

function badFlag(flag: string, wanted: string, got: string): InputError {
  return new InputError(`${flag} must be ${wanted}, got "${got}".`, { code: 'flag-value' });
}

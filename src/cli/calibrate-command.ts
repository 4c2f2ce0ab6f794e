import { Command, InvalidArgumentError, Option } from 'commander';
import type { CalibrateRequest } from '../calibrate.ts';
import { calibrate } from '../calibrate.ts';
import { modelDocument } from '../report/calibration-document.ts';
import { calibrationSummary } from '../report/calibration-summary.ts';
import { jsonText } from '../report/json-text.ts';
import { openCalibrationOutput, writeCalibration } from '../report/write-calibration.ts';
import { createProgress } from './progress.ts';

const EXAMPLES = `
Examples:
  mastplan calibrate --sites sites.geojson --measurements drive.csv --out out/model
  mastplan calibrate --sites sites.geojson --measurements drive.csv --terrain tiles/ --clutter cover.tif --out out/model
  mastplan calibrate --sites stations.geojson --measurements relative.csv --offset per-site --out out/model

Writes model.json (for radio.modelFile of a scenario) and calibration.html.
Exit codes: 0 calibrated, 2 bad input, 3 too little data (the published model stays), 4 the environment failed.`;

interface CalibrateFlags extends Omit<CalibrateRequest, 'measurements'> {
  readonly measurements: string[];
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('a number is expected.');
  return value;
}

function positive(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('a number greater than 0 is expected.');
  return value;
}

function count(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('a whole number is expected.');
  return value;
}

/** `mastplan calibrate`: fits a propagation model to measurements; writes the model and its error statistics. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('Fit a propagation model to measurements of known sites; write it with its errors.')
    .requiredOption(
      '--sites <file>',
      'sites with position; height_m, azimuths, tilt_deg, eirp_dbm where known',
    )
    .requiredOption('--measurements <file...>', 'measured RSRP, path loss or relative levels')
    .requiredOption('--out <dir>', 'folder for model.json and calibration.html')
    .addOption(new Option('--form <form>', 'form of the model').choices(['auto', 'log-distance', 'spm']))
    .addOption(
      new Option('--offset <offset>', 'one intercept, or one per site').choices([
        'auto',
        'common',
        'per-site',
      ]),
    )
    .addOption(new Option('--technology <name>', 'of the measured carrier').choices(['lte', 'nr']))
    .option('--frequency-mhz <MHz>', 'where sites give none', positive)
    .option('--bandwidth-mhz <MHz>', 'of the measured carrier', positive)
    .option('--time-zone <name>', 'IANA zone of timestamps without an offset')
    .option('--user-height-m <m>', 'receiver above ground (default 1.5)', positive)
    .option('--horizontal-beamwidth-deg <deg>', 'of the sectors (default 65)', positive)
    .option('--vertical-beamwidth-deg <deg>', 'of the sectors (default 10)', positive)
    .option('--antenna <file>', 'MSI / Planet pattern of the sectors; stands in for both beamwidths')
    .option(
      '--terrain <file>',
      'heights: GeoTIFF, .hgt or a folder of tiles; fits K4 (diffraction) and K6 of an SPM',
    )
    .option('--clutter <file>', 'land-cover classes (GeoTIFF); fits a loss for each class')
    .option('--crs <name>', 'coordinate system of the terrain, where it names none')
    .option('--min-distance-m <m>', 'nearer measurements are set aside (default 100)', positive)
    .option('--max-distance-m <m>', 'farther measurements are set aside (default 30000)', positive)
    .option('--floor-dbm <dBm>', 'levels at or below are set aside (default -124 for RSRP)', number)
    .option('--bin-m <m>', 'averaging squares (default 40 wavelengths, 10-50 m)', positive)
    .option('--block-m <m>', 'blocks of the cross-validation (default 250)', positive)
    .option('--buffer-m <m>', 'buffer around tested blocks (default 100)', positive)
    .option('--seeds <count>', 'repetitions of the cross-validation (default 10)', count)
    .option('--force', 'write into a folder that holds files of others')
    .option('--json', 'model.json on stdout too')
    .option('--quiet', 'no summary, no progress')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runCalibrate);
}

async function runCalibrate(flags: CalibrateFlags): Promise<void> {
  const progress = createProgress({
    enabled: flags.progress && flags.quiet !== true,
    stream: process.stderr,
  });
  try {
    const result = await calibrate(flags, { onProgress: progress.report });
    const output = await openCalibrationOutput(flags.out, flags.force === true);
    try {
      await writeCalibration(result, output);
    } finally {
      await output.close();
    }
    progress.end();
    if (flags.json === true) process.stdout.write(jsonText(modelDocument(result)));
    else if (flags.quiet !== true) process.stdout.write(calibrationSummary(result, flags.out));
    process.exitCode = result.status === 'calibrated' ? 0 : 3;
  } finally {
    progress.end();
  }
}

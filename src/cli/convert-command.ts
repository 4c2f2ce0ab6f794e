import { Command } from 'commander';
import { convertFile } from '../convert.ts';
import { sanitizeForTerminal } from '../report/terminal-text.ts';
import { maxErrorsOption } from './flag-values.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';

const EXAMPLES = `
Examples:
  mastplan convert data/helsinki/users.geojson.gz users.gpkg
  mastplan convert drive-test.csv drive-test.geojson.gz
  mastplan convert wards.shp wards.fgb

Formats are told by content on reading and by the ending on writing: .geojson .json .ndjson .geojsonl .geojsons .csv .tsv
(also with .gz), .gpkg .fgb .parquet. Exit codes: 0 written; nothing is written with 2 bad input, 4 the environment failed, 130 interrupted.`;

interface ConvertFlags {
  readonly maxErrors: number;
  readonly json?: boolean;
  readonly progress: boolean;
}

/** `mastplan convert <in> <out>`: the same features in another format. */
export function convertCommand(): Command {
  return new Command('convert')
    .description('Rewrite features in another format; every value kept, identifiers of people dropped.')
    .argument('<in>', 'file to read, any dialect of docs/formats.md')
    .argument('<out>', 'file to write; its ending names the format')
    .addOption(maxErrorsOption())
    .option('--json', 'what was done as one JSON document on stdout')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(async (input: string, output: string, flags: ConvertFlags) => {
      const progress = createProgress({ enabled: flags.progress, stream: process.stderr, delayS: 1 });
      const { maxErrors } = flags;
      const result = await withInterrupt(
        ({ signal }) => convertFile(input, output, { maxErrors, signal, onProgress: progress.report }),
        'nothing is written',
      ).finally(() => progress.end());
      const dropped = Object.entries(result.identifiersDropped).map(([name, count]) => `${name} (${count})`);
      const lines = [
        `${output}: ${result.features} features, ${result.from} to ${result.to}`,
        ...(dropped.length === 0 ? [] : [`dropped as identifiers: ${dropped.join(', ')}`]),
      ];
      const text = flags.json === true ? JSON.stringify(result) : lines.map(sanitizeForTerminal).join('\n');
      process.stdout.write(`${text}\n`);
    });
}

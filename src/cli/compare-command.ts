import { Command } from 'commander';
import { compareRuns } from '../compare.ts';
import { InputError } from '../errors.ts';
import { comparisonText } from '../report/comparison-text.ts';
import { jsonText } from '../report/json-text.ts';
import { readRun } from '../report/read-run.ts';
import { writeComparison } from '../report/write-comparison.ts';

const EXAMPLES = `
Examples:
  mastplan compare out/ottawa out/forty
  mastplan compare out/a out/b out/c --json
  mastplan compare out/a out/b --out out/compared     # compare.html: maps side by side, linked`;

interface Options {
  readonly movedWithin: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** `mastplan compare <run> <run> ...`: scenarios side by side, each against the first. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Scenarios side by side: cost, coverage, sites shared and different, users won and lost.')
    .argument('<run...>', 'output folders of mastplan plan; the first is what the others are compared with')
    .option('--moved-within <metres>', 'a site this near to one of the other run counts as moved', '500')
    .option('--out <dir>', 'write comparison.json and compare.html there')
    .option('--force', 'write into a folder that holds files of others')
    .option('--json', 'the comparison as one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .action(runCompare);
}

async function runCompare(dirs: readonly string[], options: Options): Promise<void> {
  if (dirs.length < 2) {
    throw new InputError('compare needs at least two runs.', {
      code: 'too-few-runs',
      hint: 'Name two --out folders.',
    });
  }
  const movedWithinM = Number(options.movedWithin);
  if (!(movedWithinM >= 0)) {
    throw new InputError(`--moved-within must be a distance in metres, got "${options.movedWithin}".`, {
      code: 'bad-flag',
    });
  }
  const runs = [];
  for (const dir of dirs) runs.push(await readRun(dir));
  const comparison = compareRuns(distinctNames(runs, dirs), { movedWithinM });
  if (options.out !== undefined) await writeComparison(comparison, dirs, options.out, options.force === true);
  process.stdout.write(options.json === true ? jsonText(comparison) : comparisonText(comparison));
}

/** Folders of the same name keep their whole path as name. */
function distinctNames<Run extends { readonly name: string }>(
  runs: readonly Run[],
  dirs: readonly string[],
): Run[] {
  return runs.map((run, k) => {
    const unique = runs.filter(({ name }) => name === run.name).length === 1;
    return unique ? run : { ...run, name: dirs[k]! };
  });
}

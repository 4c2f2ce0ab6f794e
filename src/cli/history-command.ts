import { Command, Option } from 'commander';
import { history } from '../history.ts';
import type { Language } from '../report/words/words.ts';
import { writeHistory } from '../report/write-history.ts';

const EXAMPLES = `
Example:
  mastplan history out/2020-Q3 out/2020-Q4 --out out/history`;

interface OwnOptions {
  readonly out: string;
  readonly lang: Language;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

/** `mastplan history DIR...`: the series of all quarters, from the folders that assess wrote. */
export function historyCommand(): Command {
  return new Command('history')
    .description('Draw the series of all quarters from finished assessments.')
    .argument('<dirs...>', 'folders that mastplan assess wrote, in any order')
    .requiredOption('--out <dir>', 'folder the results are written to')
    .addOption(new Option('--lang <language>', 'language of the page').choices(['en', 'zh']).default('en'))
    .option('--force', 'write into a folder that holds files of others')
    .option('--quiet', 'no summary')
    .addHelpText('after', EXAMPLES)
    .action(async (dirs: string[], options: OwnOptions) => {
      const result = await history(dirs);
      await writeHistory(result, options.out, { force: options.force === true, language: options.lang });
      const quarters = result.assessments.map(({ quarter, status }) => `${quarter}: ${status}`);
      if (options.quiet !== true) {
        process.stdout.write(`${quarters.join('\n')}\n\nWritten to ${options.out}\n`);
      }
    });
}

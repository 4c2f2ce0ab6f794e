import type { HistoryResult } from '../history.ts';
import type { OutputFolder } from './atomic.ts';
import { openOutput } from './atomic.ts';
import { csvField } from './escape.ts';
import { historyPage, historySeries } from './history-page.ts';
import { jsonText } from './json-text.ts';
import type { WrittenFiles } from './write-plan.ts';
import type { Language } from './words/words.ts';

const HISTORY_FILES = ['history.csv', 'history.html', 'history.json'] as const;

export interface WriteHistoryOptions {
  readonly force?: boolean | undefined;
  readonly language?: Language | undefined;
}

/**
 * Writes the series of all quarters: page, table, data; history.json last.
 * @throws InputError when the folder holds files of others, EnvironmentError when it is locked or not writable.
 */
export async function writeHistory(
  result: HistoryResult,
  dir: string,
  options: WriteHistoryOptions = {},
): Promise<WrittenFiles> {
  const quarters = result.assessments.map(({ quarter }) => quarter);
  const series = historySeries(result, 'en');
  const output: OutputFolder = await openOutput(dir, {
    force: options.force,
    mayWrite: HISTORY_FILES,
    completionFile: 'history.json',
  });
  try {
    const rows = [
      ['series', 'name', 'unit', 'target', ...quarters],
      ...series.map(({ id, name, unit, target, values }) => [id, name, unit, target, ...values.map(round6)]),
    ];
    await output.stage('history.csv', rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join(''));
    await output.stage('history.html', await historyPage(result, options.language ?? 'en'));
    await output.stage(
      'history.json',
      jsonText({
        format: 'mastplan-history',
        version: 1,
        files: HISTORY_FILES,
        quarters,
        series: series.map((line) => ({ ...line, values: line.values.map(round6) })),
      }),
    );
    return { dir: output.dir, files: await output.commit() };
  } finally {
    await output.close();
  }
}

function round6(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6;
}

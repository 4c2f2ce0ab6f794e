/** Best coverage within a budget, and small partial covers: values that are known to be optimal. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row, RunOptions } from '../benchmark.ts';
import { runMastplan } from './mastplan.ts';

export const name = 'budgets and small partial covers';
export const question =
  'Are the optimal values of the SJC, BDS and GRID files found and proved, and how soon?';

const folder = fileURLToPath(new URL('../../../shared/instances/', import.meta.url));
const LIMIT_S = 60;

/** "Optimal values computed here" of the instances' README. */
const CASES: readonly (readonly [file: string, args: string, optimum: number])[] = [
  ['mclp/SJC324.txt', '--radius 800 --budget-sites 1', 5461],
  ['mclp/SJC324.txt', '--radius 800 --budget-sites 2', 8790],
  ['mclp/SJC324.txt', '--radius 800 --budget-sites 3', 11604],
  ['mclp/SJC324.txt', '--radius 800 --budget-sites 4', 12106],
  ['mclp/SJC324.txt', '--radius 800 --budget-sites 5', 12152],
  ['mclp/SJC402.txt', '--radius 800 --budget-sites 2', 11339],
  ['mclp/SJC402.txt', '--radius 800 --budget-sites 4', 15658],
  ['mclp/SJC402.txt', '--radius 800 --budget-sites 6', 15984],
  ['mclp/SJC500.txt', '--radius 800 --budget-sites 4', 17794],
  ['mclp/SJC500.txt', '--radius 800 --budget-sites 8', 19707],
  ['mclp/SJC708.txt', '--radius 800 --budget-sites 4', 20338],
  ['mclp/SJC708.txt', '--radius 800 --budget-sites 6', 22504],
  ['mclp/SJC708.txt', '--radius 800 --budget-sites 11', 24192],
  ['mclp/SJC324.txt', '--radius 800 --share 0.95', 3],
  ['mclp/SJC324.txt', '--radius 800 --share 0.99', 4],
  ['mclp/SJC708.txt', '--radius 800 --share 0.95', 7],
  ['mclp/SJC708.txt', '--radius 800 --share 0.99', 9],
  ['bds/BDS10000A.txt', '--radius 5.5 --share 0.5', 5],
  ['bds/BDS10000A.txt', '--radius 5.5 --share 0.7', 7],
  ['bds/BDS10000A.txt', '--radius 5.5 --share 0.95', 13],
  ['bds/BDS10000A.txt', '--radius 6.25 --budget-sites 10', 485802],
  ['bds/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat', '--radius 5.5 --share 0.5', 73],
  ['bds/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat', '--radius 5.5 --share 0.95', 334],
];

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  if (!existsSync(folder)) {
    log('left out: ../shared/instances is not beside the clone');
    return [];
  }
  const rows: Row[] = [];
  for (const [file, args, optimum] of CASES) {
    const label = `${file.replace(/^.*\/|\.\w+$/g, '')} ${args.replaceAll('--', '')}`;
    if (!label.includes(only)) continue;
    const ours = await runMastplan(folder + file, [...args.split(' '), '--time-limit', String(LIMIT_S)]);
    log(`${label}: ${ours.value} (optimum ${optimum}), ${ours.status}, ${ours.seconds} s`);
    rows.push({
      label,
      metrics: [
        { name: 'optimum', unit: '', value: optimum, better: 'info' },
        {
          name: 'value',
          unit: '',
          value: ours.value,
          better: args.includes('budget') ? 'larger' : 'smaller',
          noise: 0,
        },
        {
          name: 'bound',
          unit: '',
          value: ours.bound,
          better: args.includes('budget') ? 'smaller' : 'larger',
          noise: 0,
        },
        { name: 'seconds', unit: 's', value: ours.seconds, better: 'smaller', noise: 0.3 },
      ],
      note: ours.status,
    });
  }
  return rows;
}

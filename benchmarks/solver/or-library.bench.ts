/** OR-Library set covering, 5 s a file (rail516: 30 s), against the best known values. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row, RunOptions } from '../benchmark.ts';
import { runMastplan } from './mastplan.ts';

export const name = 'OR-Library';
export const question =
  'How far above the best known values is a full cover after 5 s a file (rail516: 30 s)?';

const folder = fileURLToPath(new URL('../../../shared/instances/', import.meta.url));

/** Groups as the acceptance list takes them together. */
const GROUPS: readonly { readonly label: string; readonly files: RegExp; readonly limitS: number }[] = [
  { label: 'scp4x, 5x, 6x', files: /^scp[456]\d+\.txt$/, limitS: 5 },
  { label: 'scpa-e', files: /^scp[a-e]\d\.txt$/, limitS: 5 },
  { label: 'scpnr, clr, cyc', files: /^scp(nr|clr|cyc)/, limitS: 5 },
  { label: 'rail516', files: /^rail516/, limitS: 30 },
];

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  if (!existsSync(folder)) {
    log('left out: ../shared/instances is not beside the clone');
    return [];
  }
  const best = bestKnown();
  const files = readdirSync(`${folder}orlib`).toSorted();
  const rows: Row[] = [];
  for (const { label, files: pattern, limitS } of GROUPS) {
    const group = files.filter((file) => pattern.test(file) && `${label} ${file}`.includes(only));
    if (group.length === 0) continue;
    const ratios: number[] = [];
    const proved: string[] = [];
    const above: string[] = [];
    for (const file of group) {
      const known = best.get(file);
      if (known === undefined) throw new Error(`no best known value for ${file}`);
      const args = ['--time-limit', String(limitS), '--effort', 'thorough'];
      const ours = await runMastplan(`${folder}orlib/${file}`, args);
      if (ours.value === null || ours.bound === null) throw new Error(`no cover of ${file}`);
      log(
        `${file}: ${ours.value} (best known ${known}), bound ${ours.bound}, ${ours.status}, ${ours.seconds} s`,
      );
      ratios.push(ours.value / known);
      if (ours.status === 'optimal') proved.push(file);
      if (ours.value > known) above.push(`${file.replace('.txt', '')} ${ours.value}/${known}`);
    }
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    rows.push({
      label,
      metrics: [
        { name: 'files', unit: '', value: group.length, better: 'info' },
        {
          name: 'at best known',
          unit: '',
          value: group.length - above.length,
          better: 'larger',
          noise: 0.05,
        },
        { name: 'proved', unit: '', value: proved.length, better: 'larger', noise: 0.05 },
        { name: 'mean cost / best', unit: '', value: mean, better: 'smaller', noise: 0.002 },
      ],
      note: above.length === 0 ? 'none above' : above.join(', '),
    });
  }
  return rows;
}

/** The table of the instances' README: file, rows, cols, edges, best known, ... */
function bestKnown(): Map<string, number> {
  const rows = readFileSync(`${folder}README.md`, 'utf8').matchAll(
    /^\| (\S+\.txt) \|(?: \d+ \|){3} (\d+) \|/gm,
  );
  return new Map([...rows].map((row) => [row[1] ?? '', Number(row[2])]));
}

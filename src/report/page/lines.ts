import { formatKm } from '../format-km.ts';
import { percentDown } from '../numbers.ts';
import type { PageLines } from '../page-lines-types.ts';
import { fill, type Words } from '../words/words.ts';
import { h, table } from './dom.ts';
import type { PageContext, Part } from './part.ts';

/** Kilometres of lines served, by group and region. Hidden where the scenario names none. */
export function createLines({ model, words }: PageContext): Part {
  const { lines } = model.data;
  const update = (): void => undefined;
  if (lines === null) return { element: h('section', { hidden: true }), update };
  const { rows, pieceM, drawn } = lines;
  const { totalMm, todayMm, servedMm } = rows[0]!;
  const answer = fill(words.linesAnswer, {
    km: formatKm(totalMm),
    today: formatKm(todayMm),
    served: formatKm(servedMm),
    share: percentDown(servedMm, totalMm),
  });
  const lead = fill(words.linesLead, { pieceM });
  const regional = rows.filter(({ region }) => region !== null);
  const element = h(
    'section',
    { class: 'lines' },
    h('h2', {}, words.lines),
    h('p', { class: 'lead' }, h('strong', {}, answer)),
    h('p', { class: 'lead' }, drawn === null ? `${lead} ${words.linesNotDrawn}` : lead),
    rowTable(
      words.linesTable,
      rows.filter(({ region }) => region === null),
      words,
    ),
    regional.length === 0
      ? null
      : h(
          'details',
          {},
          h('summary', {}, words.linesByRegion),
          rowTable(words.linesByRegion, regional, words),
        ),
  );
  return { element, update };
}

function rowTable(caption: string, rows: PageLines['rows'], words: Words): HTMLElement {
  const withRegion = rows.some(({ region }) => region !== null);
  const header = [
    words.linesGroup,
    ...(withRegion ? [words.region] : []),
    words.linesKm,
    words.linesToday,
    words.linesServed,
    words.linesShare,
    words.linesUnknown,
  ];
  const cells = rows.map(({ group, region, totalMm, todayMm, servedMm, highMm }) => [
    group === null ? words.linesAll : group === '' ? words.linesUngrouped : group,
    ...(withRegion ? [region ?? '–'] : []),
    formatKm(totalMm),
    formatKm(todayMm),
    formatKm(servedMm),
    percentDown(servedMm, totalMm),
    percentDown(highMm, totalMm),
  ]);
  const first = withRegion ? 2 : 1;
  return table(caption, header, cells, [first, first + 1, first + 2, first + 3, first + 4]);
}

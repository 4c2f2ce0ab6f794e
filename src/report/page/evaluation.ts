import { formatUsers, percentDown } from '../numbers.ts';
import type { PageEvaluatedScope, PageEvaluation } from '../page-evaluation-types.ts';
import { fill, requiredWords, whoWords, type Words } from '../words/words.ts';
import { linePath, position, ticks, type Axis } from './chart.ts';
import { h, s, table } from './dom.ts';
import type { PageContext, Part } from './part.ts';

const HEIGHT = 260;
const MARGIN = { left: 62, right: 14, top: 14, bottom: 34 };
/** Room a name under the chart takes, pixels. */
const LABEL_PX = 96;
const DOT = 3;
const DOT_MISSED = 4.5;

/** The finished plan on periods it was not made for: the answer, the share by period of the worst users first, a table. */
export function createEvaluation({ model, words, store }: PageContext): Part {
  const { evaluation } = model.data;
  if (evaluation === null) return { element: h('section', { hidden: true }), update: () => undefined };
  const figure = h('div', { class: 'chart' });
  let width = 0;
  const draw = (): void => {
    if (width > 0) figure.replaceChildren(drawChart(evaluation, Number(select.value), words, width));
  };
  const select = h(
    'select',
    { id: 'evaluated', onchange: draw },
    ...evaluation.scopes.map((scope, index) => h('option', { value: String(index) }, whoText(scope, words))),
  );
  new ResizeObserver(() => {
    if (figure.clientWidth === width) return;
    width = figure.clientWidth;
    draw();
  }).observe(figure);
  const element = h(
    'section',
    { class: 'evaluation' },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, words.evaluation),
      h(
        'div',
        { class: 'field-inline no-print', hidden: evaluation.scopes.length === 1 },
        h('label', { for: 'evaluated' }, words.evaluationWho),
        select,
      ),
    ),
    h('p', { class: 'lead' }, h('strong', {}, evaluation.sentence[store.get().language])),
    h('p', { class: 'lead' }, words.evaluationLead),
    figure,
    h('details', {}, h('summary', {}, words.evaluationTable), worstTable(evaluation, words)),
  );
  return { element, update: () => undefined };
}

function whoText(scope: PageEvaluatedScope, words: Words): string {
  return requiredWords(words, whoWords(words, scope), scope.backup);
}

function shareOf({ totalMilli, servedMilli }: PageEvaluatedScope, period: number): number {
  return totalMilli[period] === 0 ? 1 : servedMilli[period]! / totalMilli[period]!;
}

function isMissed({ servedMilli, needMilli }: PageEvaluatedScope, period: number): boolean {
  const need = needMilli[period] ?? null;
  return need !== null && servedMilli[period]! < need;
}

function drawChart(
  { periods, scopes }: PageEvaluation,
  chosen: number,
  words: Words,
  width: number,
): SVGElement {
  const scope = scopes[chosen]!;
  const shares = periods.map((_, period) => shareOf(scope, period));
  const required = scope.requiredShare.filter((share) => share !== null);
  const x: Axis = {
    from: 0,
    to: Math.max(1, periods.length - 1),
    start: MARGIN.left + DOT_MISSED,
    end: width - MARGIN.right - DOT_MISSED,
  };
  const y: Axis = { ...shareRange([...shares, ...required]), start: HEIGHT - MARGIN.bottom, end: MARGIN.top };
  const at = (period: number): [number, number] => [position(x, period), position(y, shares[period]!)];
  const label = fill(words.evaluationChart, { who: whoText(scope, words) });
  return s(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': label },
    ...shareAxis(y, x),
    ...periodLabels(periods, x, y),
    requiredLine(scope, x, y, words),
    s('path', { class: 'line chosen', d: linePath(shares.map((_, period) => at(period))) }),
    ...periods.map((name, period) => {
      const [cx, cy] = at(period);
      const missed = isMissed(scope, period);
      const share = percentDown(scope.servedMilli[period]!, scope.totalMilli[period]!);
      const text = `${fill(words.evaluationPeriod, { period: name, share })}${missed ? ` (${words.missed})` : ''}`;
      return s(
        'circle',
        { class: missed ? 'evaluated missed' : 'evaluated', cx, cy, r: missed ? DOT_MISSED : DOT },
        s('title', {}, text),
      );
    }),
  );
}

/** Whole percents, or tenths where the shares lie closer: from just under the lowest to just over the highest. */
function shareRange(values: readonly number[]): Pick<Axis, 'from' | 'to'> {
  const low = values.reduce((a, b) => Math.min(a, b), 1);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  const step = high - low < 0.01 ? 0.001 : 0.01;
  const from = Math.max(0, Math.floor(low / step - 0.2) * step);
  return { from, to: Math.min(1, Math.ceil(high / step + 0.2) * step) };
}

function shareAxis(y: Axis, { start, end }: Axis): SVGElement[] {
  const digits = y.to - y.from < 0.05 ? 1 : 0;
  return [
    ...ticks(y).flatMap((share) => [
      s('line', { class: 'grid', x1: start, x2: end, y1: position(y, share), y2: position(y, share) }),
      s(
        'text',
        { class: 'tick', x: start - 10, y: position(y, share) + 4, 'text-anchor': 'end' },
        `${(share * 100).toFixed(digits)} %`,
      ),
    ]),
    s('line', { class: 'axis', x1: start, x2: end, y1: y.start, y2: y.start }),
  ];
}

/** As many names as have room, each with a mark at its period. */
function periodLabels(periods: readonly string[], x: Axis, y: Axis): SVGElement[] {
  const room = Math.max(1, Math.floor((x.end - x.start) / LABEL_PX));
  const step = Math.max(1, Math.ceil(periods.length / room));
  const stepPx = position(x, step) - position(x, 0);
  return periods.flatMap((name, period) => {
    const here = position(x, period);
    // A name at the right end stands before its mark, where that does not run into the one before.
    const isLast = period > 0 && here > x.end - LABEL_PX / 3;
    if (period % step !== 0 || (isLast && stepPx < 1.5 * LABEL_PX)) return [];
    return [
      s('line', { class: 'axis', x1: here, x2: here, y1: y.start, y2: y.start + 4 }),
      s(
        'text',
        { class: 'tick', x: here, y: y.start + 18, 'text-anchor': isLast ? 'end' : 'middle' },
        shortened(name),
      ),
    ];
  });
}

function shortened(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}

/** The share asked for: a rule, broken where no target speaks of a period. */
function requiredLine({ requiredShare }: PageEvaluatedScope, x: Axis, y: Axis, words: Words): SVGElement {
  const half = (x.end - x.start) / Math.max(1, requiredShare.length - 1) / 2;
  return s(
    'g',
    {},
    ...runsOf(requiredShare).flatMap(({ share, from, to }) => {
      const x1 = Math.max(x.start, position(x, from) - half);
      const height = position(y, share);
      const text = fill(words.curveTarget, { share: `${Number((share * 100).toFixed(6))} %` });
      return [
        s('line', {
          class: 'rule',
          x1,
          x2: Math.min(x.end, position(x, to) + half),
          y1: height,
          y2: height,
        }),
        s('text', { class: 'rule-label', x: x1 + 6, y: height - 5 }, text),
      ];
    }),
  );
}

function runsOf(shares: readonly (number | null)[]): { share: number; from: number; to: number }[] {
  const runs: { share: number; from: number; to: number }[] = [];
  shares.forEach((share, period) => {
    const last = runs.at(-1);
    if (share === null) return;
    if (last?.share === share && last.to === period - 1) last.to = period;
    else runs.push({ share, from: period, to: period });
  });
  return runs;
}

function worstTable({ periods, scopes }: PageEvaluation, words: Words): HTMLElement {
  const rows = scopes.flatMap((scope) => periods.map((name, period) => ({ scope, name, period })));
  const margin = ({ scope, period }: (typeof rows)[number]): number =>
    shareOf(scope, period) - (scope.requiredShare[period] ?? -1);
  rows.sort((a, b) => margin(a) - margin(b));
  return table(
    words.evaluationTable,
    [words.region, words.period, words.required, words.reached, words.users, ''],
    rows.map(({ scope, name, period }) => {
      const required = scope.requiredShare[period] ?? null;
      const asked = required === null ? '–' : `${Number((required * 100).toFixed(6))} %`;
      return [
        whoWords(words, scope),
        name,
        requiredWords(words, asked, scope.backup),
        percentDown(scope.servedMilli[period]!, scope.totalMilli[period]!),
        formatUsers(scope.totalMilli[period]!),
        required === null ? '–' : isMissed(scope, period) ? words.missed : words.met,
      ];
    }),
    [2, 3, 4],
  );
}

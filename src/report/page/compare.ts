import { formatBound, formatCost, formatGap, formatPercent, formatUsers } from '../numbers.ts';
import { areaText } from '../comparison-area.ts';
import type { ComparisonPageData } from '../page-comparison-types.ts';
import { requiredWords, whoWords, WORDS } from '../words/words.ts';
import { h, table } from './dom.ts';
import type { MapView } from './map.ts';
import { createMap, extentOf, joinExtents } from './map.ts';
import { createModel } from './model.ts';
import { openingState } from './opening-state.ts';
import { createPlainStore } from './state.ts';

/** `compare.html`: runs in a table, their targets, what differs, and maps that move together. */
function start(): void {
  const { comparison, pages } = JSON.parse(
    document.getElementById('data')!.textContent!,
  ) as ComparisonPageData;
  const words = WORDS[pages[0]!.language];
  const { runs, targets, differences } = comparison;
  const share = (value: number): string => formatPercent(Math.floor(value * 10_000 + 1e-9) / 10_000);
  const runRows = runs.map((run) => [
    run.name,
    run.status,
    formatCost(run.sites),
    formatCost(run.cost),
    formatBound(run.lowerBound),
    formatGap(run.gap),
    share(Math.min(...run.periods.map(({ reached }) => reached))),
    areaText(run.areas),
  ]);
  const runHeader = [
    words.compareRun,
    words.howStatus,
    words.numberSites,
    words.colCost,
    words.traceBound,
    words.traceGap,
    words.numberShare,
    words.compareArea,
  ];
  const targetRows = targets.map((target) => [
    requiredWords(words, whoWords(words, target), target.backup ?? 1),
    target.period,
    ...target.shares.map((one) => (one === null ? '–' : `${one.met ? '✓' : '✗'} ${share(one.reached)}`)),
  ]);
  const differenceRows = differences.flatMap((difference) =>
    difference.users.map((users, k) => [
      k === 0 ? difference.name : '',
      k === 0 ? String(difference.sitesInCommon.length) : '',
      k === 0 ? String(difference.sitesMoved.length) : '',
      k === 0 ? String(difference.sitesOnlyHere.length) : '',
      k === 0 ? String(difference.sitesOnlyInFirst.length) : '',
      k === 0 ? (difference.areas[0]?.servedKm2.toFixed(1) ?? '–') : '',
      users.period,
      formatUsers(users.won * 1000),
      formatUsers(users.lost * 1000),
    ]),
  );
  const differenceHeader = [
    words.compareRun,
    words.compareCommon,
    words.compareMoved,
    words.compareOnlyHere,
    words.compareOnlyFirst,
    words.compareAreaChange,
    words.period,
    words.compareWon,
    words.compareLost,
  ];
  const app = h(
    'main',
    { id: 'app' },
    h('h1', { class: 'answer' }, words.compareTitle),
    h('p', { class: 'answer-more' }, words.compareLead),
    h(
      'section',
      {},
      h('h2', {}, words.compareRuns),
      table(words.compareRuns, runHeader, runRows, [2, 3, 4, 5, 6, 7]),
    ),
    maps(
      pages,
      runs.map(({ name }) => name),
    ),
    h(
      'section',
      { hidden: targetRows.length === 0 },
      h('h2', {}, words.compareTargets),
      table(
        words.compareTargets,
        [words.region, words.period, ...runs.map(({ name }) => name)],
        targetRows,
        runs.map((_, k) => k + 2),
      ),
    ),
    h(
      'section',
      {},
      h('h2', {}, words.compareDifferences),
      table(words.compareDifferences, differenceHeader, differenceRows, [1, 2, 3, 4, 5, 7, 8]),
    ),
  );
  document.getElementById('app')!.replaceWith(app);
  document.body.dataset['ready'] = 'yes';
}

/** One map a run, of one extent; pan, zoom and period go to all. */
function maps(pages: ComparisonPageData['pages'], names: readonly string[]): HTMLElement {
  const words = WORDS[pages[0]!.language];
  const models = pages.map(createModel);
  const extent = models.map(extentOf).reduce(joinExtents);
  const stores = models.map((model) => createPlainStore(openingState(model.data)));
  const views: MapView[] = models.map((model, k) =>
    createMap(model, stores[k]!, words, { extent, id: `map-${k + 1}` }),
  );
  views.forEach((view, k) => {
    view.onView((transform) => {
      for (const other of views) if (other !== view) other.follow(transform);
    });
    stores[k]!.listen(() => view.redraw());
  });
  const periods = [...new Set(pages.flatMap((page) => page.periods))];
  const period = h(
    'select',
    {
      id: 'period',
      onchange: () => {
        models.forEach((model, k) => {
          const index = model.data.periods.indexOf(period.value);
          if (index >= 0) stores[k]!.set({ period: index });
        });
      },
    },
    ...periods.map((name) => h('option', { value: name }, name)),
  );
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const view of views) {
      view.recolor();
      view.redraw();
    }
  });
  const first = models[0]!.data;
  period.value = first.periods[stores[0]!.get().period] ?? '';
  return h(
    'section',
    {},
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, words.map),
      h(
        'div',
        { class: 'field-inline no-print', hidden: periods.length < 2 },
        h('label', { for: 'period' }, words.period),
        period,
      ),
    ),
    h(
      'div',
      { class: 'side-by-side' },
      ...views.map((view, k) => h('figure', {}, h('figcaption', {}, names[k]!), view.element)),
    ),
  );
}

start();

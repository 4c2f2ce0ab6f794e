import { csvField } from '../escape.ts';
import { formatCost, formatUsers, percentDown, shareDown } from '../numbers.ts';
import { reasonSentence } from '../reason.ts';
import { fill } from '../words/words.ts';
import { h } from './dom.ts';
import type { PageContext, Part } from './part.ts';
import type { State } from './state.ts';

interface Row {
  readonly rank: number;
  readonly text: string;
  readonly element: HTMLTableRowElement;
  readonly cells: Readonly<Record<Column, HTMLTableCellElement>>;
}

const COLUMNS = ['rank', 'id', 'phase', 'region', 'cost', 'new', 'share', 'alone', 'reason'] as const;
type Column = (typeof COLUMNS)[number];
const NUMERIC: readonly Column[] = ['rank', 'cost', 'new', 'share', 'alone'];

/** Sorts by every column, filters, downloads as CSV; a row and its marker light up together. */
export function createSitesTable(context: PageContext): Part {
  const { model, store, words } = context;
  const { data } = model;
  let sortBy: Column = 'rank';
  let descending = false;
  const rows = data.sites.map((_, rank) => createRow(context, rank));
  const body = h('tbody', {}, ...rows.map((row) => row.element));
  const shown = h('span', { class: 'muted', role: 'status' });
  const filter = h('input', {
    id: 'filter',
    type: 'search',
    placeholder: words.sitesFilterHint,
    oninput: () => arrange(store.get()),
  });
  const titles: Record<Column, string> = {
    rank: words.colRank,
    id: words.colId,
    phase: words.colPhase,
    region: words.colRegion,
    cost: words.colCost,
    new: words.colNew,
    share: words.colShare,
    alone: words.colAlone,
    reason: words.colReason,
  };
  const heads = COLUMNS.map((column) => {
    const button = h(
      'button',
      {
        type: 'button',
        onclick: () => {
          descending = sortBy === column && !descending;
          sortBy = column;
          arrange(store.get());
        },
      },
      titles[column],
    );
    const head = h('th', { scope: 'col', class: NUMERIC.includes(column) ? 'number' : null }, button);
    return { column, head };
  });
  const value = (rank: number, column: Column, period: number): number | string => {
    const site = data.sites[rank]!;
    if (column === 'cost') return site.cost;
    if (column === 'new') return site.newMilli[period]!;
    if (column === 'alone') return site.aloneMilli[period]!;
    if (column === 'rank' || column === 'share') return rank;
    return rows[rank]!.cells[column].textContent ?? '';
  };
  const arrange = ({ period }: State): void => {
    const wanted = filter.value.trim().toLowerCase();
    const order = [...rows].sort((a, b) => {
      const [left, right] = [value(a.rank, sortBy, period), value(b.rank, sortBy, period)];
      const compared =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : String(left).localeCompare(String(right), undefined, { numeric: true });
      return (descending ? -compared : compared) || a.rank - b.rank;
    });
    const visible = order.filter((row) => row.text.includes(wanted));
    body.replaceChildren(...visible.map((row) => row.element));
    shown.textContent = fill(words.sitesShown, { shown: visible.length, all: rows.length });
    for (const { column, head } of heads) {
      if (column === sortBy) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  };
  return {
    element: h(
      'section',
      { class: 'sites', hidden: rows.length === 0 },
      h('h2', {}, words.sites),
      h(
        'div',
        { class: 'toolbar no-print' },
        h('label', { for: 'filter' }, words.sitesFilter),
        filter,
        shown,
        h(
          'button',
          { type: 'button', id: 'download', onclick: () => download(context) },
          words.sitesDownload,
        ),
      ),
      h(
        'div',
        { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': words.sites },
        h(
          'table',
          { class: 'site-table' },
          h('caption', { class: 'visually-hidden' }, words.sites),
          h('thead', {}, h('tr', {}, ...heads.map(({ head }) => head))),
          body,
        ),
      ),
    ),
    update(state) {
      for (const row of rows) updateRow(context, row, state);
      arrange(state);
    },
  };
}

function createRow({ model, store, words }: PageContext, rank: number): Row {
  const site = model.data.sites[rank]!;
  const cells = Object.fromEntries(
    COLUMNS.map((column) => [column, h('td', { class: NUMERIC.includes(column) ? 'number' : column })]),
  ) as Record<Column, HTMLTableCellElement>;
  const choose = h(
    'button',
    {
      type: 'button',
      class: 'row-button',
      onclick: (event) => {
        event.stopPropagation();
        store.set({ site: rank });
      },
    },
    site.id,
  );
  cells.rank.textContent = String(rank + 1);
  cells.id.append(choose);
  cells.phase.textContent = model.data.phases[site.phase]?.name ?? '';
  cells.region.textContent = site.region ?? '';
  cells.cost.textContent = formatCost(site.cost);
  cells.reason.textContent = reasonSentence(words, site.reason);
  const element = h(
    'tr',
    { 'data-rank': rank + 1, onclick: () => store.set({ site: rank }) },
    ...COLUMNS.map((column) => cells[column]),
  );
  const text = [site.id, cells.phase.textContent, site.region ?? '', cells.reason.textContent]
    .join('\n')
    .toLowerCase();
  return { rank, text, element, cells };
}

function updateRow({ model }: PageContext, row: Row, { period, built, site }: State): void {
  const scope = model.scopes[period]!;
  const { newMilli, aloneMilli } = model.data.sites[row.rank]!;
  row.cells.new.textContent = formatUsers(newMilli[period]!);
  row.cells.alone.textContent = formatUsers(aloneMilli[period]!);
  row.cells.share.textContent = percentDown(scope.servedMilli[row.rank + 1]!, scope.totalMilli);
  row.element.classList.toggle('planned', row.rank >= built);
  row.element.classList.toggle('chosen', row.rank === site);
  if (row.rank === site) row.element.setAttribute('aria-current', 'true');
  else row.element.removeAttribute('aria-current');
}

function download(context: PageContext): void {
  const link = h('a', {
    href: URL.createObjectURL(new Blob([`\ufeff${sitesCsv(context)}`], { type: 'text/csv;charset=utf-8' })),
    download: 'sites.csv',
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** All sites in building order; names can never become formulas. */
function sitesCsv({ model, words }: PageContext): string {
  const { data } = model;
  const perPeriod = (name: string): string[] => data.periods.map((period) => `${name}_${period}`);
  const header = [
    'rank',
    'id',
    'phase',
    'region',
    'lon',
    'lat',
    'cost',
    'configuration',
    ...perPeriod('new_users'),
    ...perPeriod('share_after'),
    ...perPeriod('served_alone'),
    'reason',
  ];
  const lines = data.sites.map((site, rank) => [
    rank + 1,
    site.id,
    data.phases[site.phase]?.name ?? null,
    site.region,
    site.lon,
    site.lat,
    site.cost,
    data.configurations[site.configuration]!.id,
    ...site.newMilli.map((users) => users / 1000),
    ...model.scopes.map((scope) => shareDown(scope.servedMilli[rank + 1]!, scope.totalMilli)),
    ...site.aloneMilli.map((users) => users / 1000),
    reasonSentence(words, site.reason),
  ]);
  return [header, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

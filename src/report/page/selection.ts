import { formatCost, formatUsers, percentDown } from '../numbers.ts';
import { reasonSentence } from '../reason.ts';
import { fill, type Words } from '../words/words.ts';
import { cellState } from './cell-painter.ts';
import { h } from './dom.ts';
import type { Hits } from './map-hits.ts';
import type { Cells } from './model.ts';
import type { PageContext, Part } from './part.ts';
import { usersLeft, type CellParts } from './service-cells.ts';
import { stepText } from './sinr.ts';
import type { State } from './state.ts';

/** What stands at the place clicked, or the site chosen by table or keyboard; read out by screen readers. */
export function createSelection(context: PageContext): Part & { show(hits: Hits): void } {
  const { store, words } = context;
  const body = h('div', { class: 'selection-body', 'aria-live': 'polite' });
  const clear = h(
    'button',
    {
      type: 'button',
      class: 'quiet no-print',
      onclick: () => {
        hits = null;
        store.set({ site: null, region: null });
      },
    },
    words.selectionClear,
  );
  let hits: Hits | null = null;
  return {
    element: h(
      'section',
      { class: 'panel selection', 'aria-label': words.selection },
      h('div', { class: 'panel-head' }, h('h2', {}, words.selection), clear),
      body,
    ),
    show(found) {
      hits = found;
    },
    update(state) {
      if (state.site !== null && hits?.site !== state.site) hits = null;
      const blocks = [
        ...(state.site === null ? [] : [siteBlock(context, state, state.site)]),
        ...(hits === null ? [] : hitBlocks(context, state, hits)),
      ];
      clear.hidden = blocks.length === 0 && state.region === null;
      body.replaceChildren(
        ...(blocks.length > 0 ? blocks : [h('p', { class: 'muted' }, words.selectionNone)]),
      );
    },
  };
}

function block(title: string, lines: readonly (readonly [string, string])[], text?: string): HTMLElement {
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, title),
    text === undefined ? null : h('p', {}, text),
    h('dl', {}, ...lines.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
  );
}

function siteBlock({ model, words }: PageContext, state: State, rank: number): HTMLElement {
  const { data } = model;
  const site = data.sites[rank]!;
  const scope = model.scopes[state.period]!;
  const title = fill(words.siteTitle, { rank: rank + 1, id: site.id });
  const configuration = data.configurations[site.configuration]!;
  return block(
    rank < state.built ? title : `${title} – ${words.siteNotBuilt}`,
    [
      [words.colPhase, data.phases[site.phase]?.name ?? ''],
      [words.colNew, formatUsers(site.newMilli[state.period]!)],
      [words.colAlone, formatUsers(site.aloneMilli[state.period]!)],
      [words.colShare, percentDown(scope.servedMilli[rank + 1]!, scope.totalMilli)],
      [words.colCost, formatCost(site.cost)],
      [words.colConfiguration, configuration.id],
      [words.position, `${site.lat.toFixed(5)}, ${site.lon.toFixed(5)}`],
    ],
    reasonSentence(words, site.reason),
  );
}

function hitBlocks(context: PageContext, state: State, hits: Hits): HTMLElement[] {
  const { model, words } = context;
  const { data, bins } = model;
  const blocks: HTMLElement[] = [];
  if (hits.cell !== null && hits.service === state.service) blocks.push(cellBlock(context, state, hits.cell));
  if (hits.existing !== null) {
    blocks.push(block(fill(words.existingTitle, { id: data.existing.ids[hits.existing]! }), []));
  }
  if (hits.bin !== null && bins !== null && data.bins !== null) {
    const mean = bins.meanDbm[hits.bin]!.toFixed(1);
    const text = fill(words.binText, { mean, samples: bins.samples[hits.bin]!, side: data.bins.binM });
    blocks.push(block(words.binTitle, [], text));
  }
  if (hits.gap !== null) {
    const gap = data.gaps[hits.gap]!;
    blocks.push(block(words.gapTitle, [[words.users, formatUsers(usersLeft(gap, state))]]));
  }
  const place: [string, string][] = [[words.position, `${hits.lat.toFixed(5)}, ${hits.lon.toFixed(5)}`]];
  if (hits.region !== null) place.unshift([words.region, hits.region]);
  blocks.push(block('', place));
  return blocks;
}

type Shown = Pick<PageContext, 'model' | 'words'>;

/** Users of every service at a point, and who serves them. */
function pointBlock(
  context: Shown,
  state: State,
  cells: Cells,
  { all, start }: CellParts,
  point: number,
): HTMLElement {
  const { model, words } = context;
  const rows: [string, string][] = [];
  for (let k = start[point]!; k < start[point + 1]!; k++) {
    const users = formatCost(all.usersMilli[state.period]![k]! / 1000);
    const now = plannedText(context, cellState(all, state.period, state.built, k), all.rank[k]!);
    rows.push([model.services[model.serviceOf(k)]!.name, fill(words.cellOfService, { users, now })]);
  }
  return block(words.cellTitle, [
    [words.cellUsers, formatCost(cells.usersMilli[state.period]![point]! / 1000)],
    ...rows,
    ...noRoomRow(cells.noRoomMilli?.[state.period]?.[point], words),
    ...sinrRow(cells.sinr?.[state.period]?.[point], model.data.sinr?.leastDb, words),
  ]);
}

/** Who serves users in this state: today's network, the site of a rank, or nobody. */
function plannedText({ model, words }: Shown, servedNow: number, rank: number): string {
  if (servedNow === 1) return fill(words.cellBySite, { rank, id: model.data.sites[rank - 1]!.id });
  return servedNow === 0 ? words.cellServed : words.cellNotServed;
}

function cellBlock({ model, words }: PageContext, state: State, i: number): HTMLElement {
  const { data } = model;
  const cells = model.cellsOf(state.service);
  if (cells.parts !== null) return pointBlock({ model, words }, state, cells, cells.parts, i);
  const code = cells.state[state.period]![i]!;
  const rank = cells.rank[i]!;
  const servedNow = cellState(cells, state.period, state.built, i);
  const evidence = [
    words.evidenceMeasured,
    words.evidencePredicted,
    words.evidenceInterpolated,
    words.evidenceUnknown,
  ][code % 4]!;
  const members = cells.members?.[i] ?? 1;
  return block(members > 1 ? fill(words.cellTitleMerged, { count: members }) : words.cellTitle, [
    [words.cellUsers, formatCost(cells.usersMilli[state.period]![i]! / 1000)],
    [words.cellToday, code >= 4 ? words.cellServed : words.cellNotServed],
    [words.cellPlanned, plannedText({ model, words }, servedNow, rank)],
    ...noRoomRow(cells.noRoomMilli?.[state.period]?.[i], words),
    ...sinrRow(cells.sinr?.[state.period]?.[i], data.sinr?.leastDb, words),
    [words.cellEvidence, evidence],
  ]);
}

function sinrRow(step: number | undefined, leastDb: number | undefined, words: Words): [string, string][] {
  const text = step === undefined || leastDb === undefined ? null : stepText(step, leastDb, words);
  return text === null ? [] : [[words.cellSinr, text]];
}

function noRoomRow(users: number | undefined, words: Words): [string, string][] {
  return users === undefined ? [] : [[words.loadsUsersNoRoom, formatCost(users / 1000)]];
}

import { formatBound, formatCost, formatGap, formatUsersUp, percentDown } from '../numbers.ts';
import { fill } from '../words/words.ts';
import { h } from './dom.ts';
import type { Scope } from './model.ts';
import type { PageContext, Part } from './part.ts';
import type { State } from './state.ts';
import { THEMES } from './state.ts';

/** Name, status, the answer, and the two settings that change the whole page. */
export function createHeader({ model, store, words }: PageContext): HTMLElement {
  const { data } = model;
  const { language, theme } = store.get();
  const [first = '', ...rest] = data.answer[language];
  const themeWords = { auto: words.themeAuto, light: words.themeLight, dark: words.themeDark };
  const themeSelect = h(
    'select',
    {
      id: 'theme',
      onchange: () => store.set({ theme: THEMES.find((name) => name === themeSelect.value) ?? 'auto' }),
    },
    ...THEMES.map((name) => h('option', { value: name, selected: name === theme }, themeWords[name])),
  );
  const other = language === 'en' ? 'zh' : 'en';
  return h(
    'header',
    {},
    h('a', { class: 'skip', href: '#map', onclick: (event) => focusMap(event) }, words.skipToMap),
    h(
      'div',
      { class: 'top' },
      h('p', { class: 'name' }, data.name),
      h('span', { class: `badge ${data.feasible ? 'good' : 'bad'}` }, statusWord({ model, store, words })),
      h(
        'div',
        { class: 'settings no-print' },
        h('label', { for: 'theme', class: 'visually-hidden' }, words.theme),
        themeSelect,
        h(
          'button',
          {
            type: 'button',
            id: 'language',
            lang: other === 'zh' ? 'zh-Hans' : 'en',
            onclick: () => store.set({ language: other }),
          },
          other === 'zh' ? '中文' : 'English',
        ),
      ),
    ),
    h('h1', { class: 'answer' }, first),
    ...rest.map((sentence) => h('p', { class: 'answer-more' }, sentence)),
  );
}

/** The fragment is the state of the page, so the skip link moves the focus itself. */
function focusMap(event: Event): void {
  event.preventDefault();
  document.getElementById('map')?.focus();
}

function statusWord({ model, words }: PageContext): string {
  const { status, feasible, budget } = model.data;
  if (status === 'interrupted') return words.statusInterrupted;
  if (budget !== null) return words.statusBudget;
  if (status === 'optimal') return words.statusOptimal;
  if (feasible) return words.statusFeasible;
  return status === 'unknown' ? words.statusUnknown : words.statusInfeasible;
}

/** Three numbers: share of the worst period, sites and cost, gap to the bound. They follow the slider. */
export function createNumbers({ model, words }: PageContext): Part {
  const { data } = model;
  const share = numberCard(data.periods.length > 1 ? words.numberShare : words.numberShareOne);
  const sites = numberCard(words.numberSites);
  const gap = numberCard(words.numberGap);
  [gap.value.textContent, gap.note.textContent] = gapWords({ model, words });
  return {
    element: h(
      'section',
      { class: 'numbers', 'aria-label': words.statusFeasible },
      share.card,
      sites.card,
      gap.card,
    ),
    update({ built }) {
      const worst = worstScope(model.scopes, built);
      if (worst !== null) {
        share.value.textContent = percentDown(worst.servedMilli[built]!, worst.totalMilli, 1);
        const today = percentDown(worst.servedMilli[0]!, worst.totalMilli, 1);
        const period = data.periods[worst.period]!;
        share.note.textContent =
          data.periods.length > 1
            ? fill(words.numberShareNote, { period, today })
            : fill(words.numberShareNoteOne, { today });
      }
      sites.value.textContent = formatCost(built);
      sites.note.textContent = fill(data.unitCosts ? words.numberSitesNoteUnit : words.numberSitesNote, {
        all: formatCost(data.sites.length),
        cost: formatCost(model.costAfter[built]!),
        total: formatCost(data.cost),
        existing: formatCost(data.existing.ids.length),
      });
    },
  };
}

function numberCard(label: string): { card: HTMLElement; value: HTMLElement; note: HTMLElement } {
  const value = h('p', { class: 'value' });
  const note = h('p', { class: 'note' });
  return { card: h('div', { class: 'number-card' }, h('h2', {}, label), value, note), value, note };
}

function gapWords({ model, words }: Pick<PageContext, 'model' | 'words'>): [string, string] {
  const { budget, feasible, gap, lowerBound } = model.data;
  if (budget !== null) {
    return [
      formatGap(budget.gap),
      fill(words.numberGapBudget, { bound: formatUsersUp(budget.upperBoundMilli) }),
    ];
  }
  if (!feasible) return ['–', words.numberGapNone];
  if (gap === 0) return [formatGap(0), words.numberGapProved];
  return [formatGap(gap), fill(words.numberGapNote, { bound: formatBound(lowerBound) })];
}

/** The period with the smallest share at this slider position. */
export function worstScope(scopes: readonly Scope[], built: State['built']): Scope | null {
  let worst: Scope | null = null;
  for (const scope of scopes) {
    if (
      worst === null ||
      scope.servedMilli[built]! * worst.totalMilli < worst.servedMilli[built]! * scope.totalMilli
    ) {
      worst = scope;
    }
  }
  return worst;
}

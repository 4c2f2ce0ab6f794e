import { formatUsers, formatUsersUp, percentDown } from '../numbers.ts';
import { fill, requiredWords, whoWords } from '../words/words.ts';
import { h, table } from './dom.ts';
import type { Target } from './model.ts';
import type { PageContext, Part } from './part.ts';

interface Row {
  readonly region: string | null;
  readonly service: string | null;
  readonly required: string;
  readonly backup: number;
  readonly targets: (Target | null)[];
}

/** Region x period, coloured by margin, worst row first at the slider position; a click shows it on the map. */
export function createTargets({ model, store, words }: PageContext): Part {
  const { data } = model;
  const rows = groupRows(model.targets, data.periods.length);
  const body = h('tbody');
  const evidence = h('div');
  const element = h(
    'section',
    { class: 'targets', hidden: rows.length === 0 },
    h('h2', {}, words.targets),
    h('p', { class: 'lead' }, words.targetsLead),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': words.targetsCaption },
      h(
        'table',
        { class: 'matrix' },
        h('caption', { class: 'visually-hidden' }, words.targetsCaption),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, words.region),
            h('th', { scope: 'col', class: 'number' }, words.required),
            ...data.periods.map((name) => h('th', { scope: 'col', class: 'number' }, name)),
          ),
        ),
        body,
      ),
    ),
    h('details', {}, h('summary', {}, words.targetsAll), evidence),
  );
  return {
    element,
    update({ built, period, region, service }) {
      const serviceName = service === null ? null : data.services![service]!.name;
      const focused = body.contains(document.activeElement)
        ? document.activeElement?.getAttribute('data-key')
        : null;
      const ordered = [...rows].sort((a, b) => worstMargin(a, built) - worstMargin(b, built));
      body.replaceChildren(
        ...ordered.map((row) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, whoWords(words, row)),
            h('td', { class: 'number' }, requiredWords(words, row.required, row.backup)),
            ...row.targets.map((target) => {
              if (target === null) return h('td', { class: 'number muted' }, '–');
              const chosen =
                target.period === period && target.region === region && target.page.service === serviceName;
              return targetCell({ model, store, words }, target, built, chosen);
            }),
          ),
        ),
      );
      if (typeof focused === 'string')
        body.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
      evidence.replaceChildren(evidenceTable({ model, store, words }, built));
    },
  };
}

function groupRows(targets: readonly Target[], periods: number): Row[] {
  const rows = new Map<string, Row>();
  for (const target of targets) {
    const { service, required, backup } = target.page;
    const key = JSON.stringify([target.region, service, required, backup]);
    const row = rows.get(key) ?? {
      region: target.region,
      service,
      required,
      backup,
      targets: new Array<Target | null>(periods).fill(null),
    };
    row.targets[target.period] = target;
    rows.set(key, row);
  }
  return [...rows.values()];
}

function margin(target: Target, built: number): number {
  return (target.servedMilli[built]! - target.page.needMilli) / Math.max(1, target.totalMilli);
}

function worstMargin(row: Row, built: number): number {
  return Math.min(...row.targets.map((target) => (target === null ? Infinity : margin(target, built))));
}

function targetCell(
  { model, store, words }: PageContext,
  target: Target,
  built: number,
  chosen: boolean,
): HTMLElement {
  const isMet = target.servedMilli[built]! >= target.page.needMilli;
  const level = !isMet ? 'missed' : margin(target, built) < 0.005 ? 'met-just' : 'met-well';
  const share = percentDown(target.servedMilli[built]!, target.totalMilli);
  const { service } = target.page;
  const who = whoWords(words, { region: target.region, service });
  const name = `${who}, ${model.data.periods[target.period]!}`;
  const index = model.services.findIndex((own) => own.name === service);
  const button = h(
    'button',
    {
      type: 'button',
      'data-key': `${target.region ?? ''}|${target.period}|${target.page.required}|${target.page.backup}|${service ?? ''}`,
      'aria-pressed': String(chosen),
      'aria-label': `${name}: ${share}, ${isMet ? words.met : words.missed}`,
      title: marginText({ words }, target, built),
      onclick: () =>
        store.set({ region: target.region, period: target.period, service: index < 0 ? null : index }),
    },
    h('span', { 'aria-hidden': 'true' }, isMet ? '✓ ' : '✗ '),
    share,
  );
  return h('td', { class: `number cell ${level}` }, button);
}

function marginText({ words }: Pick<PageContext, 'words'>, target: Target, built: number): string {
  const spare = target.servedMilli[built]! - target.page.needMilli;
  return spare >= 0
    ? fill(words.spare, { users: formatUsers(spare) })
    : fill(words.short, { users: formatUsersUp(-spare) });
}

/** Every target, with the evidence of the finished plan. */
function evidenceTable({ model, words }: PageContext, built: number): HTMLElement {
  const header = [
    words.region,
    words.period,
    words.colPhase,
    words.required,
    words.today,
    words.reached,
    words.margin,
    words.users,
    words.evidenceMeasured,
    words.evidencePredicted,
    words.evidenceInterpolated,
    words.evidenceUnknown,
  ];
  const rows = model.targets.map((target) => [
    whoWords(words, { region: target.region, service: target.page.service }),
    model.data.periods[target.period]!,
    model.data.phases[target.page.phase]?.name ?? '',
    requiredWords(words, target.page.required, target.page.backup),
    percentDown(target.servedMilli[0]!, target.totalMilli),
    percentDown(target.servedMilli[built]!, target.totalMilli),
    marginText({ words }, target, built),
    formatUsers(target.totalMilli),
    ...target.page.evidence.map(formatUsers),
  ]);
  return table(words.targetsAll, header, rows, [3, 4, 5, 7, 8, 9, 10, 11]);
}

import { formatCost, formatUsers, percentDown } from '../numbers.ts';
import { sinrLimitsDb } from '../sinr-steps.ts';
import { fill, type Words } from '../words/words.ts';
import { h } from './dom.ts';
import { SIGNAL_LIMITS_DBM } from './map-painter.ts';
import type { PageContext, Part } from './part.ts';
import type { LayerName } from './state.ts';

/** Period, build-order slider with phases marked on it, and the numbers at its position. */
export function createControls({ model, store, words }: PageContext): Part {
  const { data } = model;
  const siteCount = data.sites.length;
  const periodSelect = h(
    'select',
    { id: 'period', onchange: () => store.set({ period: periodSelect.selectedIndex }) },
    ...data.periods.map((name) => h('option', {}, name)),
  );
  const serviceSelect = h(
    'select',
    {
      id: 'service',
      onchange: () =>
        store.set({ service: serviceSelect.selectedIndex === 0 ? null : serviceSelect.selectedIndex - 1 }),
    },
    h('option', {}, words.servicesAll),
    ...model.services.map(({ name }) => h('option', {}, name)),
  );
  const slider = h('input', {
    id: 'built',
    type: 'range',
    min: 0,
    max: siteCount,
    step: 1,
    disabled: siteCount === 0,
    oninput: () => store.set({ built: Number(slider.value) }),
  });
  const step = (by: number): void => {
    store.set({ built: Math.min(siteCount, Math.max(0, store.get().built + by)) });
  };
  const valueText = h('output', { for: 'built', id: 'built-value' });
  const phaseText = h('span', { class: 'muted' });
  const lines = {
    served: h('dd', { id: 'now-served' }),
    users: h('dd'),
    cost: h('dd'),
    targets: h('dd', { id: 'now-targets' }),
  };
  const element = h(
    'section',
    { class: 'panel controls', 'aria-label': words.buildOrder },
    h(
      'div',
      { class: 'field', hidden: data.periods.length < 2 },
      h('label', { for: 'period' }, words.period),
      periodSelect,
    ),
    h(
      'div',
      { class: 'field', hidden: model.services.length === 0 },
      h('label', { for: 'service' }, words.service),
      serviceSelect,
    ),
    h(
      'div',
      { class: 'field' },
      h('label', { for: 'built' }, words.buildOrder),
      h('div', { class: 'built-line' }, valueText, phaseText),
      h(
        'div',
        { class: 'slider-row no-print' },
        h('button', { type: 'button', 'aria-label': words.stepBack, onclick: () => step(-1) }, '‹'),
        h('div', { class: 'slider' }, slider, phaseMarks({ model, store, words })),
        h('button', { type: 'button', 'aria-label': words.stepForward, onclick: () => step(1) }, '›'),
      ),
    ),
    h(
      'dl',
      { class: 'now' },
      h(
        'div',
        {},
        h('dt', {}, data.periods.length > 1 ? words.nowServed : words.numberShareOne),
        lines.served,
      ),
      h('div', {}, h('dt', {}, words.nowUsers), lines.users),
      h('div', {}, h('dt', {}, words.nowCost), lines.cost),
      h('div', { hidden: data.targets.length === 0 }, h('dt', {}, words.nowTargets), lines.targets),
    ),
  );
  return {
    element,
    update({ period, service, built }) {
      periodSelect.selectedIndex = period;
      serviceSelect.selectedIndex = service === null ? 0 : service + 1;
      slider.value = String(built);
      const text = built === 0 ? words.buildToday : fill(words.buildValue, { count: built, all: siteCount });
      slider.setAttribute('aria-valuetext', text);
      valueText.textContent = text;
      const phase = built === 0 ? undefined : data.phases[data.sites[built - 1]!.phase];
      phaseText.textContent = phase === undefined ? '' : `${words.phase}: ${phase.name}`;
      const scope = (service === null ? model.scopes : model.services[service]!.scopes)[period]!;
      lines.served.textContent = percentDown(scope.servedMilli[built]!, scope.totalMilli);
      lines.users.textContent = `${formatUsers(scope.servedMilli[built]!)} / ${formatUsers(scope.totalMilli)}`;
      lines.cost.textContent = formatCost(model.costAfter[built]!);
      const met = model.targets.filter(
        (target) => target.servedMilli[built]! >= target.page.needMilli,
      ).length;
      lines.targets.textContent = fill(words.nowTargetsValue, { met, all: model.targets.length });
    },
  };
}

/** A tick on the slider where each phase ends; a click goes there. */
function phaseMarks({ model, store, words }: PageContext): HTMLElement {
  const { data } = model;
  const ends = data.phases.filter(
    (phase, index) => phase.sites > 0 && phase.sites !== data.phases[index + 1]?.sites,
  );
  return h(
    'div',
    { class: 'phase-marks' },
    ...ends.map((phase) => {
      const label = fill(words.phaseEnds, { name: phase.name, count: phase.sites });
      const mark = h(
        'button',
        {
          type: 'button',
          title: label,
          'aria-label': label,
          onclick: () => store.set({ built: phase.sites }),
        },
        String(phase.sites),
      );
      mark.style.left = `${(100 * phase.sites) / Math.max(1, data.sites.length)}%`;
      return mark;
    }),
  );
}

/** Squares are struck through as well as coloured; bare points are too small for it. */
function sinrNote(least: number, isPoints: boolean, words: Words): string {
  const limits = sinrLimitsDb(least);
  const note = fill(words.layerSinrNote, { low: limits[0]!, high: limits.at(-1)! });
  return isPoints ? note : fill(words.layerSinrStruck, { note, least });
}

/** Layer switches that are the legend as well: each shows the mark it stands for. */
export function createLayers({ model, store, words }: PageContext): Part {
  const { data } = model;
  const low = SIGNAL_LIMITS_DBM[0];
  const high = SIGNAL_LIMITS_DBM.at(-1)!;
  const rows: [LayerName, string, string, boolean][] = [
    ['today', words.layerToday, '', true],
    ['new', words.layerNew, '', true],
    ['open', words.layerOpen, model.cells.points ? words.legendUsersArea : words.legendUsers, true],
    [
      'sinr',
      words.layerSinr,
      sinrNote(data.sinr?.leastDb ?? 0, model.cells.points, words),
      data.sinr !== null,
    ],
    ['lines', words.layerLines, words.layerLinesNote, (data.lines?.drawn ?? null) !== null],
    ['sites', words.layerSites, words.layerSitesNote, data.sites.length > 0],
    ['areas', words.layerAreas, '', data.sites.length > 0],
    ['existing', words.layerExisting, '', data.existing.ids.length > 0],
    ['bins', words.layerBins, fill(words.legendDbm, { low, high }), data.bins !== null],
    ['gaps', words.layerGaps, '', data.gaps.length > 0],
    ['regions', words.layerRegions, '', data.regions.length > 0],
  ];
  const boxes = rows
    .filter(([, , , present]) => present)
    .map(([name, text, note]) => {
      const box = h('input', {
        type: 'checkbox',
        id: `layer-${name}`,
        onchange: () => {
          const layers = new Set(store.get().layers);
          if (box.checked) layers.add(name);
          else layers.delete(name);
          store.set({ layers });
        },
      });
      const swatch = h(
        'span',
        { class: `swatch swatch-${name}`, 'aria-hidden': 'true' },
        name === 'sites' ? '1' : '',
      );
      const label = h(
        'label',
        { for: `layer-${name}` },
        swatch,
        h('span', {}, text, note === '' ? null : h('small', {}, note)),
      );
      return { name, box, row: h('li', {}, box, label) };
    });
  return {
    element: h(
      'section',
      { class: 'panel layers', 'aria-label': words.layers },
      h('h2', {}, words.layers),
      h('ul', {}, ...boxes.map(({ row }) => row)),
    ),
    update({ layers }) {
      for (const { name, box, row } of boxes) {
        box.checked = layers.has(name);
        row.classList.toggle('off', !layers.has(name));
      }
    },
  };
}

import { formatBound, formatCost } from '../numbers.ts';
import { fill, whoWords } from '../words/words.ts';
import type { Axis } from './chart.ts';
import { axisLines, linePath, position } from './chart.ts';
import { h, s } from './dom.ts';
import type { Scope } from './model.ts';
import type { PageContext, Part } from './part.ts';
import type { State } from './state.ts';

const HEIGHT = 300;
const MARGIN = { left: 56, right: 14, top: 14, bottom: 30 };

/** Coverage against sites or cost: a line a period, targets as rules, the proven bound dashed, the slider marked. */
export function createCurve(context: PageContext): Part {
  const { model, store, words } = context;
  const figure = h('div', { class: 'chart' });
  const axisSelect = h(
    'select',
    { id: 'axis', onchange: () => store.set({ axis: axisSelect.value === 'cost' ? 'cost' : 'sites' }) },
    h('option', { value: 'sites' }, words.curveSites),
    h('option', { value: 'cost' }, words.curveCost),
  );
  let width = 0;
  const draw = (state: State): void => {
    axisSelect.value = state.axis;
    if (width > 0) figure.replaceChildren(drawCurve(context, state, width));
  };
  new ResizeObserver(() => {
    if (figure.clientWidth === width) return;
    width = figure.clientWidth;
    draw(store.get());
  }).observe(figure);
  return {
    element: h(
      'section',
      { class: 'curve', hidden: model.data.sites.length === 0 },
      h(
        'div',
        { class: 'section-head' },
        h('h2', {}, words.curve),
        h(
          'div',
          { class: 'field-inline no-print', hidden: model.data.unitCosts },
          h('label', { for: 'axis' }, words.curveAxis),
          axisSelect,
        ),
      ),
      h('p', { class: 'lead' }, hasBound(context) ? words.curveLead : words.curveLeadNoBound),
      figure,
    ),
    update: draw,
  };
}

function hasBound({ model }: PageContext): boolean {
  return model.data.budget === null && model.data.feasible && model.data.lowerBound > 0;
}

function drawCurve(context: PageContext, state: State, width: number): SVGElement {
  const { model, words } = context;
  const { data, costAfter } = model;
  const byCost = state.axis === 'cost';
  const along = (built: number): number => (byCost ? costAfter[built]! : built);
  const scopes = scopesOf(context, state);
  const x: Axis = { from: 0, to: along(data.sites.length), start: MARGIN.left, end: width - MARGIN.right };
  const least = Math.min(...scopes.map((scope) => scope.servedMilli[0]! / Math.max(1, scope.totalMilli)));
  const y: Axis = {
    from: Math.floor(least * 10) / 10,
    to: 1,
    start: HEIGHT - MARGIN.bottom,
    end: MARGIN.top,
  };
  const line = (scope: Scope): string =>
    linePath(
      Array.from(scope.servedMilli, (served, built) => [
        position(x, along(built)),
        position(y, served / Math.max(1, scope.totalMilli)),
      ]),
    );
  const chosen = scopes.find((scope) => scope.period === state.period);
  const required = [
    ...new Set(
      data.targets
        .filter(
          ({ region, service, backup }) =>
            region === state.region && service === chosenService(context, state) && backup === 1,
        )
        .map((target) => target.requiredShare),
    ),
  ];
  const title = fill(words.curveOf, {
    region: whoWords(words, { region: state.region, service: chosenService(context, state) }),
    axis: byCost ? words.curveCost : words.curveSites,
  });
  const here = position(x, along(state.built));
  return s(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': title },
    axisLines(x, y, { x: formatCost, y: (share) => `${Math.round(share * 100)} %` }),
    ...required.flatMap((share) => [
      s('line', { class: 'rule', x1: x.start, x2: x.end, y1: position(y, share), y2: position(y, share) }),
      s(
        'text',
        { class: 'rule-label', x: x.start + 6, y: position(y, share) - 5 },
        fill(words.curveTarget, { share: `${Number((share * 100).toFixed(6))} %` }),
      ),
    ]),
    ...scopes
      .filter((scope) => scope !== chosen)
      .map((scope) => s('path', { class: 'line', d: line(scope) })),
    chosen === undefined ? null : s('path', { class: 'line chosen', d: line(chosen) }),
    boundLine(context, state, x, y),
    s('line', { class: 'here', x1: here, x2: here, y1: y.start, y2: y.end }),
    chosen === undefined
      ? null
      : s('circle', {
          class: 'here-dot',
          cx: here,
          cy: position(y, chosen.servedMilli[state.built]! / Math.max(1, chosen.totalMilli)),
          r: 4.5,
        }),
  );
}

/** Name of the service looked at; null = all. */
function chosenService({ model }: PageContext, { service }: State): string | null {
  return service === null ? null : model.services[service]!.name;
}

/** The curves of the selected region where it has targets, else of all users; of the service looked at. */
function scopesOf(context: PageContext, state: State): readonly Scope[] {
  const { model } = context;
  const everywhere = state.service === null ? model.scopes : model.services[state.service]!.scopes;
  if (state.region === null) return everywhere;
  const service = chosenService(context, state);
  const seen = new Set<number>();
  const regional = model.targets.filter((target) => {
    const isOther = target.region !== state.region || target.page.service !== service;
    if (isOther || target.page.backup > 1 || seen.has(target.period)) return false;
    seen.add(target.period);
    return true;
  });
  return regional.length > 0 ? regional : everywhere;
}

function boundLine(context: PageContext, state: State, x: Axis, y: Axis): SVGElement | null {
  const { model, words } = context;
  if (!hasBound(context) || (state.axis === 'sites' && !model.data.unitCosts)) return null;
  const at = position(x, model.data.lowerBound);
  return s(
    'g',
    { class: 'bound' },
    s('line', { x1: at, x2: at, y1: y.start, y2: y.end }),
    s(
      'text',
      { x: at - 5, y: y.start - 8, 'text-anchor': 'end' },
      fill(words.curveBound, { bound: formatBound(model.data.lowerBound) }),
    ),
  );
}

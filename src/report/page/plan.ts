import type { PageData } from '../page-data-types.ts';
import { WORDS } from '../words/words.ts';
import { createControls, createLayers } from './controls.ts';
import { createCurve } from './curve.ts';
import { h } from './dom.ts';
import { createEvaluation } from './evaluation.ts';
import { createHeader, createNumbers } from './headline.ts';
import { createHowWeKnow } from './how-we-know.ts';
import { createLines } from './lines.ts';
import { createLoads } from './loads.ts';
import { createMap } from './map.ts';
import type { MapView } from './map.ts';
import { createModel } from './model.ts';
import type { Model } from './model.ts';
import type { Part } from './part.ts';
import { createSelection } from './selection.ts';
import { createServices } from './services.ts';
import { createSinr } from './sinr.ts';
import { createSitesTable } from './sites-table.ts';
import { openingState } from './opening-state.ts';
import type { State, Store } from './state.ts';
import { createStore } from './state.ts';
import { createTargets } from './targets.ts';
import { fill } from '../words/words.ts';

/** `report.html`: reads its own data, builds the page and keeps every part in step with the state. */
function start(): void {
  const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
  const model = createModel(data);
  const store = createStore(openingState(data), {
    periods: data.periods,
    sites: data.sites.length,
    regions: data.regionNames,
    services: (data.services ?? []).map(({ name }) => name),
  });
  let page = buildPage(model, store);
  store.listen((state, before) => {
    if (state.language !== before.language) {
      page = buildPage(model, store);
      document.getElementById('language')?.focus();
    } else page.update(state, before);
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => page.recolor());
  preparePrinting(() => page);
  document.body.dataset['ready'] = 'yes';
}

interface Page {
  readonly map: MapView;
  update(state: State, before: State): void;
  recolor(): void;
}

function buildPage(model: Model, store: Store): Page {
  const { language } = store.get();
  const words = WORDS[language];
  const context = { model, store, words };
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  const map = createMap(model, store, words, { background: model.data.background });
  const selection = createSelection(context);
  map.onHits((hits) => selection.show(hits));
  const numbers = createNumbers(context);
  const controls = createControls(context);
  const layers = createLayers(context);
  const targets = createTargets(context);
  const evaluation = createEvaluation(context);
  const lines = createLines(context);
  const services = createServices(context);
  const loads = createLoads(context);
  const sinr = createSinr(context);
  const curve = createCurve(context);
  const sites = createSitesTable(context);
  const parts: Part[] = [numbers, controls, layers, selection, targets, services, loads, sinr, curve, sites];
  const app = h(
    'main',
    { id: 'app' },
    createHeader(context),
    numbers.element,
    h(
      'div',
      { class: 'workbench' },
      map.element,
      h('div', { class: 'side' }, controls.element, layers.element, selection.element),
    ),
    targets.element,
    evaluation.element,
    lines.element,
    services.element,
    loads.element,
    sinr.element,
    curve.element,
    sites.element,
    createHowWeKnow(context),
    h(
      'footer',
      {},
      fill(model.data.background === null ? words.footer : words.footerWithTiles, {
        version: model.data.version,
      }),
    ),
  );
  document.getElementById('app')!.replaceWith(app);
  const recolor = (): void => {
    map.recolor();
    map.redraw();
  };
  const update = (state: State, before: State | null): void => {
    document.documentElement.dataset['theme'] = state.theme;
    for (const part of parts) part.update(state);
    if (before !== null && state.theme !== before.theme) map.recolor();
    map.redraw();
  };
  update(store.get(), null);
  return { map, update, recolor };
}

/** Paper is light, and nothing stays folded on it. */
function preparePrinting(page: () => Page): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    document.documentElement.dataset['print'] = 'yes';
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const fold of opened) fold.open = true;
    page().map.recolor();
    page().map.redrawNow();
  });
  window.addEventListener('afterprint', () => {
    delete document.documentElement.dataset['print'];
    for (const fold of opened) fold.open = false;
    page().recolor();
  });
}

start();

import type { Language } from '../words/words.ts';
import { LANGUAGES } from '../words/words.ts';

export const LAYERS = [
  'regions',
  'lines',
  'today',
  'new',
  'open',
  'sinr',
  'bins',
  'gaps',
  'areas',
  'existing',
  'sites',
] as const;
export type LayerName = (typeof LAYERS)[number];

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** What the reader has chosen; all of it stands in the URL fragment, so a view can be linked and printed. */
export interface State {
  readonly language: Language;
  readonly theme: Theme;
  readonly period: number;
  /** Sites built: 0 = today. */
  readonly built: number;
  readonly layers: ReadonlySet<LayerName>;
  /** 0-based rank; null = none. */
  readonly site: number | null;
  readonly region: string | null;
  /** Index of the service looked at; null = all. */
  readonly service: number | null;
  readonly axis: 'sites' | 'cost';
}

export type Listener = (state: State, before: State) => void;

export interface Store {
  get(): State;
  set(change: Partial<State>): void;
  listen(listener: Listener): void;
}

export interface StateLimits {
  readonly periods: readonly string[];
  readonly sites: number;
  readonly regions: readonly string[];
  readonly services: readonly string[];
}

/** The state, kept in step with the fragment in both directions. */
export function createStore(initial: State, limits: StateLimits): Store {
  const listeners: Listener[] = [];
  let state = { ...initial, ...parseFragment(location.hash, initial, limits) };
  const set = (change: Partial<State>): void => {
    const before = state;
    state = { ...state, ...change };
    history.replaceState(null, '', fragmentOf(state, initial, limits));
    for (const listener of listeners) listener(state, before);
  };
  window.addEventListener('hashchange', () => {
    set({ ...initial, ...parseFragment(location.hash, initial, limits) });
  });
  return { get: () => state, set, listen: (listener) => listeners.push(listener) };
}

/** A state of its own, kept nowhere. */
export function createPlainStore(initial: State): Store {
  const listeners: Listener[] = [];
  let state = initial;
  return {
    get: () => state,
    set: (change) => {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
    listen: (listener) => listeners.push(listener),
  };
}

/** Only what differs from the page as it opens. */
function fragmentOf(state: State, initial: State, limits: StateLimits): string {
  const parameters = new URLSearchParams();
  if (state.language !== initial.language) parameters.set('lang', state.language);
  if (state.theme !== initial.theme) parameters.set('theme', state.theme);
  if (state.period !== initial.period) parameters.set('period', limits.periods[state.period] ?? '');
  if (state.built !== initial.built) parameters.set('sites', String(state.built));
  if (state.axis !== initial.axis) parameters.set('axis', state.axis);
  if (state.region !== null) parameters.set('region', state.region);
  if (state.service !== null) parameters.set('service', limits.services[state.service] ?? '');
  if (state.site !== null) parameters.set('site', String(state.site + 1));
  if (LAYERS.some((name) => state.layers.has(name) !== initial.layers.has(name))) {
    parameters.set('layers', LAYERS.filter((name) => state.layers.has(name)).join('.'));
  }
  return `#${parameters.toString()}`;
}

function parseFragment(fragment: string, initial: State, limits: StateLimits): Partial<State> {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const language = parameters.get('lang');
  const theme = parameters.get('theme');
  const period = limits.periods.indexOf(parameters.get('period') ?? '');
  const layers = parameters.get('layers')?.split('.');
  const service = limits.services.indexOf(parameters.get('service') ?? '');
  const region = parameters.get('region');
  const site = wholeNumber(parameters.get('site'), 1, limits.sites);
  return {
    language: LANGUAGES.find((name) => name === language) ?? initial.language,
    theme: THEMES.find((name) => name === theme) ?? initial.theme,
    period: period < 0 ? initial.period : period,
    built: wholeNumber(parameters.get('sites'), 0, limits.sites) ?? initial.built,
    layers: layers === undefined ? initial.layers : new Set(LAYERS.filter((name) => layers.includes(name))),
    region: region !== null && limits.regions.includes(region) ? region : null,
    service: service < 0 ? null : service,
    site: site === null ? null : site - 1,
    axis: parameters.get('axis') === 'cost' ? 'cost' : initial.axis,
  };
}

function wholeNumber(text: string | null, least: number, most: number): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  return Math.min(most, Math.max(least, Number(text)));
}

import type { AssessPageData } from '../page-assess-types.ts';
import type { Language } from '../words/words.ts';
import { lengthText, roundLengthM } from '../round-length.ts';
import type { PanZoom, ZoomWords } from './pan-zoom.ts';
import { createPanZoom } from './pan-zoom.ts';

/** Enlargement at most: a cell of 100 m of a country then fills a finger's breadth. */
const MOST_SCALE = 300;
/** Of the scale bar, as a part of the picture's width. */
const BAR_PART = 0.2;

/** Which map is shown; a map without a service is that of all users. */
const CHOICES = ['period', 'service'] as const;

/**
 * `assessment.html` and `history.html`: everything stands in the HTML. The program switches language, period and service, kept
 * in the fragment so that a view can be linked and printed, and lets the maps zoom, all of them together.
 */
function start(): void {
  const data = JSON.parse(document.getElementById('data')!.textContent!) as AssessPageData;
  const state = new URLSearchParams(location.hash.slice(1));
  const mains = [...document.querySelectorAll<HTMLElement>('main.assess')];
  const show = (): void => {
    const language = state.get('lang') ?? data.language;
    const shown = mains.find((main) => main.dataset['language'] === language) ?? mains[0]!;
    for (const main of mains) main.hidden = main !== shown;
    document.documentElement.lang = shown.lang;
    const chosen = CHOICES.map((key) => [key, state.get(key) ?? data[key]] as const);
    for (const map of document.querySelectorAll<HTMLElement>('.period-map'))
      map.hidden = chosen.some(([key, value]) => map.dataset[key] !== value);
    for (const [key, value] of chosen)
      for (const select of selectsOf(key)) if (value !== undefined) select.value = value;
  };
  const set = (key: string, value: string): void => {
    state.set(key, value);
    history.replaceState(null, '', `#${state}`);
    show();
  };
  for (const main of mains) {
    const other = mains.find((candidate) => candidate !== main)!.dataset['language']!;
    main.querySelector('.switch-language')?.addEventListener('click', () => set('lang', other));
  }
  for (const key of CHOICES)
    for (const select of selectsOf(key)) select.addEventListener('change', () => set(key, select.value));
  const maps: PanZoom[] = [];
  for (const main of mains) {
    const words = data.words?.[main.dataset['language'] as Language];
    if (words === undefined) continue;
    for (const map of main.querySelectorAll<SVGSVGElement>('.assess-map'))
      maps.push(zoomable(map, words, maps));
  }
  show();
  document.documentElement.dataset['ready'] = 'true';
}

/** Both languages have fields of their own. */
function selectsOf(key: (typeof CHOICES)[number]): NodeListOf<HTMLSelectElement> {
  return document.querySelectorAll(`.choose-${key}`);
}

/** Lets a map zoom; `together` are all that follow each other. */
function zoomable(
  map: SVGSVGElement,
  words: ZoomWords & { readonly mapKeys: string },
  together: readonly PanZoom[],
): PanZoom {
  const view = map.querySelector<SVGGElement>('.m-view')!;
  const { width, height } = map.viewBox.baseVal;
  const panZoom = createPanZoom(map, words, {
    scales: [1, MOST_SCALE],
    bounds: [
      [0, 0],
      [width, height],
    ],
    onChange: (transform, isOwn) => {
      view.setAttribute('transform', transform.toString());
      view.style.setProperty('--k', String(transform.k));
      drawScaleBar(map, transform.k);
      if (isOwn) for (const other of together) if (other !== panZoom) other.follow(transform);
    },
  });
  map.setAttribute('tabindex', '0');
  map.setAttribute('role', 'application');
  map.setAttribute('aria-label', `${map.getAttribute('aria-label')} ${words.mapKeys}`);
  map.addEventListener('keydown', (event) => void panZoom.press(event));
  map.after(panZoom.buttons);
  return panZoom;
}

function drawScaleBar(map: SVGSVGElement, enlargement: number): void {
  const unitsPerMetre = enlargement * Number(map.dataset['unitsPerMetre']);
  const lengthM = roundLengthM((BAR_PART * map.viewBox.baseVal.width) / unitsPerMetre);
  const bar = map.querySelector('.m-bar')!;
  bar.setAttribute(
    'd',
    bar.getAttribute('d')!.replace(/h[\d.]+/, `h${(lengthM * unitsPerMetre).toFixed(1)}`),
  );
  map.querySelector('.m-length')!.textContent = lengthText(lengthM);
}

start();

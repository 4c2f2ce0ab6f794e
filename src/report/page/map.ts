import type { ZoomTransform } from 'd3-zoom';
import type { PageData } from '../page-data-types.ts';
import { lengthText, roundLengthM } from '../round-length.ts';
import type { Words } from '../words/words.ts';
import type { View } from './cell-painter.ts';
import { h } from './dom.ts';
import type { Hits } from './map-hits.ts';
import { findHits } from './map-hits.ts';
import { createMapPainter } from './map-painter.ts';
import type { Model } from './model.ts';
import { metresToPlane, toDegrees } from './model.ts';
import type { Palette } from './palette.ts';
import { readPalette } from './palette.ts';
import { createPanZoom } from './pan-zoom.ts';
import type { Store } from './state.ts';
import { createTileBackground } from './tile-background.ts';

const PADDING_PX = 28;
const SCALE_BAR_PX = 130;

export interface MapView {
  readonly element: HTMLElement;
  /** Draws at the next frame. */
  redraw(): void;
  /** Draws now, for printing. */
  redrawNow(): void;
  /** Reads the colours again. */
  recolor(): void;
  /** Called with every change of pan and zoom made here. */
  onView(listener: (transform: ZoomTransform) => void): void;
  /** Takes over the pan and zoom of another map of the same extent. */
  follow(transform: ZoomTransform): void;
  /** Called with what stands under a click. */
  onHits(listener: (hits: Hits) => void): void;
}

export interface MapOptions {
  /** Default: all users and sites. */
  readonly extent?: Extent;
  readonly id?: string;
  /** Map tiles underneath. */
  readonly background?: PageData['background'];
}

/** The map: own canvas, pan and zoom by d3-zoom, everything by keyboard too. */
export function createMap(
  model: Model,
  store: Store,
  words: Words,
  { extent = extentOf(model), id = 'map', background = null }: MapOptions = {},
): MapView {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const scaleBar = h('div', { class: 'scale-bar', 'aria-hidden': 'true' }, h('span'));
  const frame = h('div', {
    class: 'map-frame',
    id,
    tabindex: 0,
    role: 'application',
    'aria-label': `${words.map}. ${words.mapAlternative} ${words.mapKeys} ${words.siteKeys}`,
  });
  frame.append(canvas, h('div', { class: 'north', 'aria-hidden': 'true' }, `↑ ${words.north}`), scaleBar);
  if (background !== null) frame.append(h('div', { class: 'attribution' }, background.attribution));

  const tiles = background === null ? null : createTileBackground(background.tileUrl, () => redraw());
  const painter = createMapPainter(model, tiles);
  const bounds = extent;
  const listeners: ((hits: Hits) => void)[] = [];
  const viewListeners: ((transform: ZoomTransform) => void)[] = [];
  let palette: Palette | null = null;
  let size = { width: 0, height: 0 };
  let hovered: number | null = null;
  let scheduled = false;

  const viewNow = (): View => {
    const scale = Math.min(
      (size.width - 2 * PADDING_PX) / bounds.width,
      (size.height - 2 * PADDING_PX) / bounds.height,
    );
    const left = size.width / 2 - (bounds.x + bounds.width / 2) * scale;
    const top = size.height / 2 - (bounds.y + bounds.height / 2) * scale;
    const { k, x, y } = panZoom.transform();
    return { scale: scale * k, left: left * k + x, top: top * k + y, ...size };
  };
  const redrawNow = (): void => {
    scheduled = false;
    const context = canvas.getContext('2d');
    if (context === null || size.width === 0) return;
    palette ??= readPalette();
    const density = window.devicePixelRatio;
    context.setTransform(density, 0, 0, density, 0, 0);
    const view = viewNow();
    painter.paint(context, view, palette, store.get(), hovered);
    drawScaleBar(scaleBar, view);
  };
  const redraw = (): void => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(redrawNow);
  };
  const resize = (): void => {
    const { clientWidth, clientHeight } = frame;
    if (clientWidth === size.width && clientHeight === size.height) return;
    size = { width: clientWidth, height: clientHeight };
    canvas.width = Math.round(clientWidth * window.devicePixelRatio);
    canvas.height = Math.round(clientHeight * window.devicePixelRatio);
    redrawNow();
  };
  new ResizeObserver(resize).observe(frame);

  const panZoom = createPanZoom(frame, words, {
    scales: [0.6, 300],
    onChange: (transform, isOwn) => {
      redraw();
      if (isOwn) for (const listener of viewListeners) listener(transform);
    },
  });
  const element = h('div', { class: 'map' }, frame, panZoom.buttons);

  const hitsAt = (event: MouseEvent): Hits => {
    const box = canvas.getBoundingClientRect();
    const view = viewNow();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    return findHits(model, view, store.get(), px, py, painter.siteRadius(view));
  };
  frame.addEventListener('click', (event) => {
    const hits = hitsAt(event);
    for (const listener of listeners) listener(hits);
    store.set({ site: hits.site });
  });
  frame.addEventListener('pointermove', (event) => {
    if (event.buttons !== 0) return;
    const site = hitsAt(event).site;
    if (site === hovered) return;
    hovered = site;
    frame.style.cursor = site === null ? '' : 'pointer';
    redraw();
  });
  frame.addEventListener('pointerleave', () => {
    if (hovered !== null) redraw();
    hovered = null;
  });
  frame.addEventListener('keydown', (event) => {
    if (panZoom.press(event)) return;
    if (event.key === 'n' || event.key === 'N') stepSite(1);
    else if (event.key === 'p' || event.key === 'P') stepSite(-1);
    else if (event.key === 'Escape') store.set({ site: null, region: null });
    else return;
    event.preventDefault();
  });
  const stepSite = (step: number): void => {
    const count = model.data.sites.length;
    if (count === 0) return;
    const { site } = store.get();
    store.set({ site: site === null ? (step > 0 ? 0 : count - 1) : (site + step + count) % count });
  };

  return {
    element,
    redraw,
    redrawNow: () => {
      resize();
      redrawNow();
    },
    recolor: () => {
      palette = null;
    },
    onView: (listener) => viewListeners.push(listener),
    follow: panZoom.follow,
    onHits: (listener) => listeners.push(listener),
  };
}

/** A box on the plane. */
export interface Extent {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box that holds both. */
export function joinExtents(a: Extent, b: Extent): Extent {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** Where the users and sites are. */
export function extentOf({ cells, sites, existing }: Model): Extent {
  const all = cells.count > 0 ? [cells, sites] : [sites, existing];
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of all) {
    for (let k = 0; k < x.length; k++) {
      west = Math.min(west, x[k]!);
      east = Math.max(east, x[k]!);
      north = Math.min(north, y[k]!);
      south = Math.max(south, y[k]!);
    }
  }
  if (west > east) return { x: -1e-4, y: -1e-4, width: 2e-4, height: 2e-4 };
  const least = 1e-6;
  return { x: west, y: north, width: Math.max(least, east - west), height: Math.max(least, south - north) };
}

function drawScaleBar(bar: HTMLElement, view: View): void {
  const [, lat] = toDegrees(
    (view.width / 2 - view.left) / view.scale,
    (view.height / 2 - view.top) / view.scale,
  );
  const pixelsPerMetre = metresToPlane(lat) * view.scale;
  const metres = roundLengthM(SCALE_BAR_PX / pixelsPerMetre);
  bar.style.width = `${metres * pixelsPerMetre}px`;
  bar.firstElementChild!.textContent = lengthText(metres);
}

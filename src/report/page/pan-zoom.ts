import { select } from 'd3-selection';
import type { D3ZoomEvent, ZoomTransform } from 'd3-zoom';
import { zoom, zoomIdentity } from 'd3-zoom';
import type { Words } from '../words/words.ts';
import { h } from './dom.ts';

export type ZoomWords = Pick<Words, 'zoomIn' | 'zoomOut' | 'zoomAll'>;

const PAN_PX = 60;
const STEP = 1.6;

export interface PanZoomOptions {
  /** Least and most enlargement. */
  readonly scales: readonly [number, number];
  /** What can be moved into view, `[[left, top], [right, bottom]]` unmoved; default: anything. */
  readonly bounds?: [[number, number], [number, number]];
  /** Called with every change; `isOwn` is false while another map is followed. */
  readonly onChange: (transform: ZoomTransform, isOwn: boolean) => void;
}

/** Pan and zoom of a map by mouse, fingers, buttons and keys. */
export interface PanZoom {
  readonly buttons: HTMLElement;
  transform(): ZoomTransform;
  /** Takes over the pan and zoom of another map of the same extent. */
  follow(transform: ZoomTransform): void;
  /** Does what the key says; false for keys of others, those with which the browser itself zooms among them. */
  press(event: KeyboardEvent): boolean;
}

/** Lengths are units of the frame's own: pixels in HTML, those of the view box in an SVG picture. */
export function createPanZoom(
  frame: HTMLElement | SVGSVGElement,
  words: ZoomWords,
  { scales, bounds, onChange }: PanZoomOptions,
): PanZoom {
  let transform = zoomIdentity;
  let following = false;
  const selection = select<Element, unknown>(frame);
  const behaviour = zoom<Element, unknown>()
    .scaleExtent([...scales])
    .clickDistance(4)
    .filter((event: Event) => isZoomGesture(event, frame))
    .on('zoom', (event: D3ZoomEvent<Element, unknown>) => {
      transform = event.transform;
      onChange(transform, !following);
    });
  if (bounds !== undefined) behaviour.translateExtent(bounds);
  selection.call(behaviour).on('dblclick.zoom', null);
  const show = (next: ZoomTransform): void =>
    void selection.call((target) => behaviour.transform(target, next));
  const zoomBy = (factor: number): void => void selection.call((target) => behaviour.scaleBy(target, factor));
  const panBy = (x: number, y: number): void =>
    void selection.call((target) => behaviour.translateBy(target, x / transform.k, y / transform.k));
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => panBy(PAN_PX, 0),
    ArrowRight: () => panBy(-PAN_PX, 0),
    ArrowUp: () => panBy(0, PAN_PX),
    ArrowDown: () => panBy(0, -PAN_PX),
    '+': () => zoomBy(STEP),
    '=': () => zoomBy(STEP),
    '-': () => zoomBy(1 / STEP),
    Home: () => show(zoomIdentity),
  };
  const button = (text: string, label: string, key: string): HTMLElement =>
    h(
      'button',
      { type: 'button', class: 'map-button', title: label, 'aria-label': label, onclick: actions[key]! },
      text,
    );
  return {
    buttons: h(
      'div',
      { class: 'map-buttons no-print' },
      button('+', words.zoomIn, '+'),
      button('−', words.zoomOut, '-'),
      button('⤢', words.zoomAll, 'Home'),
    ),
    transform: () => transform,
    follow: (next) => {
      following = true;
      show(next);
      following = false;
    },
    press: (event) => {
      const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
      if (action === undefined) return false;
      event.preventDefault();
      action();
      return true;
    },
  };
}

/** Wheel and one finger belong to the page until the map has the focus: reading on never gets stuck. */
function isZoomGesture(event: Event, frame: Element): boolean {
  const focused = frame.matches(':focus');
  if (event instanceof WheelEvent) return event.ctrlKey || focused;
  if ('touches' in event) return focused || (event.touches as TouchList).length > 1;
  return event instanceof MouseEvent && event.button === 0 && !event.ctrlKey;
}

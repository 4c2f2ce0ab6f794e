import type { Words } from '../words/words.ts';
import type { Model } from './model.ts';
import type { State, Store } from './state.ts';

/** What every part of the page is made from. */
export interface PageContext {
  readonly model: Model;
  readonly store: Store;
  readonly words: Words;
}

/** A part of the page: an element, and how it follows the state. */
export interface Part {
  readonly element: HTMLElement;
  update(state: State): void;
}

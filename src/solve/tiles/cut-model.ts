import type { CoveringModel } from '../covering-model.ts';
import { cutInHalves, type Tiling } from './tiling.ts';

/**
 * Cuts the classes of a model into tiles by the graph of sites and classes alone: a piece is ordered by breadth-first
 * distance from an outlying class and halved, so that classes in one tile share sites. Needs no coordinates; `turn` chooses
 * other ends to start from, so that the seams of two tilings do not coincide.
 *
 * @param weight [classCount] what tiles are to have alike: their pairs, unless told otherwise.
 */
export function cutModel(
  model: CoveringModel,
  tileCount: number,
  turn: number,
  weight: Float64Array = pairsOfClasses(model),
): Tiling {
  const walk = new GraphWalk(model);
  return cutInHalves(weight, tileCount, (classes, depth) => walk.order(classes, turn + depth));
}

function pairsOfClasses({ classCount, classStart }: CoveringModel): Float64Array {
  return Float64Array.from({ length: classCount }, (_, own) => classStart[own + 1]! - classStart[own]!);
}

/** Breadth-first orders over classes; a class's neighbours are those a site of it covers too. */
class GraphWalk {
  readonly #model: CoveringModel;
  /** [classCount] stamp of the piece a class belongs to, or of the walk that has seen it. */
  readonly #classMark: Uint32Array;
  readonly #siteMark: Uint32Array;
  #stamp = 0;

  constructor(model: CoveringModel) {
    this.#model = model;
    this.#classMark = new Uint32Array(model.classCount);
    this.#siteMark = new Uint32Array(model.siteCount);
  }

  /**
   * Classes by distance from one end. The end is the last class of a walk from the first one (or, for odd turns, the
   * last of two walks): with a shift by a quarter of the piece every second pair of turns, so that seams move.
   */
  order(classes: Uint32Array, turn: number): Uint32Array {
    let order = this.#walk(classes, classes[0]!);
    for (let again = 0; again <= turn % 2; again++) order = this.#walk(classes, order.at(-1)!);
    if (turn % 4 < 2) return order;
    const quarter = this.#walk(classes, order[order.length >> 1]!);
    return this.#walk(classes, quarter.at(-1)!);
  }

  #walk(classes: Uint32Array, from: number): Uint32Array {
    const { classStart, siteOfClass, siteStart, classOfSite } = this.#model;
    const inPiece = ++this.#stamp;
    const seen = ++this.#stamp;
    const mark = this.#classMark;
    for (const own of classes) mark[own] = inPiece;
    const queue = new Uint32Array(classes.length);
    let size = 0;
    let nextStart = 0;
    mark[from] = seen;
    queue[size++] = from;
    for (let head = 0; head < classes.length; head++) {
      if (head === size) {
        // Another component of the piece: go on with its first class.
        while (mark[classes[nextStart]!] === seen) nextStart++;
        mark[classes[nextStart]!] = seen;
        queue[size++] = classes[nextStart]!;
      }
      const own = queue[head]!;
      for (let i = classStart[own]!; i < classStart[own + 1]!; i++) {
        const site = siteOfClass[i]!;
        if (this.#siteMark[site] === seen) continue;
        this.#siteMark[site] = seen;
        for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
          const other = classOfSite[pair]!;
          if (mark[other] !== inPiece) continue;
          mark[other] = seen;
          queue[size++] = other;
        }
      }
    }
    return queue;
  }
}

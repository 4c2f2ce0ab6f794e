/** Keeps the strongest of many: a heap with the weakest of the kept on top. */
export interface Strongest {
  clear(): void;
  /** Takes one in; returns who has to leave for it (perhaps itself), -1 while there is room. Of equals the first stays. */
  offer(index: number, level: number): number;
  /** Who is kept, ascending. */
  sorted(): Uint32Array;
}

export function strongest(most: number): Strongest {
  const kept = new Uint32Array(most);
  const levels = new Float64Array(most);
  let count = 0;
  const weaker = (a: number, b: number): boolean =>
    levels[a]! < levels[b]! || (levels[a] === levels[b] && kept[a]! > kept[b]!);
  const swap = (a: number, b: number): void => {
    const [index, level] = [kept[a]!, levels[a]!];
    kept[a] = kept[b]!;
    levels[a] = levels[b]!;
    kept[b] = index;
    levels[b] = level;
  };
  const sinkTop = (): void => {
    let at = 0;
    for (;;) {
      let least = at;
      if (2 * at + 1 < count && weaker(2 * at + 1, least)) least = 2 * at + 1;
      if (2 * at + 2 < count && weaker(2 * at + 2, least)) least = 2 * at + 2;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    clear: () => {
      count = 0;
    },
    offer: (index, level) => {
      if (count === most) {
        if (!(level > levels[0]!)) return index;
        const out = kept[0]!;
        kept[0] = index;
        levels[0] = level;
        sinkTop();
        return out;
      }
      let at = count++;
      kept[at] = index;
      levels[at] = level;
      while (at > 0 && weaker(at, (at - 1) >> 1)) {
        swap(at, (at - 1) >> 1);
        at = (at - 1) >> 1;
      }
      return -1;
    },
    sorted: () => kept.slice(0, count).sort(),
  };
}

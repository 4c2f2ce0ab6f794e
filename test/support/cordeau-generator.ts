/**
 * `rand()` of the GNU C library (TYPE_3): r[i] = r[i-3] + r[i-31] modulo 2^32 over a table seeded by the Lehmer
 * generator 16807 r mod 2^31-1, the first 310 outputs dropped, and the lowest bit shifted out. Checked against the
 * published file of Cordeau, Furini and Ljubić byte by byte where that is at hand.
 */
export function glibcRandom(seed: number): () => number {
  const state = new Int32Array(34);
  state[0] = seed;
  for (let i = 1; i < 31; i++) {
    const next = Number((16807n * BigInt(state[i - 1]!)) % 2147483647n);
    state[i] = next < 0 ? next + 2147483647 : next;
  }
  const history: number[] = Array.from(state.subarray(0, 31));
  for (let i = 31; i < 34; i++) history.push(history[i - 31]!);
  const step = (): number => {
    const next = (history[history.length - 3]! + history[history.length - 31]!) | 0;
    history.push(next);
    if (history.length > 1024) history.splice(0, history.length - 64);
    return next;
  };
  for (let i = 0; i < 310; i++) step();
  return () => step() >>> 1;
}

const RAND_MAX = 2147483647;

export interface CordeauShape {
  readonly facilities: number;
  readonly customers: number;
  readonly leastCost: number;
  readonly largestCost: number;
  readonly seed: number;
}

/**
 * An instance as the generator of Cordeau, Furini and Ljubić (EJOR 275, 2019) writes it: points uniform in a square of
 * side 30, first the facilities, then the customers, then all costs, then all demands in 1..100; six decimals.
 */
export function cordeauInstance(shape: CordeauShape): string {
  const { facilities, customers, leastCost, largestCost, seed } = shape;
  const random = glibcRandom(seed);
  const coordinate = (): string => ((random() / RAND_MAX) * 30).toFixed(6);
  const places = Array.from({ length: facilities + customers }, () => `${coordinate()}\t${coordinate()}`);
  const costs = Array.from(
    { length: facilities },
    () => (random() % (largestCost - leastCost + 1)) + leastCost,
  );
  const users = Array.from({ length: customers }, () => (random() % 100) + 1);
  const lines = [
    `${facilities}\t${customers}\t`,
    ...costs.map((cost, i) => `F\t${i}\t${places[i]}\t${cost}`),
    ...users.map((count, i) => `C\t${i}\t${places[facilities + i]}\t${count}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Least wall seconds of several repetitions after one warm-up: on a shared machine the least is the one not disturbed. */
export function fastest(repetitions: number, work: () => unknown): number {
  work();
  let least = Infinity;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least / 1000;
}

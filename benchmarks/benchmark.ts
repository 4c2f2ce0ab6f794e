/** One figure of a row. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** Null = could not be had (no solution, tool missing). */
  readonly value: number | null;
  /** Which way is better; `info` is never compared. */
  readonly better: 'smaller' | 'larger' | 'info';
  /** Relative noise below which a difference of two versions means nothing, for example 0.15. */
  readonly noise?: number;
}

/** One case of a benchmark: an instance, a kernel, a file. */
export interface Row {
  readonly label: string;
  readonly metrics: readonly Metric[];
  /** What a reader must know beside the figures: the tool used, a status, a known best. */
  readonly note?: string;
}

/** A module `*.bench.ts` under benchmarks/ exports these three. */
export interface Benchmark {
  readonly name: string;
  /** The question that the figures answer. */
  readonly question: string;
  run(options: RunOptions): Promise<Row[]>;
}

export interface RunOptions {
  /** Only cases whose label contains this text; empty = all. */
  readonly only: string;
  /** Says what is going on, to stderr. */
  log(line: string): void;
}

/** Everything one call of run.ts measured: what `--json` prints and compare.ts reads. */
export interface Report {
  readonly format: 'mastplan-benchmarks';
  readonly version: 1;
  readonly machine: string;
  readonly cores: number;
  readonly node: string;
  readonly date: string;
  readonly results: readonly BenchmarkResult[];
}

export interface BenchmarkResult {
  readonly name: string;
  readonly question: string;
  readonly rows: readonly Row[];
}

/**
 * Runs the benchmarks: `npm run bench [filter] [-- --only CASE] [--json] [--github-action]`.
 *
 * A filter is part of a benchmark's path. Every `benchmarks/**` module ending in `.bench.ts` takes part; what
 * it exports is described in benchmark.ts. `--github-action` prints what github-action-benchmark reads as
 * `customSmallerIsBetter`.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark, BenchmarkResult, Report } from './benchmark.ts';
import { githubAction, tableOf } from './support/format.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'github-action': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const results: BenchmarkResult[] = [];
  for (const file of benchmarkFiles()) {
    if (positionals.length > 0 && !positionals.some((text) => file.includes(text))) continue;
    const benchmark = (await import(pathToFileURL(join(folder, file)).href)) as Benchmark;
    log(`\n${benchmark.name}: ${benchmark.question}`);
    const rows = await benchmark.run({ only: values.only, log });
    if (rows.length === 0) continue;
    results.push({ name: benchmark.name, question: benchmark.question, rows });
    if (!values.json && !values['github-action']) process.stdout.write(`\n${tableOf(results.at(-1)!)}\n`);
  }
  const report = reportOf(results);
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
  else if (values['github-action'])
    process.stdout.write(`${JSON.stringify(githubAction(report), null, 1)}\n`);
  else
    process.stdout.write(`\n${report.machine}, ${report.cores} cores, Node ${report.node}, ${report.date}\n`);
}

function benchmarkFiles(): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.bench.ts')).toSorted();
}

function reportOf(results: readonly BenchmarkResult[]): Report {
  const [cpu] = cpus();
  return {
    format: 'mastplan-benchmarks',
    version: 1,
    machine: `${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    cores: availableParallelism(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    results,
  };
}

await main();

import type { BenchmarkResult, Metric, Report } from '../benchmark.ts';

/** A figure with as many digits as mean something. */
export function figure(metric: Metric | undefined): string {
  if (metric === undefined) return '';
  if (metric.value === null) return 'none';
  const { value } = metric;
  if (Number.isInteger(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 4;
  return String(Number(value.toFixed(digits)));
}

/** A Markdown table: one line per case, one column per figure. */
export function tableOf(result: BenchmarkResult): string {
  const columns: string[] = [];
  for (const row of result.rows) {
    for (const { name, unit } of row.metrics) {
      const column = unit === '' ? name : `${name} (${unit})`;
      if (!columns.includes(column)) columns.push(column);
    }
  }
  const hasNotes = result.rows.some((row) => row.note !== undefined);
  const header = ['case', ...columns, ...(hasNotes ? ['note'] : [])];
  const lines = result.rows.map((row) => {
    const byColumn = new Map(row.metrics.map((m) => [m.unit === '' ? m.name : `${m.name} (${m.unit})`, m]));
    const cells = columns.map((column) => figure(byColumn.get(column)));
    return [row.label, ...cells, ...(hasNotes ? [row.note ?? ''] : [])];
  });
  const widths = header.map((cell, at) =>
    Math.max(cell.length, ...lines.map((line) => (line[at] ?? '').length)),
  );
  const text = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [`### ${result.name}`, '', result.question, '', text(header), rule, ...lines.map(text)].join('\n');
}

interface ActionEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly extra?: string;
}

/** Figures of which less is better, as github-action-benchmark reads them (`customSmallerIsBetter`). */
export function githubAction(report: Report): ActionEntry[] {
  return report.results.flatMap((result) =>
    result.rows.flatMap((row) =>
      row.metrics.flatMap((metric): ActionEntry[] => {
        if (metric.better !== 'smaller' || metric.value === null) return [];
        const name = `${result.name} / ${row.label} / ${metric.name}`;
        return [
          {
            name,
            unit: metric.unit,
            value: metric.value,
            ...(row.note !== undefined && { extra: row.note }),
          },
        ];
      }),
    ),
  );
}

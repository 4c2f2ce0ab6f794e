import { formatBound, formatCost } from '../numbers.ts';
import type { Axis } from './chart.ts';
import { axisLines, linePath, position } from './chart.ts';
import { h, s } from './dom.ts';
import type { PageContext } from './part.ts';

const WIDTH = 640;
const HEIGHT = 220;

/** One small chart a phase: plan above, bound below, closing in with work. */
export function createTraceChart({ model, words }: PageContext): HTMLElement {
  const { data } = model;
  const phases = data.phases.map((phase) => phase.name);
  return h(
    'div',
    { class: 'trace-charts' },
    ...phases.map((name) => {
      const entries = data.trace.filter((entry) => entry.phase === name);
      const costs = entries.flatMap((entry) =>
        entry.incumbent === null ? [entry.lowerBound] : [entry.incumbent, entry.lowerBound],
      );
      if (entries.length < 2) return null;
      const most = Math.max(...costs);
      const least = Math.min(...costs.filter((cost) => cost > 0), most);
      const x: Axis = { from: 0, to: entries.at(-1)!.work, start: 56, end: WIDTH - 90 };
      const y: Axis = {
        from: Math.max(0, least - 0.1 * (most - least)),
        to: most,
        start: HEIGHT - 28,
        end: 12,
      };
      const path = (pick: (entry: (typeof entries)[number]) => number | null): string =>
        linePath(
          [...entries, { ...entries.at(-1)!, work: x.to }].flatMap((entry) => {
            const value = pick(entry);
            return value === null
              ? []
              : [[position(x, entry.work), position(y, Math.max(y.from, value))] as const];
          }),
          true,
        );
      const last = entries.at(-1)!;
      const end = (value: number, text: string, shift: number): SVGElement =>
        s('text', { class: 'tick', x: x.end + 6, y: position(y, Math.max(y.from, value)) + shift }, text);
      return h(
        'figure',
        {},
        h('figcaption', {}, name),
        s(
          'svg',
          { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${words.howTrace}: ${name}` },
          axisLines(x, y, { x: (work) => `${formatCost(work / 1e6)} M`, y: formatCost }),
          s('path', { class: 'line chosen', d: path((entry) => entry.incumbent) }),
          s('path', { class: 'bound-path', d: path((entry) => entry.lowerBound) }),
          last.incumbent === null
            ? null
            : end(last.incumbent, `${words.traceIncumbent} ${formatCost(last.incumbent)}`, -4),
          end(last.lowerBound, `${words.traceBound} ${formatBound(last.lowerBound)}`, 14),
        ),
      );
    }),
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTaskOrder } from '../../src/solve/in-task-order.ts';

describe('results in task order', () => {
  it('are each taken once, as soon as all before them are there, whatever order they come in; cut tasks are left out at the end', () => {
    const tasks = fc.integer({ min: 1, max: 12 }).chain((count) =>
      fc.record({
        order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
        arriving: fc.integer({ min: 0, max: count }),
      }),
    );
    fc.assert(
      fc.property(tasks, ({ order, arriving }) => {
        const taken: number[] = [];
        const results = inTaskOrder<string>((result, task) => {
          expect(result).toBe(`of ${task}`);
          taken.push(task);
        });
        const arrived = order.slice(0, arriving);
        arrived.forEach((task, index) => {
          results.arrived(task, `of ${task}`);
          const there = new Set(arrived.slice(0, index + 1));
          const first = order.findIndex((_, place) => !there.has(place));
          expect(taken).toHaveLength(first === -1 ? order.length : first);
        });
        results.finish(order.map((_, task) => (arrived.includes(task) ? `of ${task}` : null)));
        expect(taken).toEqual([...arrived].sort((a, b) => a - b));
      }),
    );
  });
});

/** How fast this machine is today: the yardstick by which times of two reports are compared. */
import type { Row } from './benchmark.ts';
import { fastest } from './support/timing.ts';

export const name = 'calibration';
export const question = 'How long do fixed loops over typed arrays take on this machine now?';

const LENGTH = 1 << 22;

/** A gather with a multiply and a scatter, the shape of the kernels here: memory and arithmetic in one. */
function gatherScatter(index: Uint32Array, value: Float64Array, sum: Float64Array): number {
  for (let i = 0; i < LENGTH; i++) sum[index[i]! & 0xffff]! += value[index[i]!]! * 1.000001;
  return sum[1]!;
}

export function run(): Promise<Row[]> {
  const index = new Uint32Array(LENGTH);
  for (let i = 0; i < LENGTH; i++) index[i] = (Math.imul(i, 2654435761) >>> 0) % LENGTH;
  const value = new Float64Array(LENGTH).fill(1);
  const sum = new Float64Array(1 << 16);
  const seconds = fastest(9, () => gatherScatter(index, value, sum));
  return Promise.resolve([
    {
      label: 'gather and scatter, 4 M elements',
      metrics: [{ name: 'seconds', unit: 's', value: seconds, better: 'info' }],
    },
  ]);
}

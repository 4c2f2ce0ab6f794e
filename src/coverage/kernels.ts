import { bestServersKernel } from './demand-servers.ts';
import { radioLinksKernel } from './interference/links-kernel.ts';
import { matrixCountsKernel, matrixRowsKernel, matrixSpansKernel } from './matrix-kernel.ts';
import { predictRowsKernel } from './predict-kernel.ts';
import { terrainRowsKernel } from './terrain-matrix.ts';
import { terrainSpansKernel } from './terrain-spans.ts';

/** The kernels of this stage, for workers that find them by name. */
export const coverageKernels: readonly { readonly name: string }[] = [
  matrixRowsKernel,
  matrixCountsKernel,
  matrixSpansKernel,
  terrainRowsKernel,
  terrainSpansKernel,
  predictRowsKernel,
  bestServersKernel,
  radioLinksKernel,
];

import { bestServersKernel } from './demand-servers.ts';
import { radioLinksKernel } from './interference/links-kernel.ts';
import { matrixCountsKernel, matrixRowsKernel } from './matrix-kernel.ts';
import { predictRowsKernel } from './predict-kernel.ts';
import { terrainRowsKernel } from './terrain-matrix.ts';

/** The kernels of this stage, for workers that find them by name. */
export const coverageKernels: readonly { readonly name: string }[] = [
  matrixRowsKernel,
  matrixCountsKernel,
  terrainRowsKernel,
  predictRowsKernel,
  bestServersKernel,
  radioLinksKernel,
];

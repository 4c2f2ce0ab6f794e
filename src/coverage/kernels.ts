import { matrixRowsKernel } from './matrix-kernel.ts';

/** The kernels of this stage, for workers that find them by name. */
export const coverageKernels = [matrixRowsKernel];

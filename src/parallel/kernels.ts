import { coverageKernels } from '../coverage/kernels.ts';

/** Every kernel a worker finds by name; the stages list their own. */
export const builtInKernels = [...coverageKernels];

import { coverageKernels } from '../coverage/kernels.ts';
import { solveKernels } from '../solve/kernels.ts';

/** Every kernel a worker finds by name; the stages list their own. */
export const builtInKernels: readonly { readonly name: string }[] = [...coverageKernels, ...solveKernels];

import type { Kernel } from '../executor.ts';

/** Every kernel a worker finds by name; the stages list their own. */
export const builtInKernels: readonly Kernel<never, never, unknown>[] = [];

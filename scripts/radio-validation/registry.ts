import type { FileCheck } from './check.ts';
import { CLOSED_FORM_CHECKS } from './closed-form.ts';
import { TERRAIN_CHECKS } from './terrain.ts';

/** Every reference file we check, in the order of the report. A new file gets a `FileCheck` here. */
export const FILE_CHECKS: readonly FileCheck[] = [...CLOSED_FORM_CHECKS, ...TERRAIN_CHECKS];

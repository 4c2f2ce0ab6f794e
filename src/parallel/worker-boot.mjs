// Entry of a worker in the source tree (tests, tsx): teaches the thread TypeScript, then loads the real entry.
// The built package starts kernel-worker.js directly; tsx stays a development dependency.
import { register } from 'tsx/esm/api';

register();
export default (await import('./kernel-worker.ts')).default;

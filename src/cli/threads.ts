import { availableParallelism } from 'node:os';

/** Worker threads of a run: as asked, else the cores this process may use. */
export function threadCount(asked: number | undefined): number {
  return asked ?? availableParallelism();
}

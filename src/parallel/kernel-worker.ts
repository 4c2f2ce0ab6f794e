import { workerData } from 'node:worker_threads';
import type { Kernel, KernelContext } from '../executor.ts';
import { shareHighsModule } from './highs-module.ts';
import { builtInKernels } from './kernels.ts';
import { collectLeftovers } from './leftovers.ts';
import { errorToData, type TaskMessage, type TaskReply } from './messages.ts';

type AnyKernel = Kernel<unknown, unknown, unknown>;

/** A worker keeps the inputs of the last two stages; older ones are freed and sent again if ever asked for. */
const SHARED_KEPT = 2;

shareHighsModule();
const sharedById = new Map<number, unknown>();
const kernels = loadKernels();

async function loadKernels(): Promise<Map<string, AnyKernel>> {
  const lists: (readonly unknown[])[] = [builtInKernels];
  for (const url of extraModules(workerData)) {
    const module = (await import(url)) as { kernels: readonly unknown[] };
    lists.push(module.kernels);
  }
  return new Map((lists.flat() as AnyKernel[]).map((kernel) => [kernel.name, kernel]));
}

/** Piscina hands the pool's workerData on as it is. */
function extraModules(data: unknown): readonly string[] {
  return (data as { readonly kernelModules: readonly string[] }).kernelModules;
}

function keepShared(id: number, value: unknown): void {
  sharedById.set(id, value);
  for (const oldest of sharedById.keys()) {
    if (sharedById.size <= SHARED_KEPT) break;
    sharedById.delete(oldest);
  }
}

/** The worker's entry: finds the kernel by name and runs it once. Errors travel as data. */
export default async function runTask(message: TaskMessage): Promise<TaskReply> {
  if (!sharedById.has(message.sharedId)) {
    if (message.shared === undefined) return { kind: 'missing' };
    keepShared(message.sharedId, message.shared.value);
  }
  try {
    const kernel = (await kernels).get(message.kernel);
    if (kernel === undefined) throw new RangeError(`No kernel is called ${message.kernel}.`);
    const { stop } = message;
    const context: KernelContext = { shouldStop: () => Atomics.load(stop, 0) !== 0 };
    const value = await kernel.run(sharedById.get(message.sharedId), message.task, context);
    return { kind: 'result', value };
  } catch (thrown) {
    return { kind: 'error', error: errorToData(thrown) };
  } finally {
    collectLeftovers();
  }
}

import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';

/** What a job carries: names in the store (they hold hashes of what stands there), never data. */
export interface JobData {
  readonly run: string;
  /** One map call of one coordinator: what is told to stop together. */
  readonly call: string;
  readonly kernel: string;
  readonly shared: string;
  readonly task: string;
  readonly result: string;
  /** Where a result goes that a stop has cut short. */
  readonly cut: string;
}

/** What must be equal on both sides for the same bytes. */
export interface Software {
  readonly mastplan: string;
  readonly node: string;
  readonly platform: string;
}

/** Workers of other software never see the jobs. */
export function queueNameOf(software: Software): string {
  return `tasks-${hashOf(Buffer.from(JSON.stringify(software))).slice(0, 16)}`;
}

export function softwareText({ mastplan, node, platform }: Software): string {
  return `mastplan ${mastplan} on Node ${node} (${platform})`;
}

export function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

export function encode(value: unknown): Buffer {
  return serialize(value);
}

export function decode(body: Uint8Array): unknown {
  return deserialize(body);
}

/** The job of a task: its id and names follow from what is to be computed, so a repeat is the same job. */
export function jobOf(
  run: string,
  call: string,
  kernel: string,
  sharedHash: string,
  taskHash: string,
): { readonly id: string; readonly data: JobData } {
  const id = hashOf(Buffer.from(`${kernel}\0${sharedHash}\0${taskHash}`));
  return {
    id: `${run}-${id}`,
    data: {
      run,
      call,
      kernel,
      shared: `${run}/shared-${sharedHash}`,
      task: `${run}/task-${taskHash}`,
      result: `${run}/result-${id}`,
      cut: `${run}/cut-${id}`,
    },
  };
}

const NAME = /^[\w-]{1,80}\/(shared|task|result|cut)-[0-9a-f]{64}$/;

/** What stands behind the kind in a name: of inputs the SHA-256 of their body, of results that of the job. */
export function hashInName(name: string): string {
  return name.slice(name.lastIndexOf('-') + 1);
}

/** Job data that names nothing outside the store; null for anything else that stands in the queue. */
export function checkedJob(data: unknown): JobData | null {
  if (typeof data !== 'object' || data === null) return null;
  const job = data as Record<keyof JobData, unknown>;
  const names = [job.shared, job.task, job.result, job.cut];
  if (!names.every((name) => typeof name === 'string' && NAME.test(name))) return null;
  if (![job.run, job.call, job.kernel].every((text) => typeof text === 'string')) return null;
  return data as JobData;
}

/** The value with every typed array on shared memory, so that threads read it without a copy. */
export function onSharedMemory(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const view = value as Uint8Array;
    const make = view.constructor as new (buffer: SharedArrayBuffer) => Uint8Array;
    const copy = new make(new SharedArrayBuffer(view.byteLength));
    copy.set(view);
    return copy;
  }
  if (Array.isArray(value)) return value.map(onSharedMemory);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, onSharedMemory(own)]));
}

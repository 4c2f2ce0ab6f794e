import { EnvironmentError, InputError, type Finding } from '../errors.ts';

/** What the pool sends a worker. */
export interface TaskMessage {
  readonly kernel: string;
  readonly task: unknown;
  /** One number per `shared` object of the caller. */
  readonly sharedId: number;
  /** Sent with the first tasks only; a worker that lacks it answers `missing` and gets the task again. */
  readonly shared?: { readonly value: unknown };
  /** One flag of the whole map call: not 0 = end soon. */
  readonly stop: Int32Array;
}

export type TaskReply =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ErrorData }
  | { readonly kind: 'missing' };

/** An error as data: classes lose name and fields on their way between threads. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly findings: readonly Finding[] | undefined;
}

export function errorToData(thrown: unknown): ErrorData {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: typeof code === 'string' ? code : undefined,
    findings: error instanceof InputError ? error.findings : undefined,
  };
}

/** The error again, of its own class where that is one of ours or of the language. */
export function errorFromData(data: ErrorData): Error {
  const error = rebuild(data);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

function rebuild(data: ErrorData): Error {
  if (data.findings !== undefined) return InputError.of(data.findings);
  if (data.name === 'EnvironmentError') {
    return new EnvironmentError(data.message, { code: data.code ?? 'unknown' });
  }
  if (data.name === 'RangeError') return new RangeError(data.message);
  if (data.name === 'TypeError') return new TypeError(data.message);
  const error = new Error(data.message);
  error.name = data.name;
  return data.code === undefined ? error : Object.assign(error, { code: data.code });
}

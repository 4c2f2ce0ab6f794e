import { createHash } from 'node:crypto';
import type { AwsV4Signer } from 'aws4fetch';
import { refusal, unreachable, type S3Address } from './s3-address.ts';

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Key behind the prefix; none for the bucket itself. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** How long an answer is waited for, and for how long a store that fails is asked again. */
export interface Patience {
  /** One request without its data, which is given a second a megabyte beside it. */
  readonly answerMs: number;
  readonly firstContactMs: number;
  readonly laterMs: number;
}

/** A restart of the store, or a minute's cut, is no reason to end a run; a wrong address is said at once. */
const PATIENCE: Patience = { answerMs: 30_000, firstContactMs: 2_000, laterMs: 120_000 };
/** The slowest line that still gets its data through. */
const BYTES_PER_MS = 1_000;
/** Pauses between attempts: each twice the one before, up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Requests at once; the others wait. */
const AT_ONCE = 32;
/** Answers other than 408, 429 and 5xx that say that the data did not get there whole. */
const DATA_LOST = /^(RequestTimeout|IncompleteBody|BadDigest|XAmzContentSHA256Mismatch|OperationAborted)$/;

type Outcome =
  | { readonly kind: 'done'; readonly body: Uint8Array }
  | { readonly kind: 'missing' }
  | { readonly kind: 'again' | 'refused'; readonly reason: string };

/**
 * Signed requests to an S3-compatible store (Signature Version 4, the data's SHA-256 signed with it). What fails on the
 * way or on a store that is busy is tried again; what the store refuses is said.
 */
export class S3Client {
  readonly #address: S3Address;
  readonly #patience: Patience;
  readonly #Signer: typeof AwsV4Signer;
  readonly #signingKeys = new Map<string, ArrayBuffer>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** What is waited at most: little until the store has answered once, and after it was given up. */
  #patienceMs: number;

  private constructor(address: S3Address, patience: Patience, Signer: typeof AwsV4Signer) {
    this.#address = address;
    this.#patience = patience;
    this.#Signer = Signer;
    this.#patienceMs = patience.firstContactMs;
  }

  /** The client's code is loaded only here: without an S3 store there is none in the process. */
  static async load(address: S3Address, patience: Patience = PATIENCE): Promise<S3Client> {
    const { AwsV4Signer: Signer } = await import('aws4fetch');
    return new S3Client(address, patience, Signer);
  }

  /**
   * The body of the answer; null where there is no such object.
   * @throws EnvironmentError when the store refuses, or does not answer for longer than is waited.
   */
  async send(request: S3Request): Promise<Uint8Array | null> {
    await this.#enter();
    try {
      return await this.#sendUntil(request);
    } finally {
      this.#leave();
    }
  }

  async #sendUntil(request: S3Request): Promise<Uint8Array | null> {
    const begunMs = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const outcome = await this.#try(request);
      if (outcome.kind === 'refused') throw refusal(this.#address, outcome.reason);
      if (outcome.kind !== 'again') {
        this.#patienceMs = this.#patience.laterMs;
        return outcome.kind === 'done' ? outcome.body : null;
      }
      const waitedMs = performance.now() - begunMs;
      if (waitedMs + pauseMs > this.#patienceMs) {
        this.#patienceMs = this.#patience.firstContactMs;
        throw unreachable(this.#address, outcome.reason, waitedMs / 1000);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #try(request: S3Request): Promise<Outcome> {
    const { url, method, headers } = await this.#signed(request);
    const stop = new AbortController();
    const { answerMs } = this.#patience;
    const timeFor = (bytes: number): NodeJS.Timeout =>
      setTimeout(() => stop.abort(), answerMs + bytes / BYTES_PER_MS);
    let timer = timeFor(request.body?.length ?? 0);
    try {
      const answer = await fetch(url, {
        ...{ method, headers, redirect: 'manual', signal: stop.signal },
        ...(request.body !== undefined && { body: request.body as Uint8Array<ArrayBuffer> }),
      });
      clearTimeout(timer);
      timer = timeFor(Number(answer.headers.get('content-length') ?? 0));
      return outcomeOf(method, answer.status, new Uint8Array(await answer.arrayBuffer()));
    } catch (error) {
      if (stop.signal.aborted) return { kind: 'again', reason: 'no answer' };
      const { cause } = error as { cause?: { code?: string } };
      if (cause === undefined) throw error;
      return { kind: 'again', reason: cause.code ?? 'the connection failed' };
    } finally {
      clearTimeout(timer);
    }
  }

  #signed({ method, name, query = {}, body = new Uint8Array() }: S3Request): ReturnType<AwsV4Signer['sign']> {
    const { endpoint, bucket, prefix, accessKeyId, secretAccessKey, sessionToken, region } = this.#address;
    const url = new URL(`${endpoint}/${bucket}${name === undefined ? '' : `/${prefix}${name}`}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const signer = new this.#Signer({
      ...{ url: url.href, method, accessKeyId, secretAccessKey, region, service: 's3' },
      ...(sessionToken !== undefined && { sessionToken }),
      cache: this.#signingKeys,
      headers: { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    });
    return signer.sign();
  }

  async #enter(): Promise<void> {
    if (this.#running < AT_ONCE) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Its place goes to whoever has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}

function outcomeOf(method: string, status: number, body: Uint8Array): Outcome {
  if (status >= 200 && status < 300) return { kind: 'done', body };
  const code = /<Code>(\w{1,60})<\/Code>/.exec(Buffer.from(body).toString('latin1', 0, 10_000))?.[1];
  if (status === 404 && method !== 'PUT' && code !== 'NoSuchBucket') return { kind: 'missing' };
  const reason = code === undefined ? `status ${status}` : `${status} ${code}`;
  const isPassing = status >= 500 || status === 408 || status === 429 || DATA_LOST.test(code ?? '');
  return { kind: isPassing ? 'again' : 'refused', reason };
}

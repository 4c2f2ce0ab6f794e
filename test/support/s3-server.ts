import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next request meets in place of its answer. */
export type S3Fault = '503' | '500' | 'reset' | 'cut' | 'silent';

/** An S3 store in memory, on loopback: one bucket, path style, signatures checked, as AWS documents it. */
export interface TestS3 {
  readonly url: string;
  readonly bucket: string;
  /** What an S3 client is told by its environment. */
  readonly env: Record<string, string>;
  readonly objects: Map<string, Buffer>;
  /** Requests that were answered, as `PUT prefix/name`. */
  readonly served: string[];
  /** Met by the next requests whose line (`PUT prefix/name`) they fit, each by one. */
  meet(...faults: { readonly fault: S3Fault; readonly on: RegExp }[]): void;
  /** Breaks all connections and listens no more. */
  stop(): Promise<void>;
  /** Listens again on the same port, with what it held. */
  start(): Promise<void>;
}

const BUCKET = 'plans';
const REGION = 'eu-north-1';
const KEY_ID = 'AKIATEST';
const SECRET = 'not/a+real/secret';

export async function startS3(): Promise<TestS3> {
  const objects = new Map<string, Buffer>();
  const served: string[] = [];
  const faults: { readonly fault: S3Fault; readonly on: RegExp }[] = [];
  let port = 0;
  let server: Server | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url, method } = lineOf(request);
    const key = decodeURIComponent(url.pathname.slice(`/${BUCKET}/`.length));
    const line = `${method} ${key}`;
    const at = faults.findIndex(({ on }) => on.test(line));
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    // A connection that breaks while the data is on its way: nothing of it may be seen.
    if (fault === 'reset') return void request.socket.destroy();
    const body = await bodyOf(request);
    if (fault === 'silent') return;
    if (fault === '503') return refuse(response, 503, 'SlowDown');
    if (fault === '500') return refuse(response, 500, 'InternalError');
    const wrong = signatureFault(request, body);
    if (wrong !== null) return refuse(response, wrong === 'XAmzContentSHA256Mismatch' ? 400 : 403, wrong);
    if (url.pathname.split('/')[1] !== BUCKET) return refuse(response, 404, 'NoSuchBucket');
    served.push(line);
    if (method === 'PUT') {
      objects.set(key, body);
      return void response.writeHead(200).end();
    }
    if (method === 'DELETE') {
      objects.delete(key);
      return void response.writeHead(204).end();
    }
    if (key === '') return list(response, url.searchParams);
    const object = objects.get(key);
    if (object === undefined) return refuse(response, 404, 'NoSuchKey');
    response.writeHead(200, { 'content-length': object.length });
    if (method === 'HEAD') return void response.end();
    if (fault !== 'cut') return void response.end(object);
    response.write(object.subarray(0, object.length >> 1), () => response.destroy());
  }

  /** ListObjectsV2, two keys a page so that pages are turned. */
  function list(response: ServerResponse, query: URLSearchParams): void {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, 2);
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    const truncated = `<IsTruncated>${page.length < keys.length}</IsTruncated>`;
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0"?><ListBucketResult>${truncated}${contents}</ListBucketResult>`);
  }

  const start = async (): Promise<void> => {
    const listening = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    server = listening;
    await new Promise<void>((resolve, reject) => {
      listening.on('error', reject);
      listening.listen(port, '127.0.0.1', resolve);
    });
    port = (listening.address() as AddressInfo).port;
  };
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    bucket: BUCKET,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: REGION,
    },
    objects,
    served,
    meet: (...more) => void faults.push(...more),
    start,
    stop: () =>
      new Promise((resolve) => {
        server?.close(() => resolve());
        server?.closeAllConnections();
        server = null;
      }),
  };
}

function lineOf({ url, method, headers }: IncomingMessage): { readonly url: URL; readonly method: string } {
  return { url: new URL(url ?? '/', `http://${headers.host ?? ''}`), method: method ?? '' };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>As S3 says it.</Message></Error>`);
}

/**
 * Signature Version 4, worked out from Amazon's description ("Signature Calculations for the Authorization Header"), not
 * from a client: null where it holds, else what S3 says.
 */
function signatureFault(request: IncomingMessage, body: Buffer): string | null {
  const { headers } = request;
  const { url, method } = lineOf(request);
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;
  const [, keyId, day, region, signed, signature] = form.exec(headers.authorization ?? '') ?? [];
  if (signed === undefined || day === undefined) return 'AccessDenied';
  if (keyId !== KEY_ID) return 'InvalidAccessKeyId';
  if (region !== REGION) return 'AuthorizationHeaderMalformed';
  const time = String(headers['x-amz-date']);
  const told = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - told) < 15 * 60_000)) return 'RequestTimeTooSkewed';
  const names = signed.split(';');
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.includes(name)))
    return 'AccessDenied';
  const bodyHash = createHash('sha256').update(body).digest('hex');
  if (headers['x-amz-content-sha256'] !== bodyHash) return 'XAmzContentSHA256Mismatch';
  const escaped = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const canonical = [
    method,
    decodeURIComponent(url.pathname).split('/').map(escaped).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    bodyHash,
  ].join('\n');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${SECRET}`, day));
  return hmac(key, toSign).toString('hex') === signature ? null : 'SignatureDoesNotMatch';
}

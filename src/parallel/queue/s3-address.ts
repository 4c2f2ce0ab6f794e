import { EnvironmentError, InputError } from '../../errors.ts';

/** A prefix in a bucket of an S3-compatible store. Only `shown` and `endpoint` may appear in messages. */
export interface S3Address {
  /** `s3://bucket/prefix` */
  readonly shown: string;
  /** `https://s3.example:9000`, without a slash at its end; buckets are the first part of the path behind it. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What AWS and most other stores take where no region is named. */
const DEFAULT_REGION = 'us-east-1';
/** Bucket and prefix stand in URLs and in lists of keys as they are written: letters that need no escape. */
const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/;

/**
 * Bucket and prefix from the option; endpoint, region and credentials from the variables that other S3 clients read.
 * @throws InputError that shows nothing of what was given: it may hold a secret.
 */
export function s3Address(text: string, env: Environment): S3Address {
  const [, bucket, path = ''] = ADDRESS.exec(text) ?? [];
  const parts = path.split('/').slice(1);
  if (bucket === undefined || parts.some((part) => /^\.+$/.test(part))) {
    throw new InputError(
      '--queue-store must be a folder, or s3://BUCKET/PREFIX for an S3-compatible store.',
      {
        code: 'store-address',
        hint: 'A prefix has letters, digits, dot, hyphen and underscore; endpoint and credentials stand in AWS_... variables.',
      },
    );
  }
  const accessKeyId = valueOf(env, 'AWS_ACCESS_KEY_ID');
  const secretAccessKey = valueOf(env, 'AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new InputError('an S3 store needs credentials.', {
      code: 'store-credentials',
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (profiles and roles of machines are not looked up).',
    });
  }
  const region = valueOf(env, 'AWS_REGION') ?? valueOf(env, 'AWS_DEFAULT_REGION') ?? DEFAULT_REGION;
  return {
    shown: ['s3:/', bucket, ...parts].join('/'),
    endpoint: endpointOf(env) ?? `https://s3.${region}.amazonaws.com`,
    region,
    bucket,
    prefix: parts.map((part) => `${part}/`).join(''),
    accessKeyId,
    secretAccessKey,
    sessionToken: valueOf(env, 'AWS_SESSION_TOKEN'),
  };
}

function endpointOf(env: Environment): string | undefined {
  const text = valueOf(env, 'AWS_ENDPOINT_URL_S3') ?? valueOf(env, 'AWS_ENDPOINT_URL');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isWeb || url.username + url.password + url.search + url.hash !== '') {
    throw new InputError('AWS_ENDPOINT_URL must be https://HOST:PORT or http://HOST:PORT.', {
      code: 'store-endpoint',
    });
  }
  return url.href.replace(/\/+$/, '');
}

/** An empty variable is one that is not set. */
function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** What a store says (`<Code>` of its answer) in a sentence. */
export function refusal({ shown, endpoint, region, bucket }: S3Address, reason: string): EnvironmentError {
  const said = (message: string, hint: string): EnvironmentError =>
    new EnvironmentError(message, { code: 'queue-store', hint });
  if (/NoSuchBucket/.test(reason)) {
    return said(
      `There is no bucket ${bucket} at ${endpoint}.`,
      'Make it, or name another with --queue-store.',
    );
  }
  if (/InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken/.test(reason)) {
    return said(
      `The queue store ${shown} at ${endpoint} refuses these credentials (${reason}).`,
      'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where there is one, AWS_SESSION_TOKEN say who asks.',
    );
  }
  if (/RequestTimeTooSkewed/.test(reason)) {
    return said(`The queue store ${shown} refuses this machine's clock (${reason}).`, 'Set it right.');
  }
  if (/Redirect|AuthorizationHeaderMalformed|^status 30/.test(reason)) {
    return said(
      `The bucket ${bucket} at ${endpoint} is not in the region ${region} (${reason}).`,
      'AWS_REGION says where it is.',
    );
  }
  return said(
    `The queue store ${shown} at ${endpoint} refuses access (${reason}).`,
    'It must allow s3:ListBucket on the bucket; s3:GetObject, s3:PutObject and s3:DeleteObject under the prefix.',
  );
}

/** Nobody answers, or only that it cannot now, for as long as was waited. */
export function unreachable(
  { shown, endpoint }: S3Address,
  reason: string,
  waitedS: number,
): EnvironmentError {
  const waited = waitedS < 10 ? '' : `, tried for ${Math.round(waitedS)} s`;
  return new EnvironmentError(
    `The queue store ${shown} cannot be reached at ${endpoint} (${reason}${waited}).`,
    {
      code: 'queue-store',
      hint: 'Does an S3-compatible store answer there? AWS_ENDPOINT_URL says where; own certificates: NODE_EXTRA_CA_CERTS.',
    },
  );
}

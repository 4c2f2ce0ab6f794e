import { InputError } from '../../errors.ts';
import { eachLine, fields } from './lines.ts';
import { GrowableFloat64 } from './growable.ts';

/** Sites and demand as points; what a site covers follows from its radius. */
export interface PointInstance {
  readonly siteIds: readonly string[];
  readonly siteX: Float64Array;
  readonly siteY: Float64Array;
  readonly siteCost: Float64Array;
  /** NaN where the file has none and the caller must say. */
  readonly siteRadius: Float64Array;
  readonly demandX: Float64Array;
  readonly demandY: Float64Array;
  readonly users: Float64Array;
  readonly usersDecimals: number;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number of decimals a number is written with: "12.50" has 2, "1e-3" has 3. */
export function decimalsOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const fraction = mantissa.split('.')[1] ?? '';
  return Math.max(0, fraction.replace(/0+$/, '').length - Number(exponent));
}

/** One line's fields, read with errors that name file and line. */
class LineFields {
  readonly #file: string;
  #fields: readonly string[] = [];
  #lineNumber = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: string, lineNumber: number): readonly string[] {
    this.#fields = fields(line);
    this.#lineNumber = lineNumber;
    return this.#fields;
  }

  fail(code: string, message: string, hint?: string): never {
    throw new InputError(message, { code, file: this.#file, feature: `line ${this.#lineNumber}`, hint });
  }

  number(index: number, name: string): number {
    const text = this.#fields[index];
    if (text === undefined) this.fail('field-missing', `${name} is missing.`);
    if (!NUMBER.test(text))
      this.fail('not-a-number', `${name} must be a number, got "${text.slice(0, 24)}".`);
    const value = Number(text);
    if (!Number.isFinite(value))
      this.fail('not-a-number', `${name} must be finite, got "${text.slice(0, 24)}".`);
    return value;
  }

  positive(index: number, name: string): number {
    const value = this.number(index, name);
    if (value <= 0) this.fail('not-positive', `${name} must be greater than 0, got ${value}.`);
    return value;
  }

  users(index: number): number {
    const value = this.number(index, 'users');
    if (value < 0) this.fail('users-negative', `users must be 0 or more, got ${value}.`);
    return value;
  }

  count(index: number, name: string): number {
    const value = this.number(index, name);
    if (!Number.isInteger(value) || value < 1) {
      this.fail('bad-count', `the number of ${name} must be a whole number of at least 1, got ${value}.`);
    }
    return value;
  }
}

/**
 * Reads the files of `F` and `C` lines: `F id x y cost [radius]`, `C id x y users` after a first line
 * `sites demand` (planar: with a radius per site; bds: Cordeau, Furini and Ljubic 2019, radius given apart).
 */
export async function readFacilityCustomerFile(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  withRadius: boolean,
): Promise<PointInstance> {
  const line = new LineFields(file);
  const sites = {
    ids: [] as string[],
    seen: new Set<string>(),
    x: list(),
    y: list(),
    cost: list(),
    radius: list(),
  };
  const demand = { x: list(), y: list(), users: list() };
  let expected: { sites: number; demand: number } | null = null;
  let usersDecimals = 0;
  await eachLine(file, chunks, (text, lineNumber) => {
    const parts = line.take(text, lineNumber);
    if (expected === null) {
      if (parts.length !== 2) line.fail('bad-header', 'the first line must be "sites customers".');
      expected = { sites: line.count(0, 'sites'), demand: line.count(1, 'customers') };
      return;
    }
    const wanted = parts[0] === 'F' ? (withRadius ? 6 : 5) : 5;
    if (parts[0] !== 'F' && parts[0] !== 'C') {
      line.fail('bad-line', `a line must begin with F or C, got "${(parts[0] ?? '').slice(0, 24)}".`);
    }
    if (parts.length !== wanted) {
      line.fail(
        'bad-line',
        `a line beginning with ${parts[0]} must have ${wanted} fields, got ${parts.length}.`,
      );
    }
    if (parts[0] === 'F') {
      const id = parts[1] ?? '';
      if (sites.seen.has(id)) line.fail('duplicate-id', `site id "${id}" stands twice.`);
      sites.seen.add(id);
      sites.ids.push(id);
      sites.x.push(line.number(2, 'x'));
      sites.y.push(line.number(3, 'y'));
      sites.cost.push(line.positive(4, 'cost'));
      sites.radius.push(withRadius ? line.positive(5, 'radius') : Number.NaN);
    } else {
      demand.x.push(line.number(2, 'x'));
      demand.y.push(line.number(3, 'y'));
      demand.users.push(line.users(4));
      usersDecimals = Math.max(usersDecimals, decimalsOf(parts[4] ?? ''));
    }
  });
  checkCounts(file, expected, sites.ids.length, demand.x.length);
  return {
    siteIds: sites.ids,
    siteX: sites.x.view(),
    siteY: sites.y.view(),
    siteCost: sites.cost.view(),
    siteRadius: sites.radius.view(),
    demandX: demand.x.view(),
    demandY: demand.y.view(),
    users: demand.users.view(),
    usersDecimals,
  };
}

/**
 * Reads the node files: a first line `n ...`, then `x y demand` (or `latitude longitude demand`) per node; every
 * node is demand and a candidate of cost 1. Sites are named by their 1-based place in the file.
 */
export async function readNodeFile(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  geographic: boolean,
): Promise<PointInstance> {
  const line = new LineFields(file);
  const [x, y, users] = [list(), list(), list()];
  let expected = 0;
  let usersDecimals = 0;
  await eachLine(file, chunks, (text, lineNumber) => {
    const parts = line.take(text, lineNumber);
    if (expected === 0) {
      expected = line.count(0, 'nodes');
      return;
    }
    if (parts.length !== 3) {
      line.fail('bad-line', `a node must have 3 fields (x, y, demand), got ${parts.length}.`);
    }
    x.push(line.number(0, geographic ? 'latitude' : 'x'));
    y.push(line.number(1, geographic ? 'longitude' : 'y'));
    if (geographic) checkDegrees(line, x.view().at(-1) ?? 0, y.view().at(-1) ?? 0);
    users.push(line.users(2));
    usersDecimals = Math.max(usersDecimals, decimalsOf(parts[2] ?? ''));
  });
  if (x.length !== expected) {
    throw new InputError(`the first line promises ${expected} nodes, the file has ${x.length}.`, {
      code: 'count-mismatch',
      file,
    });
  }
  return {
    siteIds: Array.from({ length: expected }, (_, node) => String(node + 1)),
    siteX: x.view(),
    siteY: y.view(),
    siteCost: new Float64Array(expected).fill(1),
    siteRadius: new Float64Array(expected).fill(Number.NaN),
    demandX: x.view(),
    demandY: y.view(),
    users: users.view(),
    usersDecimals,
  };
}

function checkDegrees(line: LineFields, latitude: number, longitude: number): void {
  if (Math.abs(latitude) > 90) {
    line.fail(
      'lat-out-of-range',
      `latitude ${latitude} is outside [-90, 90].`,
      'Nodes are "latitude longitude demand".',
    );
  }
  if (Math.abs(longitude) > 180) {
    line.fail('lon-out-of-range', `longitude ${longitude} is outside [-180, 180].`);
  }
}

function checkCounts(
  file: string,
  expected: { sites: number; demand: number } | null,
  sites: number,
  demand: number,
): void {
  if (expected !== null && expected.sites === sites && expected.demand === demand) return;
  const promised = expected === null ? 'nothing' : `${expected.sites} sites and ${expected.demand} customers`;
  throw new InputError(`the first line promises ${promised}, the file has ${sites} and ${demand}.`, {
    code: 'count-mismatch',
    file,
    hint: 'The file may be cut short.',
  });
}

function list(): GrowableFloat64 {
  return new GrowableFloat64();
}

import {
  LOAD_TRAFFIC,
  LOAD_USERS,
  SITE_CANDIDATE,
  SITE_FORBIDDEN,
  SITE_REQUIRED,
} from '../../solve/problem.ts';
import type { InstanceDraft } from './draft.ts';
import { GrowableFloat64, GrowableUint32 } from './growable.ts';
import { budgetShape, phaseOrderOf, phaseShape, targetShape } from './json-goals.ts';
import { layOut, StatedInstance } from './json-layout.ts';
import { roomShape, type StatedRoom } from './json-room.ts';
import { indexShape, listShape, mapShape, numberShape, objectShape, textShape } from './json-shapes.ts';
import { JsonStream } from './json-stream.ts';
import { JsonShapeError, type JsonVisitor } from './json-visitor.ts';
import { decimalsOf } from './point-file.ts';

const STATUS: Readonly<Record<string, number>> = {
  candidate: SITE_CANDIDATE,
  required: SITE_REQUIRED,
  forbidden: SITE_FORBIDDEN,
};

/**
 * Reads mastplan's own instance format (docs/formats.md), version 1, as a stream: members may come in any order.
 *
 * @param onPairs told how many pairs have been read; may refuse by throwing
 * @throws InputError naming the place (`sites[12].covers[3], line 1`) and what is wrong.
 */
export async function readJsonInstance(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onPairs?: (pairs: number) => void,
): Promise<InstanceDraft> {
  const reader = new JsonInstanceReader();
  const stream = new JsonStream(file, reader.document());
  for await (const chunk of chunks) {
    stream.write(chunk);
    onPairs?.(reader.stated.covers.length);
  }
  stream.end();
  return layOut(file, reader.stated);
}

class JsonInstanceReader {
  readonly stated = new StatedInstance();

  document(): JsonVisitor {
    return objectShape(
      'an instance object',
      {
        format: () => textShape('"mastplan-instance"', checkFormat),
        version: () => numberShape('version 1', checkVersion),
        sites: () => listShape('a list of sites', () => this.#site()),
        conflicts: () => listShape('a list of pairs of site indices', () => this.#conflict()),
        demand: () => mapShape('users per period', (period) => this.#periodUsers(period)),
        servedToday: () => mapShape('0 or 1 per period', (period) => this.#periodServed(period)),
        phases: () => {
          const phases = (this.stated.phases ??= []);
          return listShape('a list of phases', () => phaseShape(phases));
        },
        targets: () => {
          const targets = (this.stated.targets ??= []);
          return listShape('a list of targets', () => targetShape(targets));
        },
        bpsPerUser: () => mapShape('bit/s per user and period', (period) => this.#periodRates(period)),
        today: () => listShape("a list of today's sites with room", () => this.#standingSite()),
        budget: () => budgetShape((budget) => (this.stated.budget = budget)),
        phaseOrder: () =>
          textShape('"nested" or "as-built"', (order) => (this.stated.phaseOrder = phaseOrderOf(order))),
      },
      ['sites', 'demand'],
    );
  }

  #site(): JsonVisitor {
    let id = '';
    let cost = Number.NaN;
    let location: string | null = null;
    let status = SITE_CANDIDATE;
    let room: StatedRoom | null = null;
    return objectShape(
      'a site object',
      {
        id: () => nameShape('an id', (value) => (id = value)),
        cost: () =>
          numberShape('a cost greater than 0', (value) => {
            if (value <= 0)
              throw new JsonShapeError('not-positive', `cost must be greater than 0, got ${value}.`);
            cost = value;
          }),
        location: () => nameShape('a location name', (value) => (location = value)),
        status: () => textShape('candidate, required or forbidden', (value) => (status = statusOf(value))),
        covers: () => {
          const index = indexShape('a demand index', (value) => this.stated.covers.push(value));
          return listShape('a list of demand indices', () => index);
        },
        ...this.#roomMembers(
          () => room !== null,
          (value) => (room = value),
        ),
      },
      ['id', 'cost', 'covers'],
      () => {
        if (this.stated.idsSeen.has(id))
          throw new JsonShapeError('duplicate-id', `site id "${id}" stands twice.`);
        this.stated.idsSeen.add(id);
        this.stated.siteIds.push(id);
        this.stated.siteCost.push(cost);
        this.stated.siteStatus.push(status);
        this.stated.siteLocation.push(location);
        this.stated.siteStart.push(this.stated.covers.length);
        this.stated.rooms.push(room);
      },
    );
  }

  /** One of today's sites: whom it covers and what it carries of the users of the instance. */
  #standingSite(): JsonVisitor {
    let id = '';
    let room: StatedRoom | null = null;
    const covers = new GrowableUint32();
    const index = indexShape('a demand index', (value) => covers.push(value));
    return objectShape(
      'a site of today',
      {
        id: () => nameShape('an id', (value) => (id = value)),
        covers: () => listShape('a list of demand indices', () => index),
        ...this.#roomMembers(
          () => room !== null,
          (value) => (room = value),
        ),
      },
      ['id', 'covers'],
      () => {
        if (room === null)
          throw new JsonShapeError('room-missing', `site "${id}" of today states no room: leave it out.`);
        this.stated.today.push({ id, covers: covers.drain(), room });
      },
    );
  }

  #roomMembers(isStated: () => boolean, take: (room: StatedRoom) => void): Record<string, () => JsonVisitor> {
    const member = (counts: StatedRoom['counts']) => (): JsonVisitor => {
      if (isStated())
        throw new JsonShapeError('two-rooms', 'capacityMbps and capacityUsers stand side by side; keep one.');
      return roomShape(counts, take, (decimals) => this.#sawDecimals(decimals));
    };
    return { capacityMbps: member(LOAD_TRAFFIC), capacityUsers: member(LOAD_USERS) };
  }

  #sawDecimals(decimals: number): void {
    this.stated.usersDecimals = Math.max(this.stated.usersDecimals, decimals);
  }

  #periodRates(period: string): JsonVisitor {
    const values = new GrowableFloat64();
    this.stated.rates.set(period, values);
    const rate = numberShape('whole bit/s per user', (value) => {
      if (!Number.isInteger(value) || value < 0)
        throw new JsonShapeError('bad-rate', `bit/s per user must be whole and 0 or more, got ${value}.`);
      values.push(value);
    });
    return listShape('a list of bit/s per user', () => rate);
  }

  #conflict(): JsonVisitor {
    const pair: number[] = [];
    const index = indexShape('a site index', (value) => pair.push(value));
    return listShape(
      'a pair of site indices',
      () => index,
      () => {
        const [a, b] = pair;
        if (a === undefined || b === undefined || pair.length !== 2 || a === b) {
          throw new JsonShapeError('bad-conflict', 'a conflict must be two different site indices.');
        }
        this.stated.conflicts.push([Math.min(a, b), Math.max(a, b)]);
      },
    );
  }

  #periodUsers(period: string): JsonVisitor {
    const values = new GrowableFloat64();
    this.stated.users.set(period, values);
    const users = numberShape('a number of users', (value, text) => {
      if (value < 0) throw new JsonShapeError('users-negative', `users must be 0 or more, got ${value}.`);
      if (!Number.isInteger(value)) this.#sawDecimals(decimalsOf(text()));
      values.push(value);
    });
    return listShape('a list of users', () => users);
  }

  #periodServed(period: string): JsonVisitor {
    const values = new GrowableUint32();
    this.stated.servedToday.set(period, values);
    const take = (value: number): void => {
      if (value !== 0 && value !== 1)
        throw new JsonShapeError('bad-flag', `expected 0 or 1, found ${value}.`);
      values.push(value);
    };
    const flag: JsonVisitor = {
      expects: '0 or 1',
      number: take,
      literal: (value) => take(value === null ? Number.NaN : Number(value)),
    };
    return listShape('a list of 0 and 1', () => flag);
  }
}

function checkFormat(format: string): void {
  if (format === 'mastplan-instance') return;
  throw new JsonShapeError(
    'wrong-format',
    `format must be "mastplan-instance", got "${format.slice(0, 40)}".`,
  );
}

function checkVersion(version: number): void {
  if (version === 1) return;
  throw new JsonShapeError(
    'wrong-version',
    `version ${version} is not known; this mastplan reads version 1.`,
  );
}

function statusOf(text: string): number {
  const status = Object.hasOwn(STATUS, text) ? STATUS[text] : undefined;
  if (status !== undefined) return status;
  const hint = text === 'existing' ? ' Existing sites act through servedToday.' : '';
  throw new JsonShapeError(
    'bad-status',
    `status must be candidate, required or forbidden, got "${text.slice(0, 24)}".${hint}`,
  );
}

/** A name given as text or as a number. */
function nameShape(expects: string, take: (name: string) => void): JsonVisitor {
  return { expects, string: take, number: (_, text) => take(text()) };
}

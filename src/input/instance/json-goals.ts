import { shareFraction } from '../../fraction.ts';
import type { Budget, CoveringProblem } from '../../solve/problem.ts';
import { GrowableUint32 } from './growable.ts';
import type { StatedPhase, StatedTarget } from './json-layout.ts';
import { indexShape, listShape, numberShape, objectShape, textShape } from './json-shapes.ts';
import { JsonShapeError, type JsonVisitor } from './json-visitor.ts';

/** Sites that may be asked to cover a user at once, as in a scenario. */
const MOST_BACKUP = 16;

/** A phase with its targets. */
export function phaseShape(into: StatedPhase[]): JsonVisitor {
  const phase: StatedPhase = { name: `phase ${into.length + 1}`, targets: [] };
  into.push(phase);
  return objectShape(
    'a phase object',
    {
      name: () => textShape('a name', (value) => (phase.name = value)),
      targets: () => listShape('a list of targets', () => targetShape(phase.targets)),
    },
    ['targets'],
  );
}

/** A share of the users of a period, or of those of its members. */
export function targetShape(into: StatedTarget[]): JsonVisitor {
  const target: StatedTarget = {
    period: null,
    region: null,
    members: null,
    share: { numerator: 1, denominator: 1 },
  };
  const takeShare = (text: string): void => {
    const share = shareFraction(text);
    if (share === null) {
      throw new JsonShapeError(
        'bad-share',
        `share must be above 0 and at most 1, with at most 9 decimals, got ${text.slice(0, 24)}.`,
      );
    }
    target.share = share;
  };
  return objectShape(
    'a target object',
    {
      period: () => textShape('the name of a period', (value) => (target.period = value)),
      region: () => ({
        expects: 'the name of a region',
        string: (value) => (target.region = value),
        literal: (value) => {
          if (value !== null) throw new JsonShapeError('wrong-kind', 'expected the name of a region.');
        },
      }),
      service: () => textShape('the name of a service', (value) => (target.service = value)),
      share: () => ({
        expects: 'a share such as 0.95',
        number: (_, text) => takeShare(text()),
        string: takeShare,
      }),
      members: () => {
        const members = new GrowableUint32();
        const index = indexShape('a demand index', (value) => members.push(value));
        return listShape(
          'a list of demand indices',
          () => index,
          () => (target.members = members.drain()),
        );
      },
      backup: () =>
        numberShape('a number of sites', (value) => {
          if (!Number.isInteger(value) || value < 2 || value > MOST_BACKUP)
            throw new JsonShapeError('bad-backup', `backup must be 2 to ${MOST_BACKUP}, got ${value}.`);
          target.backup = value;
        }),
    },
    ['share'],
    () => {
      const named = target.region !== null ? 'region' : target.service !== undefined ? 'service' : null;
      if (named !== null && target.members === null) {
        throw new JsonShapeError('members-missing', `a target with a ${named} must list its members.`);
      }
      into.push(target);
    },
  );
}

/** What may be built at most, instead of targets. */
export function budgetShape(take: (budget: Budget) => void): JsonVisitor {
  let sites: number | null = null;
  let cost: number | null = null;
  let objective: Budget['objective'] = 'mean';
  const orNothing = (expects: string, take: (value: number) => void): JsonVisitor => ({
    expects,
    number: take,
    literal: (value) => {
      if (value !== null) throw new JsonShapeError('wrong-kind', `expected ${expects}.`);
    },
  });
  return objectShape(
    'a budget object',
    {
      sites: () =>
        orNothing('a number of sites', (value) => {
          if (!Number.isInteger(value) || value < 0) {
            throw new JsonShapeError(
              'bad-budget',
              `sites must be a whole number of 0 or more, got ${value}.`,
            );
          }
          sites = value;
        }),
      cost: () =>
        orNothing('a cost', (value) => {
          if (value < 0) throw new JsonShapeError('bad-budget', `cost must be 0 or more, got ${value}.`);
          cost = value;
        }),
      objective: () =>
        textShape('"mean" or "worst"', (value) => {
          if (value !== 'mean' && value !== 'worst') {
            throw new JsonShapeError(
              'bad-objective',
              `expected "mean" or "worst", found "${value.slice(0, 24)}".`,
            );
          }
          objective = value;
        }),
    },
    [],
    () => {
      if (sites === null && cost === null) {
        throw new JsonShapeError('bad-budget', 'a budget must say sites, cost or both.');
      }
      take({ sites, cost, objective });
    },
  );
}

/** @throws JsonShapeError for a word that is no order */
export function phaseOrderOf(order: string): CoveringProblem['phaseOrder'] {
  if (order !== 'nested' && order !== 'as-built') {
    throw new JsonShapeError('bad-order', `expected "nested" or "as-built", found "${order.slice(0, 24)}".`);
  }
  return order;
}

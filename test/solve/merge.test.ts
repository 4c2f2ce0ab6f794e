import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandOf, markCovered, pairsOf, SpanCoverage } from '../../src/coverage/span-coverage.ts';
import {
  listClasses,
  mergeEqualCoverSets,
  rowsOf,
  type CoverLists,
  type CoverRows,
} from '../../src/solve/merge.ts';

const ITEMS = 40;
/** Per site 1 where it covers the item. */
const covers = fc.array(
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: ITEMS, maxLength: ITEMS }).map((flags) => {
    // Half the sites cover runs of five.
    return flags.map((own, item) => (flags[0] === 1 ? own : flags[item - (item % 5)]!));
  }),
  { minLength: 0, maxLength: 12 },
);

function inSpans(sites: readonly (readonly number[])[]): SpanCoverage {
  const siteStart = [0];
  const spanStart = [0];
  const edges: number[] = [];
  for (const flags of sites) {
    flags.forEach((own, item) => {
      if (own !== (flags[item - 1] ?? 0)) edges.push(item);
    });
    if (flags.at(-1) === 1) edges.push(flags.length);
    siteStart.push(siteStart.at(-1)! + flags.filter((own) => own === 1).length);
    spanStart.push(edges.length / 2);
  }
  return new SpanCoverage(
    ITEMS,
    Uint32Array.from(siteStart),
    Uint32Array.from(spanStart),
    Uint32Array.from(edges),
  );
}

function listed(coverage: SpanCoverage): CoverLists {
  const { siteCount, siteStart, demandOfSite } = coverage;
  return { siteCount, itemCount: ITEMS, siteStart, itemOfSite: demandOfSite };
}

/** Classes by the text of their cover sets, numbered by first member: the definition. */
function classesOf(sites: readonly (readonly number[])[], activeSite: Uint8Array, activeItem: Uint8Array) {
  const numberOf = new Map<string, number>();
  return Array.from({ length: ITEMS }, (_, item) => {
    const key = sites.map((flags, site) => flags[item]! * activeSite[site]!).join('');
    if (activeItem[item] === 0 || !key.includes('1')) return -1;
    const own = numberOf.get(key) ?? numberOf.size;
    numberOf.set(key, own);
    return own;
  });
}

describe('a coverage matrix in spans', () => {
  it('lists, marks and counts what each site covers', () => {
    fc.assert(
      fc.property(covers, (sites) => {
        const coverage = inSpans(sites);
        const expected = sites.map((flags) => flags.flatMap((own, item) => (own === 1 ? [item] : [])));
        expect([...coverage.demandOfSite]).toEqual(expected.flat());
        expect(pairsOf(coverage)).toBe(expected.flat().length);
        sites.forEach((flags, site) => {
          expect([...demandOf(coverage, site)]).toEqual(expected[site]);
          const marked = new Uint8Array(ITEMS);
          markCovered(coverage, site, marked);
          expect([...marked]).toEqual(flags);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('mergeEqualCoverSets and listClasses', () => {
  it('put items together exactly when the same sites cover them, from lists and from spans', () => {
    fc.assert(
      fc.property(covers, fc.infiniteStream(fc.boolean()), (sites, coin) => {
        const flip = (): number => (coin.next().value === true ? 1 : 0);
        const activeSite = Uint8Array.from(sites, flip);
        const activeItem = Uint8Array.from({ length: ITEMS }, flip);
        const kept = Uint32Array.from(activeSite.keys()).filter((site) => activeSite[site] === 1);
        const expected = classesOf(sites, activeSite, activeItem);
        const coverage = inSpans(sites);
        const answers = [rowsOf(coverage), listed(coverage)].map((rows: CoverRows) => {
          const merging = mergeEqualCoverSets(rows, activeSite, activeItem);
          expect([...merging.classOfItem]).toEqual(expected);
          return listClasses(rows, merging, kept);
        });
        expect(answers[0]).toEqual(answers[1]);
        kept.forEach((site, row) => {
          const { siteStart, classOfSite } = answers[0]!;
          const own = expected.filter((number, item) => number !== -1 && sites[site]![item] === 1);
          const found = [...classOfSite.slice(siteStart[row], siteStart[row + 1])];
          expect(found).toEqual([...new Set(own)].toSorted((a, b) => a - b));
        });
      }),
      { numRuns: 500 },
    );
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildPointGrid } from '../../src/coverage/point-grid.ts';
import { countWithinRadius, coverWithinRadius } from '../../src/coverage/radius-coverage.ts';
import { createRandom } from '../../src/random.ts';

const { Module, Instance } = (
  globalThis as unknown as { WebAssembly: { Module: unknown; Instance: unknown } }
).WebAssembly;

function refuse(): never {
  throw new RangeError('refused');
}

/** Halves make points on the border of a disc and on cell borders common. */
const coordinate = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((halves) => halves / 2),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);
const reach = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((halves) => halves / 2),
  fc.double({ min: 0, max: 2e6, noNaN: true }),
  fc.constantFrom(Infinity, NaN),
);

/** The same query by WebAssembly and by TypeScript. */
function both(points: [number, number][], sites: [number, number, number][], meanRadius: number) {
  const [x, y] = [0, 1].map((axis) => Float64Array.from(points, (point) => point[axis]!));
  const [siteX, siteY, radius] = [0, 1, 2].map((axis) => Float64Array.from(sites, (site) => site[axis]!));
  return [0, Infinity].map((kernelPoints) => {
    const grid = buildPointGrid(x!, y!, meanRadius, kernelPoints);
    const { siteStart, spanStart, edges } = coverWithinRadius(grid, siteX!, siteY!, radius!);
    const { pairs, spans } = countWithinRadius(grid, siteX!, siteY!, radius!);
    expect(spans).toBe(edges.length / 2);
    return { hasKernel: grid.kernel !== null, siteStart, spanStart, edges, pairs, original: grid.original };
  }) as [Found, Found];
}

interface Found {
  hasKernel: boolean;
  siteStart: Uint32Array;
  spanStart: Uint32Array;
  edges: Uint32Array;
  pairs: number;
  original: Uint32Array;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('the WebAssembly kernel of discs', () => {
  it('finds the spans of the TypeScript, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 120 }),
        fc.array(fc.tuple(coordinate, coordinate, reach), { minLength: 1, maxLength: 6 }),
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 1e-3, max: 1e6, noNaN: true })),
        (points, sites, meanRadius) => {
          const [byKernel, byScript] = both(points, sites, meanRadius);
          expect([byKernel.hasKernel, byScript.hasKernel]).toEqual([true, false]);
          expect({ ...byKernel, hasKernel: null }).toEqual({ ...byScript, hasKernel: null });
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('finds them too when there are more spans than fit its block', () => {
    const random = createRandom(3);
    const points = Array.from({ length: 20_000 }, (): [number, number] => [random.next(), random.next()]);
    const sites = Array.from({ length: 1500 }, (): [number, number, number] => [
      random.next(),
      random.next(),
      0.3,
    ]);
    const [byKernel, byScript] = both(points, sites, 0.3);
    expect(byKernel.edges.length).toBeGreaterThan(2 ** 18);
    expect(Buffer.from(byKernel.edges.buffer).equals(Buffer.from(byScript.edges.buffer))).toBe(true);
    expect(byKernel.pairs).toBe(byScript.pairs);
  });

  it('is what its AssemblyScript compiles to: else run npm run build:kernel', async () => {
    const script = new URL('../../scripts/build-disc-kernel.mjs', import.meta.url);
    const { discKernelModule } = (await import(script.href)) as { discKernelModule(): Promise<string> };
    const kept = readFileSync(new URL('../../src/coverage/disc-kernel-bytes.ts', import.meta.url), 'utf8');
    expect(await discKernelModule()).toBe(kept);
  });

  it.each([
    ['there is no WebAssembly', undefined],
    ['compiling is forbidden or SIMD unknown', { Module: refuse }],
    ['a memory is refused', { Module, Instance, Memory: refuse }],
  ])('leaves its work to TypeScript where %s', async (_, engine) => {
    vi.stubGlobal('WebAssembly', engine);
    vi.resetModules();
    const fresh = await import('../../src/coverage/point-grid.ts');
    const grid = fresh.buildPointGrid(Float64Array.of(0, 3, 4), Float64Array.of(0, 0, 3), 5, 0);
    expect(grid.kernel).toBeNull();
    // (4, 3) lies 5 from the origin: on the border.
    const coverage = coverWithinRadius(grid, Float64Array.of(0), Float64Array.of(0), Float64Array.of(5));
    expect(coverage.siteStart[1]).toBe(3);
  });
});

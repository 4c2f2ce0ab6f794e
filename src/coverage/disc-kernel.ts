import { DISC_KERNEL_BYTES } from './disc-kernel-bytes.ts';
import { BLOCK_EDGES, type FoundSpans } from './found-spans.ts';

/** Where the square cells of a grid lie. */
export interface GridFrame {
  readonly minX: number;
  readonly minY: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** What assembly/find-disc.ts exports; places are bytes in its memory. */
interface KernelExports {
  setGrid(
    x: number,
    y: number,
    cellStart: number,
    edges: number,
    minX: number,
    minY: number,
    cell: number,
    columns: number,
    rows: number,
  ): void;
  findDisc(px: number, py: number, radius: number, used: number): number;
  pointsFound(): number;
}

/** What is needed here of WebAssembly: the language library declares it for pages only. */
interface WebAssemblyEngine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const engine = (globalThis as { readonly WebAssembly?: WebAssemblyEngine }).WebAssembly;

const PAGE_BYTES = 65_536;

/**
 * `findDisc` in WebAssembly SIMD (assembly/find-disc.ts) over the points of one grid, which lie in its memory from the start: nothing is
 * copied for a query but the spans it finds. The same spans as the TypeScript, bit for bit, in half the time.
 */
export class DiscKernel {
  /** [points], [points], [cells + 1] arrays of the grid, for its builder to fill. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly cellStart: Uint32Array;
  /** The block that spans are written to: one at least, and what a single disc can have. */
  readonly edges: Uint32Array;
  readonly #exports: KernelExports;
  readonly #edgesOfDisc: number;

  constructor({ Memory, Instance }: WebAssemblyEngine, module: object, frame: GridFrame, points: number) {
    const { minX, minY, cell, columns, rows } = frame;
    // At most an edge a point and two a row; four are written at a time.
    this.#edgesOfDisc = points + 2 * rows + 4;
    // The first page holds the constants of the module.
    const xAt = PAGE_BYTES;
    const yAt = xAt + 8 * points;
    const edgesAt = yAt + 8 * points;
    const cellsAt = edgesAt + 4 * (BLOCK_EDGES + this.#edgesOfDisc);
    const end = cellsAt + 4 * (rows * columns + 1);
    const memory = new Memory({ initial: Math.ceil(end / PAGE_BYTES) });
    this.x = new Float64Array(memory.buffer, xAt, points);
    this.y = new Float64Array(memory.buffer, yAt, points);
    this.cellStart = new Uint32Array(memory.buffer, cellsAt, rows * columns + 1);
    this.edges = new Uint32Array(memory.buffer, edgesAt, BLOCK_EDGES + this.#edgesOfDisc);
    const { exports } = new Instance(module, { env: { memory } });
    this.#exports = exports as KernelExports;
    this.#exports.setGrid(xAt, yAt, cellsAt, edgesAt, minX, minY, cell, columns, rows);
  }

  /** As `findDisc`; `found` fills this kernel's `edges`. */
  findDisc(px: number, py: number, radius: number, found: FoundSpans): number {
    found.blockFor(this.#edgesOfDisc);
    found.used = this.#exports.findDisc(px, py, radius, found.used);
    return this.#exports.pointsFound();
  }
}

/** undefined = not looked at yet, null = this platform has no WebAssembly SIMD or forbids compiling. */
let compiled: object | null | undefined;

function compile({ Module }: WebAssemblyEngine): object | null {
  try {
    return new Module(Uint8Array.from(atob(DISC_KERNEL_BYTES), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** A kernel with room for so many points; null where the platform cannot run it or refuses the memory. */
export function openDiscKernel(frame: GridFrame, points: number): DiscKernel | null {
  if (engine === undefined) return null;
  if (compiled === undefined) compiled = compile(engine);
  if (compiled === null) return null;
  try {
    return new DiscKernel(engine, compiled, frame, points);
  } catch {
    return null;
  }
}

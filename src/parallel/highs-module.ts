import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileHighsBy, type WasmModule } from '../solve/highs.ts';

/** What is needed here of WebAssembly: the language library declares it for pages only. */
interface Compiler {
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

/**
 * Lets every instance of HiGHS in this thread be made from one compiled module. Threads that compile the same bytes while a module of
 * them is kept anywhere in the process get its code, as it was optimised so far, and compile nothing (V8's cache of modules).
 */
export function shareHighsModule(): void {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Compiler };
  const file = createRequire(import.meta.url).resolve('highs/runtime');
  compileHighsBy(() => WebAssembly.compile(readFileSync(file)));
}

// Compiles src/coverage/assembly/find-disc.ts (AssemblyScript) into src/coverage/disc-kernel-bytes.ts: npm run build:kernel.
// The bytes are in the repository, so that building and running mastplan need no compiler; a test compares them to a fresh build.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = new URL('../src/coverage/disc-kernel-bytes.ts', import.meta.url);

/** The text of src/coverage/disc-kernel-bytes.ts as the compiler of today makes it. */
export async function discKernelModule() {
  let wasm;
  const { error, stderr } = await asc.main(
    [
      'src/coverage/assembly/find-disc.ts',
      ...['--baseDir', root, '--outFile', 'find-disc.wasm'],
      ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'],
    ],
    { writeFile: (name, contents) => void (name === 'find-disc.wasm' && (wasm = contents)) },
  );
  if (error !== null) throw new Error(`asc: ${error.message}\n${stderr.toString()}`);
  return [
    '/** The WebAssembly of assembly/find-disc.ts in base64. Written by scripts/build-disc-kernel.mjs: do not edit. */',
    '// prettier-ignore',
    `export const DISC_KERNEL_BYTES = '${Buffer.from(wasm).toString('base64')}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, await discKernelModule());

// HiGHS as WebAssembly (npm highs): node highs-wasm.mjs MODEL.mps SECONDS. Its log goes to stdout.
import { readFileSync } from 'node:fs';
import loadHighs from 'highs';

const [path, seconds] = process.argv.slice(2);
const highs = await loadHighs({ print: (line) => console.log(line) });
highs.withModel({ format: 'mps', data: readFileSync(path) }, (model) => {
  model.options.set({ output_flag: true, mip_rel_gap: 0, mip_abs_gap: 0, time_limit: Number(seconds) });
  model.run();
});

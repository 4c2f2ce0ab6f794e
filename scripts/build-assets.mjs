// Runs after tsc (npm run build): what the package ships besides compiled modules. Each step is a line below.
import { mkdirSync, writeFileSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);

/** The JSON Schema of scenario files, for editors. */
async function writeScenarioSchema() {
  const { scenarioJsonSchema } = await import(new URL('input/scenario-keys.js', dist).href);
  mkdirSync(new URL('schema/', dist), { recursive: true });
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  writeFileSync(new URL('schema/scenario.schema.json', dist), text);
}

const steps = [writeScenarioSchema];

for (const step of steps) await step();

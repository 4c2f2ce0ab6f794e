// Runs after tsc (npm run build): what the package ships besides compiled modules. Each step is a line below.
import { mkdirSync, writeFileSync } from 'node:fs';
import { bundlePage } from './bundle-page.mjs';

const dist = new URL('../dist/', import.meta.url);

/** The JSON Schema of scenario files, for editors. */
async function writeScenarioSchema() {
  const { scenarioJsonSchema } = await import(new URL('input/scenario-keys.js', dist).href);
  mkdirSync(new URL('schema/', dist), { recursive: true });
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  writeFileSync(new URL('schema/scenario.schema.json', dist), text);
}

/** The JSON Schema of report.json. */
async function writeReportSchema() {
  const { reportJsonSchema } = await import(new URL('report/report-schema.js', dist).href);
  mkdirSync(new URL('schema/', dist), { recursive: true });
  writeFileSync(
    new URL('schema/report.schema.json', dist),
    `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
  );
}

/** The JSON Schema of assessment.json. */
async function writeAssessmentSchema() {
  const { assessmentJsonSchema } = await import(new URL('report/assess-schema.js', dist).href);
  mkdirSync(new URL('schema/', dist), { recursive: true });
  writeFileSync(
    new URL('schema/assessment.schema.json', dist),
    `${JSON.stringify(assessmentJsonSchema(), null, 2)}\n`,
  );
}

/** Programs and style of the report pages, beside the module that puts them into a page. */
async function writePages() {
  for (const page of ['plan', 'compare', 'assess']) {
    const { script, style } = await bundlePage(page);
    writeFileSync(new URL(`report/page-${page}.js`, dist), script);
    writeFileSync(new URL('report/page.css', dist), style);
  }
}

const steps = [writeScenarioSchema, writeReportSchema, writeAssessmentSchema, writePages];

for (const step of steps) await step();

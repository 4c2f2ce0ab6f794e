import { readFileSync } from 'node:fs';

const packageFile = new URL('../package.json', import.meta.url);

/** Of this package, as reports name it. */
export const version: string = (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;

/** What must be equal for the same input to give the same bytes. */
export const SOFTWARE = {
  mastplan: version,
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
} as const;

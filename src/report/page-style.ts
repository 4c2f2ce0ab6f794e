import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The style every page shares: beside this module in the package, in `page/` in the source tree. */
export async function pageStyle(): Promise<string> {
  const packaged = new URL('./page.css', import.meta.url);
  return readFile(existsSync(packaged) ? packaged : new URL('./page/page.css', import.meta.url), 'utf8');
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The pages we make; each is an entry module of `page/`. */
export type PageName = 'plan' | 'compare' | 'assess';

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The bundled program and style of a page: beside this module in the package (`npm run build` put them there), or
 * bundled now when running from the source tree.
 */
export async function pageAssets(page: PageName): Promise<PageAssets> {
  const script = new URL(`./page-${page}.js`, import.meta.url);
  if (existsSync(script)) {
    const style = new URL('./page.css', import.meta.url);
    return { script: await readFile(script, 'utf8'), style: await readFile(style, 'utf8') };
  }
  const bundler = new URL('../../scripts/bundle-page.mjs', import.meta.url).href;
  const { bundlePage } = (await import(bundler)) as { bundlePage: (page: string) => Promise<PageAssets> };
  return bundlePage(page);
}

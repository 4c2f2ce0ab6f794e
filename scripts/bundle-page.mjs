// The program and style of a report page as two strings, from src/report/page. Used by the build and, from source, by tests.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/report/page/', import.meta.url));

/** @param {string} page @returns {Promise<{ script: string, style: string }>} */
export async function bundlePage(page) {
  const options = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8' };
  const [program, style] = await Promise.all([
    build({ ...options, entryPoints: [`${folder}${page}.ts`], format: 'esm', target: 'es2022' }),
    build({ ...options, entryPoints: [`${folder}page.css`] }),
  ]);
  // A closing tag inside a string would end the inline script.
  return {
    script: program.outputFiles[0].text.replace(/<\/(script)/gi, '<\\/$1'),
    style: style.outputFiles[0].text,
  };
}

import type { Comparison } from '../compare.ts';
import { openOutput } from './atomic.ts';
import { escapeHtml } from './escape.ts';
import { jsonText } from './json-text.ts';
import { pageAssets } from './page-assets.ts';
import type { ComparisonPageData } from './page-comparison-types.ts';
import type { PageData } from './page-data-types.ts';
import { htmlDocument } from './page-html.ts';
import { readPageData } from './read-run.ts';
import { WORDS } from './words/words.ts';

const COMPLETION = 'comparison.json';
const PAGE = 'compare.html';

/** Writes `compare.html` and, last, `comparison.json` into a folder. Returns the names. */
export async function writeComparison(
  comparison: Comparison,
  dirs: readonly string[],
  out: string,
  force: boolean,
): Promise<string[]> {
  const pages: PageData[] = [];
  for (const dir of dirs) pages.push((await readPageData(dir)) as PageData);
  const data: ComparisonPageData = { comparison, pages };
  const language = pages[0]!.language;
  const title = WORDS[language].compareTitle;
  const output = await openOutput(out, { mayWrite: [PAGE, COMPLETION], completionFile: COMPLETION, force });
  try {
    await output.stage(
      PAGE,
      htmlDocument({
        language,
        title: `${title} – mastplan`,
        body: `<main id="app"><h1 class="answer">${escapeHtml(title)}</h1></main>`,
        data,
        ...(await pageAssets('compare')),
      }),
    );
    await output.stage(COMPLETION, jsonText({ ...comparison, files: [PAGE, COMPLETION] }));
    return await output.commit();
  } finally {
    await output.close();
  }
}

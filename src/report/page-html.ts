import type { PlanResult } from '../planning/plan-result.ts';
import { answerText } from './answer.ts';
import { escapeHtml, jsonForScript } from './escape.ts';
import type { Gap } from './gaps.ts';
import { pageAssets } from './page-assets.ts';
import { buildPageData } from './page-data.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { Language } from './words/words.ts';

/** Everything is inline, and the policy forbids the rest: nothing is loaded but pictures from `imageOrigin`, where one is named. */
function contentSecurityPolicy(imageOrigin: string | null): string {
  const images = imageOrigin === null ? 'data:' : `data: ${imageOrigin}`;
  return `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src ${images}; base-uri 'none'; form-action 'none'`;
}

/** `report.html`: one self-contained page with the data, the style and the program that draws it. */
export async function pageHtml(
  result: PlanResult,
  facts: PlanFacts,
  gaps: readonly Gap[],
  language: Language,
): Promise<string> {
  const answer = escapeHtml(answerText(result, facts, language));
  return htmlDocument({
    language,
    title: `${result.scenario.name} – mastplan`,
    body: `<main id="app"><h1 class="answer">${answer}</h1></main>`,
    data: buildPageData(result, facts, gaps, language),
    imageOrigin: tileOrigin(result),
    ...(await pageAssets('plan')),
  });
}

function tileOrigin({ scenario: { map } }: PlanResult): string | null {
  return map === undefined ? null : new URL(map.tileUrl.replace(/[{}]/g, '')).origin;
}

export interface HtmlParts {
  readonly language: Language;
  readonly title: string;
  /** HTML shown until the program has drawn the page, and where scripts are off. */
  readonly body: string;
  readonly data: unknown;
  /** The one host pictures may come from; absent = nothing is loaded. */
  readonly imageOrigin?: string | null;
  readonly script: string;
  readonly style: string;
}

/** The frame every page of ours shares. */
export function htmlDocument(parts: HtmlParts): string {
  const { language, title, body, data, imageOrigin = null, script, style } = parts;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-Hans' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(imageOrigin)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>
${style}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script type="module">
${script}</script>
</body>
</html>
`;
}

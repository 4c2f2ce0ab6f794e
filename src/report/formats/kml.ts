import type { PlanResult } from '../../planning/plan-result.ts';
import { reasonData } from '../layers.ts';
import type { PlanFacts } from '../plan-facts.ts';
import { reasonSentence } from '../reason.ts';
import type { Language } from '../words/words.ts';
import { WORDS } from '../words/words.ts';

/** The sites for field crews (OGC KML 2.2): number, id, reason, and a folder for each phase. */
export function* sitesKml(result: PlanResult, facts: PlanFacts, language: Language): Generator<string> {
  const { candidates, solution } = result;
  yield `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document>
<name>${xml(result.scenario.name)}</name>
<Style id="site"><IconStyle><color>ff7a5014</color></IconStyle></Style>
`;
  for (const [phase, { name }] of solution.phases.entries()) {
    yield `<Folder><name>${xml(name)}</name>\n`;
    for (const site of facts.sites.filter((entry) => entry.phase === phase)) {
      const configuration = result.configurations[result.configurationOfCandidate[site.site]!]!;
      const values = {
        id: candidates.ids[site.site]!,
        rank: site.rank,
        height_m: configuration.heightM,
        azimuths: configuration.azimuthsDeg.join(';'),
        frequency_mhz: configuration.frequencyMhz,
        eirp_dbm: configuration.eirpDbm,
      };
      const data = Object.entries(values).map(
        ([key, value]) => `<Data name="${key}"><value>${xml(String(value))}</value></Data>`,
      );
      const reason = reasonSentence(WORDS[language], reasonData(result, facts, site));
      yield `<Placemark><name>${site.rank} ${xml(values.id)}</name><description>${xml(reason)}</description><styleUrl>#site</styleUrl><ExtendedData>${data.join('')}</ExtendedData><Point><coordinates>${candidates.lon[site.site]!.toFixed(7)},${candidates.lat[site.site]!.toFixed(7)}</coordinates></Point></Placemark>\n`;
    }
    yield '</Folder>\n';
  }
  yield '</Document>\n</kml>\n';
}

/** XML 1.0 text: markup escaped, characters the standard forbids replaced. */
function xml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

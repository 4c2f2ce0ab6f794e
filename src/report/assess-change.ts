import type { Comparison } from '../assess/comparison.ts';
import { SQUARE_M } from '../assess/level-change.ts';
import { planAccuracy } from '../assess/plan-promises.ts';
import { quarterName } from '../assess/quarter.ts';
import type { AssessmentResult } from '../assess/result.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import { percent } from './assess-answer.ts';
import { formatUsers, percentDown } from './numbers.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill } from './words/words.ts';

/** What changed since the quarter before, in sentences. */
export function changeSentences(result: AssessmentResult, language: Language): string[] {
  const words = ASSESS_WORDS[language];
  const { comparison, demand } = result;
  if (comparison === null) return [words.noPrevious];
  const zone = zoneOf(demand.lon, demand.lat);
  const { change } = comparison;
  const quarter =
    comparison.previousQuarter === null ? words.noQuarter : quarterName(comparison.previousQuarter);
  const sentences: string[] = [];
  if (change === null) sentences.push(fill(words.notComparableData, { quarter }));
  else if (!change.comparable) {
    const text = change.reason === 'few-bins' ? words.notComparableBins : words.notComparableRepeats;
    sentences.push(fill(text, { quarter, bins: change.commonBins }));
  } else {
    const verdict = (significant: boolean): string =>
      significant ? words.significant : words.notSignificant;
    sentences.push(
      fill(words.changeLevel, {
        bins: change.commonBins,
        change: signed(change.changeDb),
        verdict: verdict(change.changeSignificant),
        p: pText(change.changePValue),
      }),
      ...change.shares.map(({ thresholdDbm, before, after, significant, pValue }) => {
        const names = servicesFrom(result, thresholdDbm);
        return fill(change.shares.length === 1 ? words.changeShare : words.changeShareService, {
          services: names.join(words.listComma),
          before: percent(before),
          after: percent(after),
          verdict: verdict(significant),
          p: pText(pValue),
        });
      }),
      ...change.squares
        .filter(({ significant }) => significant)
        .map(({ column, row, changeDb, bins }) => {
          const [lon, lat] = zone.toDegrees((column + 0.5) * SQUARE_M, (row + 0.5) * SQUARE_M);
          const square = `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
          return fill(words.changeSquare, { square, change: signed(changeDb), bins });
        }),
    );
  }
  const count = (fate: string): number => comparison.areas.filter((area) => area.fate === fate).length;
  sentences.push(
    fill(words.fates, {
      opened: count('opened'),
      persisting: count('persisting'),
      closed: count('closed'),
      unknown: count('not-known-now'),
    }),
    ...builtSentences(comparison, language),
  );
  return sentences;
}

/** Names of the services that are served from a threshold on. */
function servicesFrom({ scenario }: AssessmentResult, thresholdDbm: number): string[] {
  return (scenario.services ?? []).flatMap(({ name, rsrpDbm }) => (rsrpDbm === thresholdDbm ? [name] : []));
}

/** Sites built since, each against the promise of its plan, and how true the plans were over all of them. */
function builtSentences({ built, promises }: Comparison, language: Language): string[] {
  const words = ASSESS_WORDS[language];
  const planned = built.filter(({ plannedId }) => plannedId !== null);
  const sentences = built.map((site) =>
    site.plannedId === null
      ? fill(words.builtUnplanned, { id: site.id })
      : fill(words.built, {
          id: site.id,
          planned: site.plannedId,
          promised: formatUsers(site.promisedMilli),
          served: formatUsers(site.servedMilli),
          measured: formatUsers(site.measuredMilli),
          kept: formatUsers(site.measuredServedMilli),
        }),
  );
  if (planned.length === 0) return promises.length > 0 ? [words.noBuilt, ...sentences] : sentences;
  const { promisedMilli, measuredMilli, measuredServedMilli } = planAccuracy(built);
  const figures = {
    sites: planned.length,
    promised: formatUsers(promisedMilli),
    measured: formatUsers(measuredMilli),
    kept: formatUsers(measuredServedMilli),
    share: measuredMilli === 0 ? '' : percentDown(measuredServedMilli, measuredMilli),
  };
  return [...sentences, fill(measuredMilli === 0 ? words.accuracyUnknown : words.accuracy, figures)];
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return Number(text) === 0 ? '0.0' : `${value < 0 ? '−' : '+'}${text}`;
}

function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

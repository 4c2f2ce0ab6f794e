import { buildRadioLinks, type LinksRequest } from '../coverage/interference/build-links.ts';
import type { Masts, RadioLinks } from '../coverage/interference/radio-links.ts';
import { placesOfRows, thresholdGroups, withThreshold } from '../coverage/thresholds.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';

interface RowPart {
  readonly rows: Uint32Array;
  readonly links: RadioLinks;
}

/**
 * What every demand row hears, its cover by the threshold of its own service: rows of one threshold are built together
 * under link budgets of that threshold. A row of another than the scenario's has the difference of the two budgets in its
 * `coverLossDb`, so that cells need to know of one threshold only.
 */
export async function rowLinks(
  scenario: Scenario,
  demand: Demand,
  masts: Masts,
  mastsFrom: (scenario: Scenario) => Masts,
  shared: Omit<LinksRequest, 'masts' | 'places'>,
): Promise<RadioLinks> {
  const groups = thresholdGroups(scenario, demand);
  const parts: RowPart[] = [];
  for (const { rsrpDbm, rows } of groups) {
    const isOwn = rsrpDbm === scenario.service.rsrpDbm;
    const own = isOwn ? masts : mastsFrom(withThreshold(scenario, rsrpDbm));
    const built = await buildRadioLinks({ ...shared, masts: own, places: placesOfRows(demand, rows) });
    const links = isOwn ? built : { ...built, coverLossDb: shifted(built, masts, own) };
    if (rows === null) return links;
    parts.push({ rows, links });
  }
  return interleave(parts, demand.count, masts.carrierCount);
}

/** A cell covers from its budget `to` exactly where it would from its budget `from` without the shift. */
function shifted({ mast, coverLossDb }: RadioLinks, to: Masts, from: Masts): Float64Array {
  const shiftDb = to.rules.map(({ maxLossDb }, rule) => maxLossDb - from.rules[rule]!.maxLossDb);
  return coverLossDb.map((lossDb, link) => lossDb + shiftDb[to.ruleOfMast[mast[link]!]!]!);
}

/** The links of all rows in the order of rows. */
function interleave(parts: readonly RowPart[], placeCount: number, carrierCount: number): RadioLinks {
  const linkStart = new Uint32Array(placeCount + 1);
  for (const { rows, links } of parts) {
    rows.forEach((row, at) => (linkStart[row + 1] = links.linkStart[at + 1]! - links.linkStart[at]!));
  }
  for (let row = 0; row < placeCount; row++) linkStart[row + 1]! += linkStart[row]!;
  const count = linkStart[placeCount]!;
  const joined = {
    placeCount,
    linkStart,
    mast: new Uint32Array(count),
    lossDb: new Float32Array(count),
    coverLossDb: new Float64Array(count),
    azimuthDeg: new Float32Array(count),
    zenithDeg: new Float32Array(count),
    distanceM: new Float32Array(count),
    restMw: new Float64Array(placeCount * carrierCount),
  };
  const byLink = ['mast', 'lossDb', 'coverLossDb', 'azimuthDeg', 'zenithDeg', 'distanceM'] as const;
  for (const { rows, links } of parts) {
    rows.forEach((row, at) => {
      const from = links.linkStart[at]!;
      const to = links.linkStart[at + 1]!;
      for (const name of byLink) joined[name].set(links[name].subarray(from, to), linkStart[row]!);
      const rest = links.restMw.subarray(at * carrierCount, (at + 1) * carrierCount);
      joined.restMw.set(rest, row * carrierCount);
    });
  }
  return joined;
}

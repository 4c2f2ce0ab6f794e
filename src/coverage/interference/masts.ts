import type { TerrainLayer } from '../../geo/geo-grid.ts';
import { sharedUint16, sharedUint8, toSharedFloat64 } from '../../geo/shared-array.ts';
import type { SiteTable } from '../../input/types.ts';
import type { LinkRule } from '../link-rule.ts';
import type { Masts } from './radio-links.ts';

/**
 * Sites on air as masts. Sites of one centre frequency share a carrier and disturb one another; carriers that overlap in
 * part are taken as apart.
 *
 * @param thresholdDbm RSRP at which a rule's `maxLossDb` is reached where the uplink is not the weaker
 */
export function mastsOf(
  sites: Pick<SiteTable, 'count' | 'lon' | 'lat'>,
  ruleOfSite: Uint16Array,
  rules: readonly LinkRule[],
  thresholdDbm: number,
  terrain: TerrainLayer | null,
): Masts {
  const carriers = [...new Set(rules.map(({ link }) => link.frequencyMhz))];
  const ruleOfMast = sharedUint16(sites.count);
  ruleOfMast.set(ruleOfSite);
  const carrierOfRule = sharedUint8(rules.length);
  carrierOfRule.set(rules.map(({ link }) => carriers.indexOf(link.frequencyMhz)));
  return {
    count: sites.count,
    lon: toSharedFloat64(sites.lon),
    lat: toSharedFloat64(sites.lat),
    ruleOfMast,
    rules,
    peakDbm: toSharedFloat64(
      rules.map(({ maxLossDb, uplinkShortfallDb }) => thresholdDbm + maxLossDb + (uplinkShortfallDb ?? 0)),
    ),
    carrierOfRule,
    carrierCount: Math.max(1, carriers.length),
    terrain,
  };
}

import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';
import { defaultConfiguration, type ConfigurationBase } from './link-rule.ts';

export interface SiteConfigurations {
  /** Distinct configurations, sorted by their text, so that they do not depend on the order of sites. */
  readonly configurations: readonly ConfigurationBase[];
  /** [sites.count] index into `configurations`. */
  readonly configurationOfSite: Uint16Array;
}

const MOST_CONFIGURATIONS = 65_535;

/**
 * The configurations of a table of sites: a site's own properties win over the scenario's (design, section 4), equal ones
 * are one.
 *
 * @throws RangeError beyond 65,535 distinct configurations
 */
export function configurationsOf(sites: SiteTable, radio: Scenario['radio']): SiteConfigurations {
  const base = defaultConfiguration(radio);
  const ofSite = Array.from({ length: sites.count }, (_, site) => configurationOf(sites, site, base));
  const keys = ofSite.map(configurationKey);
  const byKey = new Map(keys.map((key, site) => [key, ofSite[site]!]));
  const sorted = [...byKey.keys()].sort();
  if (sorted.length > MOST_CONFIGURATIONS) {
    throw new RangeError(
      `The sites have ${sorted.length} different configurations, at most 65535 are possible.`,
    );
  }
  const index = new Map(sorted.map((key, k) => [key, k]));
  return {
    configurations: sorted.map((key) => byKey.get(key)!),
    configurationOfSite: Uint16Array.from(keys, (key) => index.get(key)!),
  };
}

function configurationOf(sites: SiteTable, site: number, base: ConfigurationBase): ConfigurationBase {
  const azimuths = sites.azimuthsDeg[site] ?? [];
  return {
    name: sites.configurationNames?.[site] ?? base.name,
    technology: sites.technology[site] ?? base.technology,
    frequencyMhz: given(sites.frequencyMhz[site]!, base.frequencyMhz),
    bandwidthMhz: given(sites.bandwidthMhz?.[site] ?? NaN, base.bandwidthMhz),
    subcarrierKhz: given(sites.subcarrierKhz?.[site] ?? NaN, base.subcarrierKhz),
    eirpDbm: given(sites.eirpDbm[site]!, base.eirpDbm),
    heightM: given(sites.heightM[site]!, base.heightM),
    azimuthsDeg: [...(azimuths.length > 0 ? azimuths : base.azimuthsDeg)].sort((a, b) => a - b),
    tiltDeg: given(sites.tiltDeg[site]!, base.tiltDeg),
    mechanicalTiltDeg: given(sites.mechanicalTiltDeg?.[site] ?? NaN, base.mechanicalTiltDeg),
  };
}

function given(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

/** One text per configuration: what makes two of them the same. Also its id in reports. */
export function configurationKey(configuration: ConfigurationBase): string {
  const { name, technology, frequencyMhz, eirpDbm, heightM, azimuthsDeg, tiltDeg, mechanicalTiltDeg } =
    configuration;
  const sectors = azimuthsDeg.length === 0 ? 'omni' : azimuthsDeg.map((azimuth) => `${azimuth}°`).join('/');
  const tilt = azimuthsDeg.length === 0 || tiltDeg === 0 ? '' : `, tilt ${tiltDeg}°`;
  const lean = azimuthsDeg.length === 0 || mechanicalTiltDeg === 0 ? '' : `, leaning ${mechanicalTiltDeg}°`;
  const title = name === null ? '' : `${name}: `;
  return `${title}${technology} ${frequencyMhz} MHz, ${eirpDbm} dBm, ${heightM} m, ${sectors}${tilt}${lean}`;
}

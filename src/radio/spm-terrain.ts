import type { LinkParameters } from './model.ts';
import { bullingtonLossDb } from './p526.ts';
import type { PathProfile } from './profile.ts';
import { spmLossDb, spmOfLink, type SpmParameters } from './spm.ts';

/** Effective Earth radius of a standard atmosphere, km: 4/3 of 6371 km as P.526 rounds it. */
const EARTH_RADIUS_KM = 8500;

type Antennas = Pick<LinkParameters, 'frequencyMhz' | 'txHeightM' | 'rxHeightM'>;

/**
 * What SPM takes from a profile beside the distance. Diffraction: Bullington's construction over the bare ground (ITU-R
 * P.526-15, section 4.5.1); Atoll offers other constructions, so K4 belongs to this one. Clutter stands in the model's
 * own losses, not in the profile. Receiver's height: over the ground at the transmitter, as Atoll has it
 * ("HRxeff = hRx + H0Rx - H0Tx").
 */
export interface SpmProfileTerms {
  readonly diffractionDb: number;
  readonly rxEffectiveHeightM: number;
}

export function spmProfileTerms(profile: PathProfile, antennas: Antennas): SpmProfileTerms {
  return {
    diffractionDb: spmDiffractionDb(profile, antennas),
    rxEffectiveHeightM: spmReceiverHeightM(profile, antennas),
  };
}

function spmDiffractionDb(profile: PathProfile, { frequencyMhz, txHeightM, rxHeightM }: Antennas): number {
  const { groundM, count } = profile;
  const txM = groundM[0]! + txHeightM;
  const rxM = groundM[count - 1]! + rxHeightM;
  return bullingtonLossDb(profile, groundM, txM, rxM, EARTH_RADIUS_KM, frequencyMhz / 1000);
}

function spmReceiverHeightM({ groundM, count }: PathProfile, { rxHeightM }: Antennas): number {
  return rxHeightM + groundM[count - 1]! - groundM[0]!;
}

/** SPM over a profile, raw: numbers in, dB out, no allocation per call. Distance as in `spm` without terrain (slant). */
export function spmOverTerrain(link: LinkParameters): (profile: PathProfile) => number {
  const parameters = spmOfLink(link);
  const rise = link.txHeightM - link.rxHeightM;
  return (profile) => {
    const groundDistanceM = 1000 * profile.distanceKm[profile.count - 1]!;
    return spmLossDb(
      parameters,
      Math.max(1, Math.hypot(groundDistanceM, rise)),
      link.txHeightM,
      spmReceiverHeightM(profile, link),
      parameters.k4 === 0 ? 0 : spmDiffractionDb(profile, link),
      profile.rxClass,
    );
  };
}

/** Does a part of the model need a profile or a clutter class? */
export function spmLooksAtTerrain({ k4, k6, clutterDb }: SpmParameters): boolean {
  return k4 !== 0 || k6 !== 0 || clutterDb.some((loss) => loss !== 0);
}

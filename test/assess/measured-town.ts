// Three measured places of a town, written as the tables a user would give; every share can be worked by hand.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Users by day and by night and the ward of each place; the places stand 2 km apart, the last one 40 km away. */
const PLACES = [
  { lon: -3.7, lat: 40.4, day: 100, night: 20, ward: 'City' },
  { lon: -3.6764, lat: 40.4, day: 60, night: 40, ward: 'City' },
  { lon: -3.6528, lat: 40.4, day: 40, night: 20, ward: 'Port' },
  { lon: -3.23, lat: 40.4, day: 10, night: 10, ward: 'Farm' },
] as const;

export const GOOD_DBM = -90;
export const BAD_DBM = -120;

export interface TownOptions {
  /** Level of six readings at each of the first places, dBm; a place without a level is not measured. */
  readonly levelsDbm: readonly number[];
  /** Wards that are asked for 99 % (all users for 95 %). */
  readonly wards?: readonly string[];
  /** Places counted from the first one; default: those with a level. */
  readonly places?: number;
  /** True: the readings carry no time. */
  readonly timeless?: boolean;
  /** More lines of the scenario. */
  readonly more?: string;
}

/** Writes users.csv, drive.csv and scenario.yaml into a folder; returns the path of the scenario. */
export function writeTown(dir: string, options: TownOptions): string {
  const { levelsDbm, wards = ['City'], places = levelsDbm.length, timeless = false, more = '' } = options;
  const users = PLACES.slice(0, places).map(
    ({ lon, lat, day, night, ward }) => `${lon},${lat},${day},${night},${ward}`,
  );
  const drive = levelsDbm.flatMap((level, k) =>
    Array.from({ length: 6 }, (_, minute) => {
      const { lon, lat } = PLACES[k]!;
      const time = timeless ? '' : `2026-02-0${k + 1}T10:1${minute}:00Z`;
      return `${lon},${lat},${level},${time}`;
    }),
  );
  const scenario = `demand: { file: users.csv, users: { day: day, night: night }, regionProperty: ward }
measurements: { files: [drive.csv] }
timeZone: Europe/Madrid
periods: [{ name: day, from: "07:00", to: "19:00" }, { name: night, from: "19:00", to: "07:00" }]
phases:
  - { name: all, targets: [{ share: 0.95 }] }
  - { name: wards, targets: [{ share: 0.99, regions: [${wards.join(', ')}] }] }
${more}`;
  writeFileSync(join(dir, 'users.csv'), ['lon,lat,day,night,ward', ...users, ''].join('\n'));
  writeFileSync(join(dir, 'drive.csv'), ['lon,lat,rsrp_dbm,timestamp', ...drive, ''].join('\n'));
  writeFileSync(join(dir, 'scenario.yaml'), scenario);
  return join(dir, 'scenario.yaml');
}

/** Place of the k-th place, longitude and latitude. */
export function townPlace(k: number): readonly [number, number] {
  return [PLACES[k]!.lon, PLACES[k]!.lat];
}

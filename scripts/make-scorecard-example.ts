// Writes the example tables of data/ottawa/scorecard: made-up tickets, survey answers, events and reports, from one seed.
// Run: npx tsx scripts/make-scorecard-example.ts
import { writeFileSync } from 'node:fs';
import { createRandom } from '../src/random.ts';

const random = createRandom(20);
const folder = new URL('../data/ottawa/scorecard/', import.meta.url);
const START = Date.UTC(2020, 6, 1);
const QUARTERS = 5;
const DAY_MS = 86_400_000;

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19) + 'Z';
const quarterStart = (quarter: number): number => Date.UTC(2020, 6 + 3 * quarter, 1);
const somewhen = (quarter: number): number =>
  quarterStart(quarter) +
  Math.floor(random.next() * (quarterStart(quarter + 1) - quarterStart(quarter) - 3 * DAY_MS));

const tickets = ['id,category,channel,opened,answered,solved'];
const survey = ['id,topic,date,joined,score'];
let number = 1;
for (let quarter = 0; quarter < QUARTERS; quarter++) {
  const ticket = (category: string, channel: string, waitS: number | null, solved: boolean): void => {
    const opened = somewhen(quarter);
    const answered = waitS === null ? '' : stamp(opened + waitS * 1000);
    tickets.push(
      [`T${number++}`, category, channel, stamp(opened), answered, solved ? 'yes' : 'no'].join(','),
    );
  };
  for (let k = 0; k < 30; k++)
    ticket('enquiry', 'phone', Math.round(12 + random.next() * (70 - 12 * quarter)), true);
  for (let k = 0; k < 40; k++) {
    const self = random.next() < 0.6 + 0.05 * quarter;
    ticket('question', self ? 'self-service' : 'phone', 60, self || random.next() < 0.9);
  }
  for (let k = 0; k < 12; k++)
    ticket('complaint', 'email', Math.round(3600 * (4 + random.next() * 50)), true);
  for (let k = 0; k < 10; k++) ticket('feedback', 'app', random.next() < 0.85 ? 86_400 : null, true);
  for (let k = 0; k < 20; k++) {
    const joined = somewhen(quarter) - 60 * DAY_MS;
    const date = Math.max(quarterStart(quarter), joined + 60 * DAY_MS);
    const atEase = random.next() < 0.82 + 0.03 * quarter ? 'yes' : 'no';
    const day = stamp(date).slice(0, 10);
    survey.push([`S${number++}`, 'new-user', day, stamp(joined).slice(0, 10), atEase].join(','));
  }
  for (let k = 0; k < 20; k++) {
    const score = Math.min(10, Math.max(1, Math.round(6.2 + 0.2 * quarter + 3 * (random.next() - 0.5))));
    survey.push([`S${number++}`, 'satisfaction', stamp(somewhen(quarter)).slice(0, 10), '', score].join(','));
  }
}
const events = [
  'kind,date',
  'security-audit,2020-05-18',
  'security-audit,2020-11-20',
  'security-audit,2021-06-09',
];
const reports = ['lon,lat,category,timestamp,rating'];
const around = [
  [-75.6975, 45.4205],
  [-75.7125, 45.3975],
  [-75.752, 45.381],
] as const;
for (let k = 0; k < 24; k++) {
  const [lon, lat] = around[k % around.length]!;
  const place = [lon + (random.next() - 0.5) * 0.012, lat + (random.next() - 0.5) * 0.008];
  const category = ['no-signal', 'slow-data', 'dropped-call', 'praise'][random.below(4)]!;
  const rating = category === 'praise' ? 5 : 1 + random.below(3);
  const when = stamp(START + Math.floor(random.next() * 400) * DAY_MS);
  reports.push([...place.map((degrees) => degrees.toFixed(5)), category, when, rating].join(','));
}
for (const [name, lines] of Object.entries({ tickets, survey, events, reports })) {
  writeFileSync(new URL(`${name}.csv`, folder), `${lines.join('\n')}\n`);
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import { shareMillionths, splitByService, splitWhole, WHOLE_SHARE } from '../../src/input/services.ts';
import type { Demand } from '../../src/input/types.ts';

function scenarioOf(text: string): Scenario {
  return parseScenario(parseScenarioText(text, 's.yaml'), 's.yaml', [], '.');
}

function complaint(text: string): string {
  try {
    scenarioOf(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('no error');
}

const DEMAND = 'demand: { file: d.csv, users: { day: day, night: night } }\n';
const VOICE = '  - { name: voice, share: 0.3, rsrpDbm: -115 }\n';
const VIDEO = '  - { name: video, share: 0.7 }\n';

/** Cuts of the whole into so many parts. */
const arbitraryParts = fc
  .array(fc.integer({ min: 0, max: WHOLE_SHARE }), { minLength: 1, maxLength: 6 })
  .map((cuts) => {
    const ends = [0, ...cuts.sort((a, b) => a - b), WHOLE_SHARE];
    return ends.slice(1).map((end, k) => end - ends[k]!);
  });

describe('users split by service', () => {
  it('sum to what was split, each within one of its share, up to 2^53', () => {
    fc.assert(
      fc.property(arbitraryParts, fc.maxSafeNat(), (parts, total) => {
        const out = new Float64Array(parts.length);
        splitWhole(total, parts, out);
        expect(out.reduce((sum, own) => sum + BigInt(own), 0n)).toBe(BigInt(total));
        parts.forEach((part, k) => {
          const exact = BigInt(total) * BigInt(part);
          const own = BigInt(out[k]!) * BigInt(WHOLE_SHARE);
          expect(own > exact - BigInt(WHOLE_SHARE) && own < exact + BigInt(WHOLE_SHARE)).toBe(true);
        });
      }),
    );
  });

  it('give what is left to the largest remainders, of equals to the first', () => {
    const out = new Float64Array(3);
    // 1.3, 0.2 and 0.5 of two: floors 1, 0, 0.
    splitWhole(2, [650_000, 100_000, 250_000], out);
    expect([...out]).toEqual([1, 0, 1]);
    splitWhole(1, [500_000, 500_000, 0], out);
    expect([...out]).toEqual([1, 0, 0]);
  });

  it('stand in rows by point and service, without rows that nobody is in', () => {
    const { services } = scenarioOf(
      `${DEMAND}services:\n  - { name: voice, share: { day: 0.3, night: 1 } }\n  - { name: video, share: { day: 0.7, night: 0 } }\n`,
    );
    const demand: Demand = {
      count: 3,
      ids: ['a', 'b', 'c'],
      lon: Float64Array.of(1, 1, 2),
      lat: Float64Array.of(1, 2, 1),
      cellM: new Float32Array(3),
      periods: ['day', 'night'],
      usersMilli: [Float64Array.of(1000, 0, 1), Float64Array.of(500, 700, 0)],
      regionNames: null,
    };
    const membership = { names: ['r'], regionOfDemand: Int32Array.of(0, -1, 0), ties: 0, outside: 1 };
    const split = splitByService(demand, membership, services!);
    expect(split.demand.ids).toEqual(['a/voice', 'a/video', 'b/voice', 'c/video']);
    expect(split.demand.usersMilli.map((users) => [...users])).toEqual([
      [300, 700, 0, 1],
      [500, 0, 700, 0],
    ]);
    expect([...split.demand.services!.ofRow]).toEqual([0, 1, 0, 1]);
    expect([...split.demand.services!.placeOfRow]).toEqual([0, 0, 1, 2]);
    expect([...split.membership.regionOfDemand]).toEqual([0, 0, -1, 0]);
  });
});

describe('services of a scenario', () => {
  it('take the threshold of the service and full activity where they say nothing', () => {
    const { services } = scenarioOf(`${DEMAND}service: { rsrpDbm: -108 }\nservices:\n${VOICE}${VIDEO}`);
    expect(services).toEqual([
      { name: 'voice', share: 0.3, activity: 1, rsrpDbm: -115 },
      { name: 'video', share: 0.7, activity: 1, rsrpDbm: -108 },
    ]);
    expect(scenarioOf(DEMAND)).not.toHaveProperty('services');
  });

  it('read shares from their decimal text', () => {
    expect(shareMillionths(0.1)! + shareMillionths(0.2)! + shareMillionths(0.7)!).toBe(WHOLE_SHARE);
    expect(shareMillionths(0)).toBe(0);
    expect(shareMillionths(1 / 3)).toBeNull();
  });

  const wrong: [string, string, RegExp][] = [
    [
      'shares of less than 1',
      `${VOICE}  - { name: video, share: 0.6 }\n`,
      /shares of services sum to 0.9, not to 1/,
    ],
    [
      'shares of a period',
      `  - { name: voice, share: { day: 0.3, night: 0.4 } }\n${VIDEO}`,
      /sum to 1.1 in period "night", not to 1/,
    ],
    [
      'a share too fine',
      `  - { name: voice, share: 0.3333333 }\n${VIDEO}`,
      /has more than six decimals: 0.3333333/,
    ],
    ['one service', VOICE, /services/],
    ['equal names', `${VOICE}  - { name: voice, share: 0.7 }\n`, /two services are named "voice"/],
    ['a name for all', `${VOICE}  - { name: each, share: 0.7 }\n`, /cannot be named "each"/],
    ['a name with a slash', `${VOICE}  - { name: a/b, share: 0.7 }\n`, /cannot be named "a\/b"/],
    [
      'a rate here and none there',
      `${VOICE}  - { name: video, share: 0.7, mbpsPerUser: 2 }\n`,
      /"video" states mbpsPerUser, service "voice" does not/,
    ],
    [
      'a period that is not there',
      `${VOICE}  - { name: video, share: 0.7, activity: { day: 0.1, nigth: 0.2 } }\n`,
      /activity of service "video" names a period "nigth" that does not exist \(did you mean "night"\?\)/,
    ],
    [
      'a period left out',
      `  - { name: voice, share: { day: 0.3 } }\n${VIDEO}`,
      /share of service "voice" says nothing for period "night"/,
    ],
    [
      'traffic beside rates',
      `  - { name: voice, share: 0.3, mbpsPerUser: 1 }\n  - { name: video, share: 0.7, mbpsPerUser: 2 }\ntraffic: { mbpsPerUser: 1 }\n`,
      /traffic and rates of services are both given/,
    ],
    [
      'a target for a service nobody knows',
      `${VOICE}${VIDEO}phases: [{ name: p, targets: [{ share: 0.9, service: vidoe }] }]\n`,
      /phase "p" has a target for the service "vidoe", which does not exist/,
    ],
  ];
  it.each(wrong)('are refused for %s', (_name, services, sentence) => {
    expect(complaint(`${DEMAND}services:\n${services}`)).toMatch(sentence);
  });

  it('are refused beside the traffic of a feature, and asked for where a target names one', () => {
    const text = 'demand: { file: d.csv, trafficMbps: mbps }\n';
    expect(complaint(`${text}services:\n${VOICE}${VIDEO}`)).toMatch(
      /demand.trafficMbps and services are both given/,
    );
    const phases = (service: string): string =>
      `${DEMAND}phases: [{ name: p, targets: [{ share: 0.9, service: ${service} }] }]\n`;
    expect(complaint(phases('voice'))).toMatch(/service "voice", which does not exist/);
    expect(complaint(phases('each'))).toMatch(/the scenario has no services/);
  });
});

import { parseAntennaFile, AntennaFileError } from '../../src/radio/antenna-file.ts';
import { parseScorecard } from '../../src/assess/scorecard/scorecard-file.ts';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { completeDraft } from '../../src/input/instance/draft.ts';
import { readJsonInstance } from '../../src/input/instance/json-instance.ts';
import { parseOrLibrary, readNumbers } from '../../src/input/instance/or-library.ts';
import { readFacilityCustomerFile, readNodeFile } from '../../src/input/instance/point-file.ts';
import { parseModelFile } from '../../src/input/model-file.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import { parseWkb } from '../../src/input/stream/binary/wkb.ts';
import { parseFeatures } from '../../src/input/stream/read-features.ts';
import { parseTimestamp, TimeZone } from '../../src/input/time.ts';

/** Reads hostile bytes; what it throws must be a sentence for the user. */
export type Target = (bytes: Uint8Array) => unknown;

const FIELDS = ['users', 'name', 'rsrp_dbm', 'timestamp', 'azimuths', '__proto__'].map((name) => ({
  names: [name],
}));
const decoder = new TextDecoder();
const zone = new TimeZone('Europe/Helsinki');
const FILE = 'hostile';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1;
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}

/** By name; a regression file `NAME-what.bin` is read by the target of its name. */
export const TARGETS: Readonly<Record<string, Target>> = {
  features: (bytes) => {
    const findings = new Findings(5);
    const middle = bytes.length >> 1;
    const pieces = [bytes.subarray(0, middle), bytes.subarray(middle)].filter((piece) => piece.length > 0);
    parseFeatures(pieces, { file: FILE, fields: FIELDS, findings, onRow: () => undefined });
    findings.throwIfErrors();
  },
  scenario: (bytes) => parseScenario(parseScenarioText(decoder.decode(bytes), FILE), FILE, [], '/nowhere'),
  wkb: (bytes) => {
    try {
      return parseWkb(bytes);
    } catch (error) {
      // The readers of binary formats turn these into a sentence about the file.
      if (error instanceof RangeError && !/stack|memory|allocation/i.test(error.message)) return null;
      throw error;
    }
  },
  json: async (bytes) => completeDraft(await readJsonInstance(FILE, once(bytes)), {}),
  scp: async (bytes) => parseOrLibrary(FILE, await readNumbers(FILE, once(bytes)), 'scp'),
  rail: async (bytes) => parseOrLibrary(FILE, await readNumbers(FILE, once(bytes)), 'rail'),
  planar: (bytes) => readFacilityCustomerFile(FILE, once(bytes), true),
  bds: (bytes) => readFacilityCustomerFile(FILE, once(bytes), false),
  'mclp-lonlat': (bytes) => readNodeFile(FILE, once(bytes), true),
  model: (bytes) => parseModelFile(decoder.decode(bytes), FILE),
  scorecard: (bytes) => parseScorecard(decoder.decode(bytes), 'card.yaml', new Findings(5)),
  scorecardTable: (bytes) => parseScorecard(decoder.decode(bytes), 'card.csv', new Findings(5)),
  antenna: (bytes) => {
    try {
      return parseAntennaFile(decoder.decode(bytes));
    } catch (error) {
      if (error instanceof AntennaFileError) return null;
      throw error;
    }
  },
  time: (bytes) => [parseTimestamp(decoder.decode(bytes), zone), parseTimestamp(decoder.decode(bytes), null)],
};

type Outcome = 'read' | 'refused';

/** Runs one case; throws when the outcome is neither data nor a plain sentence. */
export function runCase(target: Target, bytes: Uint8Array): Outcome | Promise<Outcome> {
  try {
    const outcome = target(bytes);
    // Most readers answer at once: waiting for a promise would cost more than they do.
    return outcome instanceof Promise ? outcome.then(() => 'read' as const, refused) : 'read';
  } catch (error) {
    return refused(error);
  }
}

/** Traces of the program in a message. */
const NOT_FOR_PEOPLE = /\bundefined\b|\[object|\bat \S+:\d+:\d+/;

function refused(error: unknown): 'refused' {
  if (!(error instanceof InputError)) throw error;
  for (const { message } of error.findings) {
    if (!NOT_FOR_PEOPLE.test(message) && message.length <= 700) continue;
    throw new Error(`not a sentence for people: ${message.slice(0, 300)}`, { cause: error });
  }
  if (error.findings.length > 100) throw new Error(`${error.findings.length} sentences`, { cause: error });
  return 'refused';
}

/** A value wanted of every feature: the first of its names that a feature holds. */
export interface FieldSpec {
  /** Property names in order of preference. */
  readonly names: readonly string[];
  /** Match whatever the case: for the spellings of a dialect, not for names a user gave. */
  readonly anyCase?: boolean;
}

/**
 * Property names that identify a device, a subscriber or an account (design section 11), in lower case without
 * separators. Such properties are dropped on reading and counted; docs/privacy.md carries this list.
 */
export const IDENTIFIER_NAMES: readonly string[] = [
  'accountid',
  'accountnumber',
  'advertisingid',
  'androidid',
  'customerid',
  'deviceid',
  'devicename',
  'email',
  'gpsi',
  'iccid',
  'idfa',
  'imei',
  'imeisv',
  'imsi',
  'macaddress',
  'meid',
  'msisdn',
  'phone',
  'phonenumber',
  'serialnumber',
  'subscriberid',
  'suci',
  'supi',
  'tmsi',
  'userid',
  'username',
];

const identifiers = new Set(IDENTIFIER_NAMES);

/** What to do with a property: `field` is an index into the wanted fields, or one of the marks below. */
export interface FieldAction {
  readonly field: number;
  /** Position in the field's names: lower wins when a feature holds several. */
  readonly preference: number;
}

/** A property nobody asked for. */
export const FIELD_IGNORED = -1;
/** A property that identifies someone: never read, only counted. */
export const FIELD_IDENTIFIER = -2;
const MAX_NAMES_KEPT = 200;

/** Looks property names up once and remembers the answer; also keeps the names met, for messages. */
export class FieldMap {
  readonly fieldCount: number;
  readonly #exact = new Map<string, FieldAction>();
  readonly #anyCase = new Map<string, FieldAction>();
  readonly #known = new Map<string, FieldAction>();
  readonly #identifierCounts = new Map<string, number>();

  constructor(fields: readonly FieldSpec[]) {
    this.fieldCount = fields.length;
    fields.forEach(({ names, anyCase }, field) => {
      names.forEach((name, preference) => {
        if (!this.#exact.has(name)) this.#exact.set(name, { field, preference });
        const lower = name.toLowerCase();
        if (anyCase === true && !this.#anyCase.has(lower)) this.#anyCase.set(lower, { field, preference });
      });
    });
  }

  actionOf(name: string): FieldAction {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const wanted = this.#exact.get(name) ?? this.#anyCase.get(name.toLowerCase());
    const action = wanted ?? (isIdentifier(name) ? IDENTIFIER : IGNORED);
    if (this.#known.size < MAX_NAMES_KEPT) this.#known.set(name, action);
    return action;
  }

  countIdentifier(name: string): void {
    this.#identifierCounts.set(name, (this.#identifierCounts.get(name) ?? 0) + 1);
  }

  /** Property names met so far (at most 200). */
  get namesMet(): string[] {
    return [...this.#known.keys()];
  }

  get identifiersDropped(): Record<string, number> {
    return Object.fromEntries([...this.#identifierCounts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const IGNORED: FieldAction = { field: FIELD_IGNORED, preference: 0 };
const IDENTIFIER: FieldAction = { field: FIELD_IDENTIFIER, preference: 0 };

export function isIdentifier(name: string): boolean {
  return identifiers.has(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

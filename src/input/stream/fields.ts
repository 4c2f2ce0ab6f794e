/** A value wanted of every feature: the first of its names that a feature holds. */
export interface FieldSpec {
  /** Property names in order of preference. */
  readonly names: readonly string[];
  /** Match whatever the case: for the spellings of a dialect, not for names a user gave. */
  readonly anyCase?: boolean;
  /** Takes the first property that identifies someone, whatever its name: to tell apart whom, never to keep. */
  readonly identifiers?: boolean;
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

/** What to do with a property: `field` is an index into the wanted fields, or one of the marks below. */
export interface FieldAction {
  readonly field: number;
  /** Position in the field's names: lower wins when a feature holds several. */
  readonly preference: number;
  /** True of a property that identifies someone: it is counted as dropped. */
  readonly identifies?: true;
}

/** A property nobody asked for. */
export const FIELD_IGNORED = -1;
const MAX_NAMES_KEPT = 200;

/** Looks property names up once and remembers the answer; also keeps the names met, for messages. */
export class FieldMap {
  readonly fieldCount: number;
  readonly #exact = new Map<string, FieldAction>();
  readonly #anyCase = new Map<string, FieldAction>();
  readonly #known = new Map<string, FieldAction>();
  #identifierField = FIELD_IGNORED;
  readonly #identifierCounts = new Map<string, number>();

  constructor(fields: readonly FieldSpec[]) {
    this.fieldCount = fields.length;
    fields.forEach(({ names, anyCase, identifiers: wantsThem }, field) => {
      if (wantsThem === true) this.#identifierField = field;
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
    const action = wanted ?? this.#identifierAction(name) ?? IGNORED;
    if (this.#known.size < MAX_NAMES_KEPT) this.#known.set(name, action);
    return action;
  }

  #identifierAction(name: string): FieldAction | null {
    const preference = IDENTIFIER_NAMES.indexOf(plainName(name));
    return preference < 0 ? null : { field: this.#identifierField, preference, identifies: true };
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

export function isIdentifier(name: string): boolean {
  return IDENTIFIER_NAMES.includes(plainName(name));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

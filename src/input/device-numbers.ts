import { createHmac, randomBytes } from 'node:crypto';

/** Numbers devices without keeping who they are: identifiers are hashed with a salt that no one else ever sees. */
export class DeviceNumbers {
  readonly #salt = randomBytes(32);
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#numbers.size;
  }

  /** -1 where nothing tells. */
  numberOf(identifier: string | null): number {
    if (identifier === null || identifier === '') return -1;
    const hash = createHmac('sha256', this.#salt).update(identifier).digest('base64');
    const known = this.#numbers.get(hash);
    if (known !== undefined) return known;
    const fresh = this.#numbers.size;
    this.#numbers.set(hash, fresh);
    return fresh;
  }
}

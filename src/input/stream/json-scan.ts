const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Finds where a JSON object or list ends by counting brackets outside strings; may be continued when more bytes
 * arrive. It does not check the grammar: that is for whoever parses the value.
 */
export class BalancedScan {
  /** Deepest nesting met. */
  maxDepth = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  reset(): void {
    this.maxDepth = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
  }

  /** Offset just after the value, or -1 when `to` comes first: call again with `from` = this `to`. */
  run(bytes: Uint8Array, from: number, to: number): number {
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let maxDepth = this.maxDepth;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > maxDepth) maxDepth = depth;
      } else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) {
        this.maxDepth = maxDepth;
        return at + 1;
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    this.maxDepth = maxDepth;
    return -1;
  }
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

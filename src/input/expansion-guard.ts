import { InputError } from '../errors.ts';

/** Text of coordinates and numbers packs 5 to 30 times, DEFLATE can reach 1,032 and zstd more than 30,000. */
const LARGEST_RATIO = 250;
/** Up to here any file may grow: a megabyte of blanks is nobody's attack. */
const FREE_BYTES = 64 * 1024 * 1024;

/** Watches how far packed bytes expand: a small file that fills the machine is refused on the way. */
export class ExpansionGuard {
  readonly #file: string;
  #stored = 0;
  #plain = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Bytes taken from the file. */
  stored(bytes: number): void {
    this.#stored += bytes;
  }

  /**
   * Bytes unpacked.
   * @throws InputError once they are out of proportion
   */
  plain(bytes: number): void {
    this.#plain += bytes;
    if (this.#plain <= FREE_BYTES || this.#plain <= LARGEST_RATIO * this.#stored) return;
    throw new InputError(`unpacks to more than ${LARGEST_RATIO} times its size, as no file of data does.`, {
      code: 'expands-too-far',
      file: this.#file,
      hint: 'If it is what you want to read, unpack it first.',
    });
  }
}

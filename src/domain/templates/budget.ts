import { TemplateFailure } from "./values.ts";

/** Steps and characters that one template may use up. Generous for what people write, little for what attackers do. */
const DEFAULT_UNITS = 1_000_000;
const MAX_LENGTH = 1_000_000;
const MAX_BITS = 200_000;

/** Keeps a template from taking the server's time or memory. */
export class Budget {
  #left: number;
  constructor(units: number = DEFAULT_UNITS) {
    this.#left = units;
  }

  /** @throws TemplateFailure when more has been done than a template may */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new TemplateFailure("OverflowError", "The template takes too many steps.");
  }

  /** To be asked before something of that many items or characters is made. @throws TemplateFailure */
  reserve(length: number): void {
    if (length > MAX_LENGTH)
      throw new TemplateFailure("OverflowError", "The template makes a value that is too large.");
    if (length > 0) this.spend(length / 4);
  }

  /** To be asked before an integer of that many bits is made. @throws TemplateFailure */
  reserveBits(bits: number): void {
    if (bits > MAX_BITS) throw new TemplateFailure("OverflowError", "The template makes a number that is too large.");
    this.spend(bits / 64);
  }
}

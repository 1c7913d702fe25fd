import { quoted, TemplateProblem } from "./errors.ts";
import { describeType, type Token, tokenize } from "./tokens.ts";

/** Tokens under the eye of the parser: the current one is read ahead, no further one is until it is asked for. */
export class TokenStream {
  readonly #tokens: Iterator<Token>;
  /** A token that was looked at behind the current one. */
  readonly #ahead: Token[] = [];
  current: Token;
  /** Tags that are being read, and the tags that may end them. */
  readonly tags: string[] = [];
  readonly endings: (readonly string[])[] = [];

  constructor(template: string) {
    this.#tokens = tokenize(template);
    this.current = { type: "", value: "", line: 1 };
    this.next();
  }

  /** Gives the current token and moves on. */
  next(): Token {
    const token = this.current;
    this.current = this.#ahead.pop() ?? this.#read();
    return token;
  }

  look(): Token {
    const token = this.#ahead[0] ?? this.#read();
    this.#ahead[0] = token;
    return token;
  }

  is(type: string): boolean {
    return this.current.type === type;
  }

  isWord(...words: readonly string[]): boolean {
    return this.current.type === "name" && words.includes(this.current.value);
  }

  skip(type: string): boolean {
    const isThere = this.is(type);
    if (isThere) this.next();
    return isThere;
  }

  skipWord(word: string): boolean {
    const isThere = this.isWord(word);
    if (isThere) this.next();
    return isThere;
  }

  expect(type: string): Token {
    return this.is(type) ? this.next() : this.#refuse(describeType(type));
  }

  expectWord(word: string): Token {
    return this.isWord(word) ? this.next() : this.#refuse(word);
  }

  describe(): string {
    return this.is("name") ? this.current.value : describeType(this.current.type);
  }

  fail(message: string, line = this.current.line): never {
    throw new TemplateProblem(message, line);
  }

  #refuse(expected: string): never {
    if (this.is("eof")) this.fail(`unexpected end of template, expected ${quoted(expected)}.`);
    this.fail(`expected token ${quoted(expected)}, got ${quoted(this.describe())}`);
  }

  #read(): Token {
    const step = this.#tokens.next();
    return step.done ? { type: "eof", value: "", line: this.current.line } : step.value;
  }
}

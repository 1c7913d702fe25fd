import { QuoteNotClosed } from "./errors.ts";

const WORD_PART = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(\s+)|([^\s'"\\]+)/gy;

/** The words of a command line as a POSIX shell reads them, without expanding anything. Throws QUOTE_NOT_CLOSED. */
export function splitWords(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let read = 0;
  for (const match of command.matchAll(WORD_PART)) {
    read = match.index + match[0].length;
    const [, escaped, single, double, space, plain] = match;
    if (space === undefined) {
      word = (word ?? "") + (escaped ?? single ?? double?.replace(/\\(["\\])/g, "$1") ?? plain ?? "");
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (read < command.length) throw QuoteNotClosed(command);
  return word === undefined ? words : [...words, word];
}

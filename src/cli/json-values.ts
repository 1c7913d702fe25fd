import { parseJson } from "../kit/json.ts";
import { CommandFailed } from "./exit.ts";

/** Reads `key=value` words, each value JSON or a plain text; `what` names them in the error. Throws CommandFailed. */
export function parseJsonValues(words: readonly string[], what: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(words.map((word) => parseWord(word, what)));
}

function parseWord(word: string, what: string): readonly [string, unknown] {
  const at = word.indexOf("=");
  if (at === -1) throw CommandFailed(`Invalid ${what} '${word}': write key=value.`);
  const [key, value] = [word.slice(0, at), word.slice(at + 1)];
  try {
    return [key, parseJson(value)];
  } catch (error) {
    // Texts may be given without the quotes that JSON wants.
    if (!value.includes('"')) return [key, value];
    throw CommandFailed(`Failed to parse JSON for ${what} '${key}' with value ${value}: ${(error as Error).message}`);
  }
}

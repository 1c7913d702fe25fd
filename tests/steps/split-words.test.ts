import { expect, test } from "vitest";
import { splitWords } from "../../src/steps/split-words.ts";

test.each([
  ["echo hello  world", ["echo", "hello", "world"]],
  [`echo "a b" 'c d' e\\ f`, ["echo", "a b", "c d", "e f"]],
  [`a"b"'c'd`, ["abcd"]],
  [`"a \\" \\\\ \\n" '\\n'`, [`a " \\ \\n`, "\\n"]],
  [`'' ""`, ["", ""]],
  ["   ", []],
])("%s is read as %j", (command, words) => {
  expect(splitWords(command)).toEqual(words);
});

test.each([`echo "a`, "echo 'a", "echo \\"])("%s is refused", (command) => {
  expect(() => splitWords(command)).toThrow(expect.objectContaining({ code: "QUOTE_NOT_CLOSED" }));
});

import { expect, test } from "vitest";
import { parseTextSearch, type TextSearch } from "../../src/domain/text-search.ts";

const cases: readonly (readonly [query: string, parsed: Partial<TextSearch>])[] = [
  ["", {}],
  ["  \t ", {}],
  ["a b", { include: ["a", "b"] }],
  ["-a !b +c d", { exclude: ["a", "b"], required: ["c"], include: ["d"] }],
  ["a-b c!", { include: ["a-b", "c!"] }],
  ["- a", { include: ["a"] }],
  ["a -", { include: ["a"] }],
  ["--a", { exclude: ["-a"] }],
  ['"a b" -"c d" +"e"', { include: ["a b"], exclude: ["c d"], required: ["e"] }],
  ['"open phrase', { include: ["open phrase"] }],
  ['"" " "', {}],
  ['a"b c"', { include: ["a", "b c"] }],
  [String.raw`"say \"hi\" \\ \n"`, { include: [String.raw`say "hi" \ \n`] }],
  [String.raw`"end\"`, { include: ['end"'] }],
  ['"end\\', { include: ["end\\"] }],
];

test.each(cases)("%j", (query, parsed) => {
  expect(parseTextSearch(query)).toEqual({ include: [], required: [], exclude: [], ...parsed });
});

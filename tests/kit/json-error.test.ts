import { expect, test } from "vitest";
import { describeJsonError, findJsonError } from "../../src/kit/json-error.ts";

test.each([
  ["", "Expecting value: line 1 column 1 (char 0)"],
  ["nul", "Expecting value: line 1 column 1 (char 0)"],
  ["[1,\nx]", "Expecting value: line 2 column 1 (char 4)"],
  ["[1,]", "Expecting value: line 1 column 4 (char 3)"],
  ["1 2", "Extra data: line 1 column 3 (char 2)"],
  ["01", "Extra data: line 1 column 2 (char 1)"],
  ["[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"],
  ["[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"],
  ["{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"],
  ['{"a"}', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
  ['{"a":1 "b"}', "Expecting ',' delimiter: line 1 column 8 (char 7)"],
  ['{"a":}', "Expecting value: line 1 column 6 (char 5)"],
  ['"abc', "Unterminated string starting at: line 1 column 1 (char 0)"],
  ['"a\nb"', "Invalid control character at: line 1 column 3 (char 2)"],
  ['"\\x"', "Invalid \\escape: line 1 column 2 (char 1)"],
  ['"\\u12"', "Invalid \\uXXXX escape: line 1 column 3 (char 2)"],
])("%j: %s", (text, described) => {
  const error = findJsonError(text);

  expect(error && describeJsonError(text, error)).toBe(described);
});

test.each(["1", ' {"a": [1, -2.5e3, "x\\n\\u00e9", null, true, false, {}], "b": []} ', "NaN", "-Infinity"])(
  "%s is JSON",
  (text) => {
    expect(findJsonError(text)).toBeUndefined();
  },
);

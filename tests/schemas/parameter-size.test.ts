import { expect, test } from "vitest";
import { checkParameterSize } from "../../src/schemas/parameter-size.ts";

test.each([
  { parameters: { a: "x".repeat(92) }, maxBytes: 100, problem: undefined },
  {
    parameters: { a: "x".repeat(93) },
    maxBytes: 100,
    problem: "Flow run parameters must be less than 100 bytes when serialized (got 101 bytes).",
  },
  {
    parameters: { a: "é".repeat(200) },
    maxBytes: 1000,
    problem: "Flow run parameters must be less than 1,000 bytes when serialized (got 1,208 bytes).",
  },
  { parameters: { a: "x".repeat(1000) }, maxBytes: 0, problem: undefined },
  {
    parameters: {},
    maxBytes: 1,
    problem: "Flow run parameters must be less than 1 bytes when serialized (got 2 bytes).",
  },
])("parameters of $maxBytes bytes at most: $problem", ({ parameters, maxBytes, problem }) => {
  expect(checkParameterSize(parameters, maxBytes)).toBe(problem);
});

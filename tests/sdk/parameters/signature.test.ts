import { expect, test } from "vitest";
import { readSignature } from "../../../src/sdk/parameters/signature.ts";

const required = (name: string) => ({ name, isRequired: true, defaultValue: undefined });
const optional = (name: string, defaultValue?: unknown) => ({ name, isRequired: false, defaultValue });

test.each([
  ["no parameters", async () => 1, "positional", []],
  ["one name without parentheses", new Function("return async name => name")(), "positional", [required("name")]],
  ["two names", (a: number, b: string) => [a, b], "positional", [required("a"), required("b")]],
  ["a literal default", (a = 3, b = "x,y") => [a, b], "positional", [optional("a", 3), optional("b", "x,y")]],
  ["a computed default", (a = Math.max(1, 2)) => a, "positional", [optional("a")]],
  ["a list default", (a = [1, { b: 2 }]) => a, "positional", [optional("a")]],
  ["a function default", (f = (x: number) => x + 1, g = 2) => [f, g], "positional", [optional("f"), optional("g", 2)]],
  ["a rest", (a: number, ...more: number[]) => [a, more], "rest", [required("a"), optional("more")]],
  [
    "an object",
    ({ a, b = true }: { a: number; b?: boolean }) => [a, b],
    "object",
    [required("a"), optional("b", true)],
  ],
  [
    "an object with aliases",
    ({ a: x, b: y = 1 }: { a: number; b?: number }) => [x, y],
    "object",
    [required("a"), optional("b", 1)],
  ],
  [
    "a named function",
    async function named(first: unknown) {
      return first;
    },
    "positional",
    [required("first")],
  ],
  ["a comment", (a: number /* , b */) => a, "positional", [required("a")]],
])("reads %s", (_title, fn, ...[kind, parameters]) => {
  expect(readSignature(fn as () => unknown)).toEqual({ kind, parameters });
});

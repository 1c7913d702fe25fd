import { expect, test } from "vitest";
import { type HydrationContext, hydrate, listVariableNames } from "../../../src/domain/parameters/hydrate.ts";

const context: HydrationContext = {
  variables: new Map<string, unknown>([["colour", "red"]]),
  renderTemplate(template) {
    if (template.includes("{{")) throw new Error("unsupported");
    return template;
  },
};
const kind = (name: string, rest: object = {}) => ({ __prefect_kind: name, ...rest });

test.each([
  ["plain values stay", { a: [1, { b: null }] }, { a: [1, { b: null }] }],
  ["none gives its value, hydrated", { a: kind("none", { value: [kind("json", { value: "2" })] }) }, { a: [2] }],
  ["json is parsed", { a: kind("json", { value: '{"b": [1]}' }) }, { a: { b: [1] } }],
  ["json that is no text passes", { a: kind("json", { value: [1] }) }, { a: [1] }],
  ["json without a value is left out", { a: kind("json"), b: [kind("json"), 1] }, { b: [1] }],
  ["json over jinja", { a: kind("json", { value: kind("jinja", { template: "3" }) }) }, { a: 3 }],
  ["a variable", { a: kind("workspace_variable", { variable_name: "colour" }) }, { a: "red" }],
  ["a variable without a name is left out", { a: kind("workspace_variable") }, {}],
  ["an unknown kind gives its value as it is", { a: kind("new", { value: kind("json") }) }, { a: kind("json") }],
  ["an unknown kind without a value", { a: kind("new") }, { a: null }],
  ["the whole as a kind", kind("json"), {}],
])("%s", (_title, values, expected) => {
  expect(hydrate(values, context)).toEqual({ kind: "hydrated", value: expected });
});

test.each([
  [kind("none"), "Missing 'value' key in __prefect object"],
  [kind("jinja"), "Missing 'template' key in __prefect object"],
  [kind("jinja", { template: "{{ x }}" }), "Invalid jinja: unsupported"],
  [kind("workspace_variable", { variable_name: "x" }), "Variable 'x' not found in workspace."],
  [kind("json", { value: "" }), "Invalid JSON: Expecting value: line 1 column 1 (char 0)"],
  [
    kind("json", { value: "{" }),
    "Invalid JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
  ],
  [kind("json", { value: "[1,\nx]" }), "Invalid JSON: Expecting value: line 2 column 1 (char 4)"],
  [kind("json", { value: "1 2" }), "Invalid JSON: Extra data: line 1 column 3 (char 2)"],
  [kind("json", { value: "[1 2]" }), "Invalid JSON: Expecting ',' delimiter: line 1 column 4 (char 3)"],
])("%j is refused", (value, reason) => {
  expect(hydrate({ a: value }, context)).toEqual({ kind: "invalid", reason });
});

test("names every variable that values may refer to", () => {
  const reference = kind("workspace_variable", { variable_name: "x" });

  expect(
    listVariableNames({ a: [reference], b: { c: kind("json", { value: reference }) }, variable_name: "no" }),
  ).toEqual(["x", "x"]);
});

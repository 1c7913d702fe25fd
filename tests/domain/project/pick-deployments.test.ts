import { expect, test } from "vitest";
import { expandNames, pickDeployments } from "../../../src/domain/project/pick-deployments.ts";

const CONFIGS = [
  { name: "dev", entrypoint: "a.py:my_flow" },
  { name: "prod", entrypoint: "a.py:my_flow" },
  { name: "prod", entrypoint: "b.ts:other" },
  { entrypoint: "c.py:unnamed" },
];

test.each([
  ["dev", ["dev"], []],
  ["prod", ["prod", "prod"], []],
  ["my-flow/prod", ["prod"], []],
  ["other/dev", [], ["other/dev"]],
  ["nope", [], ["nope"]],
  ["p.od", [], ["p.od"]],
])("--name %s picks %j", (name, picked, missing) => {
  const found = pickDeployments(CONFIGS, { names: [name], isAll: false, isInteractive: false });

  expect(found).toEqual({
    kind: "picked",
    configs: picked.map((each) => expect.objectContaining({ name: each })),
    missing,
  });
});

test.each([
  ["*", ["dev", "prod", "prod"]],
  ["my-*/*", ["dev", "prod"]],
  ["*/prod", ["prod", "prod"]],
  ["d*v", ["dev"]],
  ["x*", []],
  ["plain", ["plain"]],
])("the pattern %s means %j", (pattern, names) => {
  expect(expandNames(CONFIGS, [pattern])).toEqual(names);
});

test("a single entry is meant whatever the name, unless somebody could be asked", () => {
  const one = [{ name: "dev" }];
  const pick = (isInteractive: boolean) => pickDeployments(one, { names: ["new"], isAll: false, isInteractive });

  expect(pick(false)).toMatchObject({ configs: one, missing: [] });
  expect(pick(true)).toMatchObject({ configs: [], missing: ["new"] });
});

test("several entries without a name are unclear, none is a new one", () => {
  const options = { names: [], isAll: false, isInteractive: false };

  expect(pickDeployments(CONFIGS, options)).toEqual({ kind: "unclear" });
  expect(pickDeployments(CONFIGS, { ...options, isAll: true })).toMatchObject({ configs: CONFIGS });
  expect(pickDeployments([], options)).toMatchObject({ configs: [{}] });
});

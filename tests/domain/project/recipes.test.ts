import { describe, expect, test } from "vitest";
import { recipeFor, recipes } from "../../../src/domain/project/recipes.ts";
import { cached, runPython } from "../../support/python.ts";
import { missing } from "../../support/require.ts";

const CODE = `
import json, pathlib, prefect, yaml
folder = pathlib.Path(prefect.__file__).parent / "deployments" / "recipes"
print(json.dumps({each.parent.name: yaml.safe_load(each.read_text()) for each in folder.glob("*/prefect.yaml")}))
`;

interface TheirRecipe {
  readonly build: unknown;
  readonly push: unknown;
  readonly pull: unknown;
  readonly required_inputs?: object;
  readonly deployments: readonly [{ readonly work_pool: { readonly job_variables: object } }];
}

describe.skipIf(missing("reference-3.9.1"))("recipes", () => {
  test("are those of the reference", async () => {
    const recorded = await cached("recipes-3.9.1.json", () => runPython("3.9.1", CODE));
    // The reference's pull step refers to itself there.
    const theirs = JSON.parse(recorded.replace("{{ pull_code.folder }}", "{{ push_code.folder }}")) as Readonly<
      Record<string, TheirRecipe>
    >;

    const ours = recipes.map(({ name, build, push, pull, inputs, jobVariables }) => [
      name,
      { build, push, pull, inputs: Object.keys(inputs), jobVariables },
    ]);

    const expected = Object.entries(theirs).map(([name, { build, push, pull, required_inputs, deployments }]) => {
      const withCredentials = JSON.parse(
        JSON.stringify(push ?? null, (key, value) => (key === "credentials" ? undefined : value)),
      );
      const inputs = Object.keys(required_inputs ?? {});
      return [
        name,
        { build, push: withCredentials, pull, inputs, jobVariables: deployments[0].work_pool.job_variables },
      ];
    });
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected));
  });
});

test.each([
  [true, true, "docker-git"],
  [true, false, "git"],
  [false, true, "docker"],
  [false, false, "local"],
])("with a repository: %s, with a Dockerfile: %s, it is %s", (hasGit, hasDockerfile, name) => {
  expect(recipeFor({ hasGit, hasDockerfile })).toBe(name);
});

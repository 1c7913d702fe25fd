import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findFlows } from "../../../src/cli/deploy/find-flows.ts";
import { withDeployment } from "../../../src/cli/deploy/save-deployment.ts";
import { temporaryFolder } from "../../support/disposable.ts";

const FILE = `# ours
name: proj # the name

deployments:
  # the first
  - name: one
    entrypoint: a.py:f
    tags: [x] # kept
  - name: two
    entrypoint: b.py:g
`;

test("an entry is added at the end, with all comments kept", () => {
  const text = withDeployment(FILE, { name: "three", entrypoint: "c.ts:h" });

  expect(text).toBe(`${FILE}  - name: three\n    entrypoint: c.ts:h\n`);
});

test("an entry of the same name and entrypoint is replaced", () => {
  const text = withDeployment(FILE, { name: "two", entrypoint: "b.py:g", tags: ["new"] });

  expect(text).toBe(`${FILE}    tags:\n      - new\n`);
});

test("the list is made where there is none", () => {
  expect(withDeployment("name: x # y\n", { name: "a" })).toBe("name: x # y\ndeployments:\n  - name: a\n");
});

test("flows are found without running their files", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "flows"));
  await mkdir(join(folder.path, "node_modules"));
  const python = "@flow\ndef one(): ...\n\n@flow(\n    name='x',\n)\nasync def two(): ...\n\n@task\ndef three(): ...\n";
  await writeFile(join(folder.path, "flows", "a.py"), python);
  await writeFile(join(folder.path, "b.ts"), "export const four = flow({}, () => 1);\nconst five = flow(() => 1);\n");
  await writeFile(join(folder.path, "node_modules", "c.ts"), "export const six = flow(() => 1);\n");

  expect(findFlows(folder.path)).toEqual(["b.ts:four", "flows/a.py:one", "flows/a.py:two"]);
});

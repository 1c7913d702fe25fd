import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findAssignment } from "../../src/sdk/call-site.ts";
import { temporaryFolder } from "../support/disposable.ts";

test.each([
  ["export const hello = flow(", { name: "hello", isExported: true }],
  ["const greet = task(", { name: "greet", isExported: false }],
  ["export const typed: Flow<[], number> = flow(", { name: "typed", isExported: true }],
  ["export const\n  broken_up =\n    flow(", undefined],
  ["export const wrapped =\n  flow(", { name: "wrapped", isExported: true }],
  ["run(flow(", undefined],
])("%j is assigned to what it says", async (source, expected) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "flows.ts");
  await writeFile(file, `// first line\n${source}`);
  const lines = source.split("\n");
  const last = lines.at(-1) ?? "";
  const column = Math.max(last.lastIndexOf("flow("), last.lastIndexOf("task(")) + 1;

  expect(findAssignment({ file, line: lines.length + 1, column })).toEqual(expected);
});

test("a file that cannot be read tells nothing", () => {
  expect(findAssignment({ file: "/no/such/file.ts", line: 1, column: 1 })).toBeUndefined();
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalogues, errorsReference } from "../../scripts/errors-reference.ts";
import { cliReference, settingsReference } from "../../scripts/generate-reference.ts";

function stored(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/reference", name), "utf8");
}

// When one of these fails: `node scripts/generate-reference.ts`.
test("docs/reference/settings.md is what the catalogue says", () => {
  expect(stored("settings.md")).toBe(settingsReference());
});

test("docs/reference/cli.md is what the commands say", async () => {
  expect(stored("cli.md")).toBe(await cliReference());
});

test("docs/reference/errors.md is what the catalogues of errors say", () => {
  expect(stored("errors.md")).toBe(errorsReference());
});

test("every catalogue of errors is in docs/reference/errors.md", () => {
  const src = join(import.meta.dirname, "../../src");
  const declaring = globSync("**/errors.ts", { cwd: src }).filter((file) =>
    /^export const \w+ = defineError\(/m.test(readFileSync(join(src, file), "utf8")),
  );

  expect(catalogues.map(({ file }) => file).sort()).toEqual(declaring.sort());
});

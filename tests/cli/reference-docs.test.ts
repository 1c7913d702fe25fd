import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

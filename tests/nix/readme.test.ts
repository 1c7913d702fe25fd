import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { missing } from "../support/require.ts";
import { copyRepository, nixPlaces, standIn, succeed } from "./nix.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The README's shell commands under one heading, block by block. */
function listBlocks(heading: string): readonly string[] {
  const [, section = ""] = readFileSync(join(ROOT, "README.md"), "utf8").split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

describe.skipIf(missing("nix"))("the README", () => {
  const blocks = listBlocks("Nix");

  test("has commands for Nix", () => {
    expect(blocks.length).toBeGreaterThan(1);
  });

  test.each(blocks)("says what works: %s", { timeout: 240_000 }, async (block) => {
    const { folder, path } = nixPlaces();
    const place = join(folder, `readme-${blocks.indexOf(block)}`);
    const cwd = copyRepository(join(place, "repository"));
    await mkdir(join(place, "bin"));
    // Nix as it is, but for nixpkgs, which cannot be had everywhere.
    shim("nix", `exec "$nix" "$1" ${standIn().flake.join(" ")} "\${@:2}"`);
    shim("nix-build", `exec "$nix" --arg pkgs '${standIn().pkgs}' "$@"`);

    const printed = await succeed("bash", ["--norc", "-euc", block], { cwd, env: { PATH: `${place}/bin:${path}` } });

    const { version } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
    expect(printed.split("\n")).toContain(version);

    function shim(name: string, command: string): void {
      const file = join(place, "bin", name);
      writeFileSync(file, `#!/usr/bin/env bash\nnix=$(PATH="${path}" type -P ${name})\n${command}\n`);
      chmodSync(file, 0o755);
    }
  });
});

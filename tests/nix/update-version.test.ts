import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { missing } from "../support/require.ts";
import { copyRepository, nixPlaces, run, standIn, succeed } from "./nix.ts";

describe.skipIf(missing("nix"))("scripts/update-version", () => {
  test("moves the package to another version, with the hash it needs, in one commit", {
    timeout: 240_000,
  }, async () => {
    const cwd = copyRepository(join(nixPlaces().folder, "to-update"));
    const identity = {
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@b.c",
      GIT_COMMITTER_NAME: "A",
      GIT_COMMITTER_EMAIL: "a@b.c",
    };
    const where = { cwd, env: identity };
    const expression = join(cwd, ".flox", "pkgs", "prefect.nix");
    const before = readFileSync(expression, "utf8");
    const hash = /^ {2}hash = "(.*)";$/m.exec(before)?.[1] ?? "";
    writeFileSync(expression, before.replace(hash, `sha256-${"A".repeat(43)}=`));
    await succeed("git", ["init", "--quiet"], where);
    await succeed("git", ["add", "--all"], where);
    await succeed("git", ["commit", "--quiet", "--message", "before"], where);

    await succeed("scripts/update-version", ["9.8.7", ...standIn().flake], where);

    expect(readFileSync(expression, "utf8")).toBe(before.replace(/version = ".*"/, 'version = "9.8.7"'));
    expect(await succeed("git", ["show", "--name-only", "--format=%s"], where)).toBe(
      "nix: prefect 9.8.7\n\n.flox/pkgs/prefect.nix\npackage-lock.json\npackage.json",
    );
    expect(await succeed("git", ["show", "--format=", "package-lock.json"], where)).not.toContain("resolved");
  });

  test("refuses what is no version before it changes anything", async () => {
    const cwd = copyRepository(join(nixPlaces().folder, "to-keep"));

    const { code, stderr } = await run("scripts/update-version", ["next"], { cwd });

    expect({ code, stderr }).toEqual({ code: 2, stderr: "Not a version: next\n" });
  });
});

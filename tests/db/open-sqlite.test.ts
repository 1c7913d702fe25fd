import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { DatabaseNotOpened } from "../../src/db/errors.ts";
import { temporaryFolder } from "../support/disposable.ts";

test.each([
  ["a folder that cannot be made", "file/below/prefect.db", (home: string) => writeFileSync(join(home, "file"), "")],
  ["a folder in place of the file", "prefect.db", (home: string) => mkdirSync(join(home, "prefect.db"))],
  ["a file of another kind", "prefect.db", (home: string) => writeFileSync(join(home, "prefect.db"), "x".repeat(4096))],
])("%s is told with its path and the settings that name it", async (_, name, prepare) => {
  await using home = await temporaryFolder();
  prepare(home.path);
  const path = join(home.path, name);

  expect(() => openDatabase({ kind: "sqlite", path })).toThrow(
    expect.objectContaining({
      code: DatabaseNotOpened.code,
      message: expect.stringMatching(new RegExp(`^The database ${path} cannot be opened: .* PREFECT_HOME`)),
    }),
  );
});

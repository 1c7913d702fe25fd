import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { DatabaseNotOpened } from "../../src/db/errors.ts";
import { temporaryFolder } from "../support/disposable.ts";

test("folders that are missing are made, for their owner only", async () => {
  await using home = await temporaryFolder();
  const path = join(home.path, "a/b/prefect.db");

  await openDatabase({ kind: "sqlite", path }).close();

  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform !== "linux")("a place where the system makes no folders is told at once", () => {
  expect(() => openDatabase({ kind: "sqlite", path: "/proc/no/such/place/prefect.db" })).toThrow(
    expect.objectContaining({ code: DatabaseNotOpened.code }),
  );
});

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

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { temporaryFolder } from "../support/disposable.ts";

const ROOT = join(import.meta.dirname, "../..");

test("without an API a flow is recorded in the default database, and the script ends by itself", async () => {
  await using home = await temporaryFolder();
  const { PATH } = process.env;
  const script = spawn(process.execPath, ["--conditions=development", "tests/sdk/fixtures/flows.ts", "twice"], {
    cwd: ROOT,
    env: { PATH, HOME: home.path, PREFECT_HOME: home.path, PREFECT_LOGGING_LEVEL: "ERROR" },
  });
  let output = "";
  for (const stream of [script.stdout, script.stderr]) stream.on("data", (chunk) => (output += chunk));

  const [code] = await once(script, "close");

  expect([code, output]).toEqual([0, "42\n"]);
  await using db = openDatabase({ kind: "sqlite", path: join(home.path, "prefect.db") });
  const runs = await db.read.selectFrom("task_run").select("state_name").execute();
  expect(runs).toEqual([{ state_name: "Completed" }]);
});

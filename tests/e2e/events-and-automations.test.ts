import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { postgresUrl } from "../support/postgres.ts";
import { runPython } from "../support/python.ts";
import type { DatabaseKind } from "../support/reference.ts";
import type { ReferenceVersion } from "../support/reference-paths.ts";
import { databaseRequirements, missing } from "../support/require.ts";

const TIMEOUT_MS = 120_000;
/** A file of its own: tasks are known by the file they are defined in. */
const RUN_FILE = "import subprocess, sys; subprocess.run([sys.executable, sys.argv[1]], check=True)";

const CLIENTS: readonly (readonly [ReferenceVersion, DatabaseKind])[] = [
  ["3.1.7", "sqlite"],
  ["3.9.1", "sqlite"],
  ["3.9.1", "postgresql"],
];

describe.each(CLIENTS)("the Python client %s on %s", (version, database) => {
  const lacks = missing(`reference-${version}`, ...databaseRequirements(database));

  async function play(script: string): Promise<unknown> {
    await using server = await startTestServer({ database, postgresUrl: postgresUrl(), services: true });
    const args = [join(import.meta.dirname, "events", script)];
    const output = await runPython(version, RUN_FILE, { args, env: { PREFECT_API_URL: server.apiUrl } });
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  }

  test.skipIf(lacks)(
    "makes, changes, fires and deletes automations, and is told of the events",
    async () => {
      expect(await play("automations.py")).toEqual({
        lifecycle: { same: true, read: ["renamed", false, 3, "do-nothing"], gone: true },
        told: [
          ["e2e.one", "Thing", "e2e.one"],
          ["e2e.two", "Thing", "e2e.two"],
          ["prefect.automation.triggered", "compound", null],
          ["prefect.automation.triggered", "sequence", null],
          ["prefect.automation.triggered", "single", null],
        ],
      });
    },
    TIMEOUT_MS,
  );

  test.skipIf(lacks)(
    "delays tasks to a process that serves them",
    async () => {
      expect(await play("served_task.py")).toEqual(["Completed", "Completed", "Completed"]);
    },
    TIMEOUT_MS,
  );
});

import { beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { leafDifferences } from "../support/leaf-differences.ts";
import { postgresUrl } from "../support/postgres.ts";
import { cached } from "../support/python.ts";
import { type DatabaseKind, startReference } from "../support/reference.ts";
import { REFERENCE_VERSIONS, type ReferenceVersion } from "../support/reference-paths.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { runScenarios, type ScenarioResults } from "./run-scenarios.ts";
import { harnessHash, scenarios } from "./scenarios.ts";

const SHOWN_CHARACTERS = 6_000;
const SHOWN_TRACEBACK_CHARACTERS = 1_500;
const RUN_TIMEOUT_MS = 300_000;
const databases: readonly DatabaseKind[] = ["sqlite", "postgresql"];

describe.each(REFERENCE_VERSIONS)("the Python client %s", (version) => {
  describe.each(databases)("against our server on %s", (database) => {
    const lacks = missing(`reference-${version}`, "reference-3.9.1", ...databaseRequirements(database));
    describe.skipIf(lacks)("leaves behind what it leaves on the reference", () => {
      let reference: ScenarioResults;
      let ours: ScenarioResults;
      beforeAll(async () => {
        reference = await onReference(version);
        ours = await onOurs(version, database);
      }, 2 * RUN_TIMEOUT_MS);

      test.each(scenarios)("%s", (scenario) => {
        expect(ours.failures[scenario]?.slice(-SHOWN_TRACEBACK_CHARACTERS), "what the script said").toBeUndefined();
        const differences = leafDifferences("", ours.summaries[scenario], reference.summaries[scenario]);
        if (differences.length > 0)
          expect.fail(["ours -> reference", ...differences].join("\n").slice(0, SHOWN_CHARACTERS));
      });
    });
  });
});

async function onOurs(version: ReferenceVersion, database: DatabaseKind): Promise<ScenarioResults> {
  await using server = await startTestServer({ database, postgresUrl: postgresUrl(), services: true });
  // Not `return runScenarios(…)`: the server would be gone before the promise settles.
  return await runScenarios(version, server.apiUrl);
}

async function onReference(version: ReferenceVersion): Promise<ScenarioResults> {
  const name = `e2e-${version}-${harnessHash()}.json`;
  const text = await cached(name, async () => {
    await using server = await startReference();
    const results = await runScenarios(version, server.apiUrl);
    expect(results.failures, "the scenarios must work on the reference").toEqual({});
    return JSON.stringify(results, undefined, 1);
  });
  return JSON.parse(text) as ScenarioResults;
}
